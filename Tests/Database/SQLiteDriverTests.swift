import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Database

/// A database file of its own, gone with the test.
final class TemporaryDatabase: Sendable {
    let path: String
    let driver: SQLiteDriver

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("database-\(UUID()).db").path
        driver = try SQLiteDriver(path: path)
    }

    deinit {
        try? driver.close()
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    func makeTable() async throws {
        try await driver.write {
            try $0.script("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE) STRICT")
        }
    }

    func names() async throws -> [String] {
        try await driver.read { try $0.query("SELECT name FROM things ORDER BY id").map { try $0.text(0) } }
    }
}

@Suite(.enabled(if: TestDatabase.engine == .sqlite, "for SQLite alone"))
struct SQLiteDriverTests {
    @Test func everySafeguardIsOn() async throws {
        let database = try TemporaryDatabase()
        for (pragma, expected) in [
            ("journal_mode", SQLValue.text("wal")), ("synchronous", .integer(2)), ("foreign_keys", .integer(1)),
        ] {
            let value = try await database.driver.write { try $0.query("PRAGMA \(pragma)").first?.values.first }
            #expect(value == expected, "\(pragma)")
        }
    }

    @Test func aFileThatIsNoDatabaseIsSaidToBeNone() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("none-\(UUID()).db").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 65, count: 5000).write(to: URL(fileURLWithPath: path))
        #expect(throws: SQLError.notADatabase) { try SQLiteDriver(path: path, creating: false) }
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data(repeating: 65, count: 5000))
    }

    @Test func aMissingFileIsNotMadeUnlessAskedFor() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("missing-\(UUID()).db").path
        #expect(throws: SQLError.self) { try SQLiteDriver(path: path, creating: false) }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func aLockedDatabaseFailsEveryWaitingWriteAndTheNextOneWorks() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let impatient = try SQLiteDriver(path: database.path, busySeconds: 0.05)
        try await database.driver.write { transaction in
            try transaction.execute("INSERT INTO things (name) VALUES ('held')")
            // While this transaction is open, another process's writes must be refused, not queued for ever.
            let outcome = Mutex<(any Error)?>(nil)
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                do {
                    try await impatient.write { _ = try $0.execute("INSERT INTO things (name) VALUES ('other')") }
                } catch {
                    outcome.withLock { $0 = error }
                }
                done.signal()
            }
            done.wait()
            #expect(outcome.withLock { $0 } as? SQLError == .busy)
        }
        try await impatient.write { _ = try $0.execute("INSERT INTO things (name) VALUES ('later')") }
        #expect(try await database.names() == ["held", "later"])
        try impatient.close()
    }
}
