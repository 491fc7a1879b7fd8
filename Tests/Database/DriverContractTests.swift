import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Database

/// A database of the test's own with a table of things.
final class DriverWorld: Sendable {
    let database: TestDatabase
    var driver: any SQLDriver { database.driver }

    init(connections: Int = 3) async throws { database = try await TestDatabase(connections: connections) }

    func makeTable() async throws {
        try await driver.write { transaction in
            let words = transaction.dialect
            try transaction.script("CREATE TABLE things (id \(words.identity), name TEXT UNIQUE)\(words.tableOptions)")
        }
    }

    func names() async throws -> [String] {
        try await driver.read { try $0.query("SELECT name FROM things ORDER BY id").map { try $0.text(0) } }
    }
}

/// What both drivers promise.
@Suite struct DriverContractTests {
    @Test func valuesComeBackAsTheyWereBound() async throws {
        let database = try await DriverWorld()
        let values: [SQLValue] = [
            .null, .integer(.max), .integer(.min), .text("„ü€“"), .bytes([0, 255, 16]), .text(""), .bytes([]),
        ]
        let row = try await database.driver.write { transaction in
            let words = transaction.dialect
            try transaction.script(
                """
                CREATE TABLE kinds (a \(words.integer), b \(words.integer), c \(words.integer), d TEXT,
                    e \(words.bytes), f TEXT, g \(words.bytes))\(words.tableOptions)
                """
            )
            try transaction.execute("INSERT INTO kinds VALUES ($1, $2, $3, $4, $5, $6, $7)", values: values)
            return try transaction.first("SELECT a, b, c, d, e, f, g FROM kinds")
        }
        #expect(row?.values == values)
    }

    @Test func sumsAndCountsAreIntegers() async throws {
        let database = try await DriverWorld()
        try await database.makeTable()
        let row = try await database.driver.write { transaction in
            try transaction.execute("INSERT INTO things (name) VALUES ($1)", each: [[.text("a")], [.text("b")]])
            return try transaction.first("SELECT COUNT(*), SUM(id), MAX(id), SUM(id) FILTER (WHERE id > 7) FROM things")
        }
        #expect(row?.values == [.integer(2), .integer(3), .integer(2), .null])
    }

    @Test func manyRowsOfValuesGoThroughInTheirOrder() async throws {
        let database = try await DriverWorld()
        try await database.makeTable()
        // Long enough to fill the socket both ways.
        let long = String(repeating: "x", count: 4_000)
        let rows = try await database.driver.write { transaction in
            try transaction.query(
                "INSERT INTO things (name) VALUES ($1) RETURNING name",
                each: (0..<3_000).map { [.text("\(long)\($0)")] }
            )
        }
        #expect(rows.count == 3_000)
        #expect(try rows.enumerated().allSatisfy { try $0.element[0].text(0) == "\(long)\($0.offset)" })
    }

    @Test func aBodyMayRunNoStatementAtAll() async throws {
        let database = try await DriverWorld()
        #expect(try await database.driver.read { _ in 7 } == 7)
        #expect(try await database.driver.write { _ in 8 } == 8)
    }

    @Test func afterCloseEverythingIsRefused() async throws {
        let database = try await DriverWorld()
        try await database.makeTable()
        try database.driver.close()
        await #expect(throws: (any Error).self) { try await database.makeTable() }
    }

    @Test func aParameterThatIsNamedTwiceIsBoundOnce() async throws {
        let database = try await DriverWorld()
        let row = try await database.driver.read { try $0.first("SELECT CAST($1 AS bigint), $2, $1", 7, "x") }
        #expect(row?.values == [.integer(7), .text("x"), .integer(7)])
    }

    @Test(arguments: [[], [7], [1, 2, 3, 9]] as [[Int64]])
    func aListOfIntegersIsOneParameterHoweverLong(_ list: [Int64]) async throws {
        let database = try await DriverWorld()
        let found = try await database.driver.write { transaction in
            try transaction.script("CREATE TABLE numbers (number \(transaction.dialect.integer) PRIMARY KEY)")
            try transaction.execute("INSERT INTO numbers VALUES ($1)", each: (1...8).map { [.integer($0)] })
            let condition = transaction.dialect.isOne("number", of: "$1")
            return try transaction.query("SELECT number FROM numbers WHERE \(condition)", values: [.integers(list)])
                .map { try $0.integer(0) }
        }
        #expect(found == list.filter { $0 <= 8 })
    }

    @Test func eachRowOfValuesHasItsOwnRows() async throws {
        let database = try await DriverWorld()
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
        let database = try await DriverWorld()
        await #expect(throws: SQLError.self) {
            _ = try await database.driver.read { try $0.query("SELECT $1, $2", 1) }
        }
    }

    @Test func aMissingTableIsToldApart() async throws {
        let database = try await DriverWorld()
        await #expect(throws: SQLError.noSuchTable) {
            _ = try await database.driver.read { try $0.query("SELECT 1 FROM nowhere") }
        }
    }

    @Test func anAnnouncementRingsAfterTheCommitAndOnlyThen() async throws {
        let database = try await DriverWorld()
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
        let database = try await DriverWorld()
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
        let database = try await DriverWorld()
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
        let database = try await DriverWorld()
        try await database.makeTable()
        await #expect(throws: SQLError.self) {
            _ = try await database.driver.read { try $0.execute("INSERT INTO things (name) VALUES ('x')") }
        }
    }

    @Test func rowsChangedAreCounted() async throws {
        let database = try await DriverWorld()
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
}
