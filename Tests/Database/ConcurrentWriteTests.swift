import Testing

@testable import Database

/// Many writers at once.
@Suite struct ConcurrentWriteTests {
    @Test func writesThatComeTogetherAllGetTheirOwnResult() async throws {
        let database = try await DriverWorld()
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
        let database = try await DriverWorld()
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
}
