import ArgumentParser
import Domain
import Foundation
import Storage

struct PracticeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "practice",
        abstract: "Practices of this installation.",
        subcommands: [Add.self, List.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Adds a practice and prints its id.")

        @Option(help: "Name of the practice.") var name: String
        @Option(help: "IANA time zone.") var timeZone = "Europe/Vienna"
        @Option(help: "ISO 3166-1 code of the country whose numbers need no country code.") var country = "AT"
        @Option(help: "Language of screens and messages: de or en.") var language = "de"

        func run() async throws {
            let installation = try await Installation.open()
            var draft = PracticeDraft()
            draft.name = name
            draft.timeZone = timeZone
            draft.country = country
            draft.language = language
            let practice = try await installation.storage.practices.create(draft, now: installation.clock.now())
            Output.result(practice.id.description)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the practices: id, country, zone, name.")

        func run() async throws {
            let practices = try await Installation.open().storage.practices.all()
            Output.table(practices.map { [$0.id.description, $0.country.rawValue, $0.timeZone.identifier, $0.name] })
        }
    }
}
