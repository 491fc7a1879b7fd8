import Database
import TestDatabase
import Testing

@testable import Storage

/// The schema, made and made again.
@Suite struct MigrationTests {
    @Test func nodesThatStartAtOnceMigrateOnce() async throws {
        let database = try await TestDatabase()
        let nodes = try (0..<8).map { _ in try database.another(connections: 1) }
        let applied = try await withThrowingTaskGroup(of: [Int].self) { group in
            for node in nodes { group.addTask { try await Migrations(driver: node).run() } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied == Migrations.all.map(\.number))
        try await Migrations(driver: database.driver).check()
        for node in nodes { try node.close() }
    }
}
