import Database
import Foundation

/// Small facts about the installation, each a few whole numbers under a name; all processes and nodes share them.
enum Marks {
    /// Sets a mark, or replaces it.
    static func set(_ name: String, _ numbers: [Int64], in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO marks (name, value) VALUES ($1, $2)
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """,
            name,
            Array(numbers.map(String.init).joined(separator: " ").utf8)
        )
    }

    static func remove(_ name: String, in transaction: Transaction) throws {
        try transaction.execute("DELETE FROM marks WHERE name = $1", name)
    }

    /// nil where there is no such mark.
    static func find(_ name: String, in transaction: Transaction) throws -> [Int64]? {
        try transaction.first("SELECT value FROM marks WHERE name = $1", name).map { try numbers($0, at: 0) }
    }

    /// All marks whose name starts so, under what follows. There are a few, and no order of letters is relied on.
    static func all(under prefix: String, in transaction: Transaction) throws -> [String: [Int64]] {
        let rows = try transaction.query("SELECT name, value FROM marks WHERE name LIKE $1", prefix + "%")
        var found: [String: [Int64]] = [:]
        for row in rows { found[String(try row.text(0).dropFirst(prefix.count))] = try numbers(row, at: 1) }
        return found
    }

    private static func numbers(_ row: SQLRow, at column: Int) throws -> [Int64] {
        let words = String(decoding: try row.bytes(column), as: UTF8.self).split(separator: " ")
        let numbers = words.compactMap { Int64($0) }
        guard !numbers.isEmpty, numbers.count == words.count else { throw SQLError.unexpectedValue(column: column) }
        return numbers
    }
}
