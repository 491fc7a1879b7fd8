import Foundation
import Synchronization
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

@Suite struct SQLiteDriverTests {
    @Test func everySafeguardIsOn() async throws {
        let database = try TemporaryDatabase()
        for (pragma, expected) in [
            ("journal_mode", SQLValue.text("wal")), ("synchronous", .integer(2)), ("foreign_keys", .integer(1)),
        ] {
            let value = try await database.driver.write { try $0.query("PRAGMA \(pragma)").first?.values.first }
            #expect(value == expected, "\(pragma)")
        }
    }

    @Test func valuesComeBackAsTheyWereBound() async throws {
        let database = try TemporaryDatabase()
        let values: [SQLValue] = [.null, .integer(.max), .integer(.min), .text("„ü€“"), .bytes([0, 255]), .text("")]
        let row = try await database.driver.read { transaction in
            try transaction.query("SELECT $1, $2, $3, $4, $5, $6", values: values).first
        }
        #expect(row?.values == values)
    }

    @Test func aParameterThatIsNamedTwiceIsBoundOnce() async throws {
        let database = try TemporaryDatabase()
        let row = try await database.driver.read { try $0.first("SELECT $1, $2, $1", 7, "x") }
        #expect(row?.values == [.integer(7), .text("x"), .integer(7)])
    }

    @Test(arguments: [[], [7], [1, 2, 3, 9]] as [[Int64]])
    func aListOfIntegersIsOneParameterHoweverLong(_ list: [Int64]) async throws {
        let database = try TemporaryDatabase()
        let found = try await database.driver.write { transaction in
            try transaction.script("CREATE TABLE numbers (number INTEGER PRIMARY KEY)")
            try transaction.execute("INSERT INTO numbers VALUES ($1)", each: (1...8).map { [.integer($0)] })
            let condition = transaction.dialect.isOne("number", of: "$1")
            return try transaction.query("SELECT number FROM numbers WHERE \(condition)", values: [.integers(list)])
                .map { try $0.integer(0) }
        }
        #expect(found == list.filter { $0 <= 8 })
    }

    @Test func eachRowOfValuesHasItsOwnRows() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let rows = try await database.driver.write { transaction in
            try transaction.query(
                "INSERT INTO things (name) VALUES ($1) RETURNING id, name",
                each: [[.text("a")], [.text("b")]]
            )
        }
        #expect(rows.map { $0.map(\.values) } == [[[.integer(1), .text("a")]], [[.integer(2), .text("b")]]])
    }

    @Test func aStatementWithTooFewValuesIsRefused() async throws {
        let database = try TemporaryDatabase()
        await #expect(throws: SQLError.self) {
            _ = try await database.driver.read { try $0.query("SELECT $1, $2", 1) }
        }
    }

    @Test func aMissingTableIsToldApart() async throws {
        let database = try TemporaryDatabase()
        await #expect(throws: SQLError.noSuchTable) {
            _ = try await database.driver.read { try $0.query("SELECT 1 FROM nowhere") }
        }
    }

    @Test func anAnnouncementRingsAfterTheCommitAndOnlyThen() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let bell = database.driver.announcements(of: .reminders)
        struct Undone: Error {}
        await #expect(throws: Undone.self) {
            try await database.driver.write { transaction in
                try transaction.announce(.reminders)
                throw Undone()
            }
        }
        try await database.driver.write { transaction in
            try transaction.execute("INSERT INTO things (name) VALUES ('x')")
            try transaction.announce(.reminders)
        }
        try database.driver.close()
        var rings = 0
        for await _ in bell { rings += 1 }
        #expect(rings == 1)
    }

    @Test func aWriteThatThrowsLeavesNothingBehind() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        await #expect(throws: SQLError.self) {
            try await database.driver.write { transaction in
                try transaction.execute("INSERT INTO things (name) VALUES ($1)", "one")
                try transaction.execute("INSERT INTO things (name) VALUES ($1)", "one")
            }
        }
        #expect(try await database.names() == [])
    }

    @Test func aConstraintIsToldApartFromOtherFailures() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let outcome = await #expect(throws: SQLError.self) {
            try await database.driver.write { transaction in
                _ = try transaction.execute(
                    "INSERT INTO things (name) VALUES ($1)",
                    each: [[.text("a")], [.text("a")]]
                )
            }
        }
        guard case .constraint(let detail) = outcome else { throw outcome ?? .busy }
        #expect(!detail.contains("'a'"), "no value may stand in an error")
    }

    @Test func readingCannotWrite() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        await #expect(throws: SQLError.self) {
            _ = try await database.driver.read { try $0.execute("INSERT INTO things (name) VALUES ('x')") }
        }
    }

    @Test func rowsChangedAreCounted() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let counts = try await database.driver.write { transaction in
            let inserted = try transaction.execute(
                "INSERT INTO things (name) VALUES ($1)",
                each: [[.text("a")], [.text("b")]]
            )
            let none = try transaction.execute("UPDATE things SET name = 'c' WHERE name = $1", "nobody")
            let all = try transaction.execute("UPDATE things SET name = name || '!'")
            return inserted + [none, all]
        }
        #expect(counts == [1, 1, 0, 2])
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
}

@Suite struct GroupCommitTests {
    @Test func writesThatComeTogetherAllGetTheirOwnResult() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let ids = try await withThrowingTaskGroup(of: (Int, Int64).self) { group in
            for number in 0..<500 {
                group.addTask {
                    let id = try await database.driver.write { transaction in
                        try transaction.first("INSERT INTO things (name) VALUES ($1) RETURNING id", "n\(number)")?
                            .integer(0)
                    }
                    return (number, try #require(id))
                }
            }
            return try await group.reduce(into: [Int: Int64]()) { $0[$1.0] = $1.1 }
        }
        let stored = try await database.driver.read { transaction in
            try transaction.query("SELECT id, name FROM things").map { (try $0.integer(0), try $0.text(1)) }
        }
        #expect(stored.count == 500)
        for (id, name) in stored { #expect(ids[Int(name.dropFirst()) ?? -1] == id) }
    }

    @Test func oneThatFailsTakesNoOtherWithIt() async throws {
        let database = try TemporaryDatabase()
        try await database.makeTable()
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    do {
                        try await database.driver.write { transaction in
                            try transaction.execute("INSERT INTO things (name) VALUES ($1)", "before \(number)")
                            if number.isMultiple(of: 3) { throw CancellationError() }
                            try transaction.execute("INSERT INTO things (name) VALUES ($1)", "after \(number)")
                        }
                        return false
                    } catch {
                        return true
                    }
                }
            }
            return await group.reduce(0) { $1 ? $0 + 1 : $0 }
        }
        #expect(failures == 100)
        #expect(try await database.names().count == 400)
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
