import Testing

@testable import Database

/// One statement over many rows of values, on either database.
@Suite struct GivenRowsTests {
    private static let nasty = [#"a"b"#, #"back\slash"#, "{}", "a,b", "NULL", "", "  ", "ß€😀", "line\nline", "'"]

    private func insert(_ rows: [[SQLValue]], in transaction: Transaction) throws -> [SQLRow] {
        try transaction.query(
            "INSERT INTO pairs (number, word) SELECT number, word FROM given RETURNING number, word",
            given: GivenRows(["number": .integer, "word": .text], rows)
        )
    }

    private func world() async throws -> DriverWorld {
        let database = try await DriverWorld()
        try await database.driver.write { transaction in
            let integer = transaction.dialect.integer
            try transaction.script("CREATE TABLE pairs (number \(integer) PRIMARY KEY, word TEXT)")
        }
        return database
    }

    @Test(arguments: [1, 2, 3, 127, 128, 129, 1_000])
    func everyRowTakesPartWhateverTheirNumber(_ count: Int) async throws {
        let database = try await world()
        let (inserted, changed, words) = try await database.driver.write { transaction in
            let rows = (1...Int64(count)).map { [SQLValue.integer($0), .text("w\($0)")] }
            let inserted = try insert(rows, in: transaction)
            let changed = try transaction.execute(
                "UPDATE pairs SET word = given.word FROM given WHERE pairs.number = given.number AND pairs.number > 1",
                given: GivenRows(["word": .text, "number": .integer], rows.map { [.text("new"), $0[0]] })
            )
            let words = try transaction.query("SELECT word FROM pairs ORDER BY number").map { try $0.text(0) }
            return (inserted, changed, words)
        }
        #expect(Set(try inserted.map { try $0.integer(0) }) == Set(1...Int64(count)))
        #expect(changed == count - 1)
        #expect(words == ["w1"] + Array(repeating: "new", count: count - 1))
    }

    @Test func textsAndNullsArriveAsTheyAre() async throws {
        let database = try await world()
        let rows: [[SQLValue]] =
            Self.nasty.enumerated().map { [.integer(Int64($0.offset)), .text($0.element)] }
            + [[.integer(.min), .null], [.integer(.max), .text("x")]]
        let stored = try await database.driver.write { transaction in
            _ = try insert(rows, in: transaction)
            return try transaction.query("SELECT number, word FROM pairs").map(\.values)
        }
        #expect(Set(stored) == Set(rows))
    }

    @Test func aLookUpGivesARowForEachThatIsFound() async throws {
        let database = try await world()
        let found = try await database.driver.write { transaction in
            _ = try insert([[.integer(1), .text("a")], [.integer(2), .text("b")]], in: transaction)
            return try transaction.query(
                "SELECT given.place, p.word FROM given JOIN pairs p ON p.number = given.number",
                given: GivenRows(
                    ["place": .integer, "number": .integer],
                    [[.integer(7), .integer(2)], [.integer(8), .integer(3)], [.integer(9), .integer(2)]]
                )
            ).map(\.values)
        }
        #expect(Set(found) == [[.integer(7), .text("b")], [.integer(9), .text("b")]])
    }

    @Test func withoutRowsNothingIsDone() async throws {
        let database = try await world()
        let (found, changed) = try await database.driver.write { transaction in
            (
                try insert([], in: transaction),
                try transaction.execute("DELETE FROM pairs", given: GivenRows(["number": .integer], []))
            )
        }
        #expect(found.isEmpty && changed == 0)
    }

    @Test func aRowThatIsRefusedFailsTheWhole() async throws {
        let database = try await world()
        await #expect(throws: SQLError.self) {
            try await database.driver.write { transaction in
                _ = try insert([[.integer(1), .text("a")], [.integer(1), .text("b")]], in: transaction)
            }
        }
        #expect(try await database.driver.read { try $0.query("SELECT 1 FROM pairs").isEmpty })
    }
}
