/// A database id that knows what it names, so that a patient's id is never taken for an appointment's.
public struct Identifier<Owner>: Hashable, Sendable, Comparable, LosslessStringConvertible {
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    /// Reads the decimal spelling that the interface uses; nil for anything else.
    public init?(_ description: String) {
        guard let value = Int64(description), value > 0, String(value) == description else { return nil }
        rawValue = value
    }

    public var description: String { String(rawValue) }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
