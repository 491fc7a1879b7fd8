import Database

/// One step of the schema. A step that has landed is frozen: what comes later is a step of its own.
struct Migration: Sendable {
    let number: Int
    let script: @Sendable (Dialect) -> String
}

/// The schema, step by step.
struct Migrations: Sendable {
    static let all = [
        Migration.m0001, Migration.m0002, Migration.m0003, Migration.m0004, Migration.m0005, Migration.m0006,
        Migration.m0007,
    ]

    let driver: any SQLDriver

    /// Applies what is missing, all in one transaction, and tells the numbers of what it applied. Where several nodes
    /// start at once, one does it and the others wait: each statement must see what was committed meanwhile.
    func run() async throws -> [Int] {
        try await driver.write(.guarded) { transaction in
            try transaction.script(transaction.dialect.migrationLock)
            try transaction.script(
                "CREATE TABLE IF NOT EXISTS migrations (number \(transaction.dialect.integer) NOT NULL PRIMARY KEY)"
                    + transaction.dialect.tableOptions
            )
            let applied = try Self.applied(transaction)
            let missing = Self.all.filter { !applied.contains($0.number) }
            for migration in missing {
                try transaction.script(migration.script(transaction.dialect))
                try transaction.execute("INSERT INTO migrations (number) VALUES ($1)", migration.number)
            }
            return missing.map(\.number)
        }
    }

    /// - Throws: ``StorageError/notMigrated(found:expected:)`` unless the schema is exactly ours.
    func check() async throws {
        let expected = Self.all.map(\.number).max() ?? 0
        let found: Int
        do {
            found = try await driver.read { try Self.applied($0).max() ?? 0 }
        } catch SQLError.noSuchTable {
            // A database without the table was never migrated.
            found = 0
        }
        guard found == expected else { throw StorageError.notMigrated(found: found, expected: expected) }
    }

    private static func applied(_ transaction: Transaction) throws -> Set<Int> {
        Set(try transaction.query("SELECT number FROM migrations").map { Int(try $0.integer(0)) })
    }
}
