import ArgumentParser
import Database
import Storage

struct CopyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Moves a whole installation into another, empty database, as from SQLite to PostgreSQL.",
        discussion: """
            No 'vortag serve' may run on either of the two meanwhile: what it writes to the source after the copy began \
            would be missing, and what it sent would be sent again. The source stays as it is. The target is migrated \
            where it is new; one that holds data is refused. The key file is needed as before: keep \
            VORTAG_SECRET_KEY_FILE. A password may be left out of the address and stand in PGPASSWORD or a password \
            file of PostgreSQL.
            """
    )

    @Option(help: "The database to read: sqlite:PATH or postgresql://…") var from: String
    @Option(help: "The database to fill: sqlite:PATH or postgresql://…") var to: String

    func validate() throws {
        for (option, address) in [("--from", from), ("--to", to)] {
            guard (try? Settings.database(address)) != nil else {
                throw ValidationError("\(option): write sqlite:PATH or postgresql://USER@HOST/DATABASE.")
            }
        }
        guard from != to else { throw ValidationError("--from and --to are the same database.") }
    }

    func run() async throws {
        let source = try Installation.openDriver(try Settings.database(from), .ready, connections: 1)
        let target = try Installation.openDriver(try Settings.database(to), .creating, connections: 1)
        let counts: [(table: String, source: Int, target: Int)]
        do {
            counts = try await InstallationCopy(from: source, to: target).run { progress in
                Output.progress(progress.rows, of: progress.total, progress.table)
            }
        } catch InstallationCopy.Refusal.notEmpty(let table) {
            throw CommandFailure(.data, "--to: its table \(table) holds data already; an empty database is needed.")
        } catch InstallationCopy.Refusal.differs(let table) {
            throw CommandFailure(
                .data,
                "The table \(table) is not the same in both: run the same 'vortag migrate' on both."
            )
        }
        try source.close()
        try target.close()
        Output.table([["table", "source", "target"]] + counts.map { [$0.table, "\($0.source)", "\($0.target)"] })
        if let wrong = counts.first(where: { $0.source != $0.target }) {
            throw CommandFailure(.internal, "The table \(wrong.table) did not arrive whole.")
        }
    }
}
