import ArgumentParser
import Database

/// Which database, as `VORTAG_DATABASE` has it.
struct DatabaseURL {
    private let text: String

    init(_ text: String) { self.text = text }

    func open() throws -> any SQLDriver {
        let parts = text.split(separator: ":", maxSplits: 1)
        if parts.first == "postgresql" { return try PostgreSQLDriver(uri: text, random: { .random(in: 0..<1) }) }
        guard parts.count == 2, parts[0] == "sqlite" else {
            throw ValidationError("--database: \(parts.first ?? "") is not known here.")
        }
        return try SQLiteDriver(path: String(parts[1]), creating: false)
    }
}
