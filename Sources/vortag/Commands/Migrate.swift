import ArgumentParser
import Storage

struct Migrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Creates the database, or brings its schema up to date. Safe to repeat."
    )

    func run() async throws {
        let installation = try await Installation.open(.creating)
        let applied = try await installation.storage.migrate()
        Output.note(
            applied.isEmpty
                ? "The schema was up to date."
                : "Applied " + applied.map { "migration \($0)" }.joined(separator: ", ") + "."
        )
    }
}
