import ArgumentParser
import Domain

extension Identifier: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}
