// A database for each test, on the engine that the run is for: VORTAG_TEST_DATABASE says sqlite (or nothing) or
// postgresql. `make test` runs the suites once for each.
// No table is made here: that is the business of the test.

import Database
import Foundation

/// A SQLite file, or a schema on the PostgreSQL at VORTAG_TEST_POSTGRESQL. It goes away with the test.
public final class TestDatabase: Sendable {
    public enum Engine: String, Sendable {
        case sqlite, postgresql
    }

    /// Why a run for PostgreSQL cannot be one: it must fail rather than pass without having looked.
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    /// The engine that this run is for.
    public static let engine = environment("VORTAG_TEST_DATABASE").flatMap(Engine.init) ?? .sqlite

    public let driver: any SQLDriver
    /// Where it is, as VORTAG_DATABASE would say it.
    public let address: String
    private let remove: @Sendable () -> Void

    /// - Parameter connections: of the driver to PostgreSQL.
    public init(_ engine: Engine = TestDatabase.engine, connections: Int = 3) async throws {
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        switch engine {
        case .sqlite:
            let path = FileManager.default.temporaryDirectory.appendingPathComponent(name + ".db").path
            address = "sqlite:" + path
            remove = {
                for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
            }
        case .postgresql:
            let server = try Self.server()
            address = server + "&options=-csearch_path%3D" + name
            let door = try Self.door()
            try await door.write(.guarded) { try $0.script("CREATE SCHEMA \(name)") }
            remove = {
                Task.detached { try await door.write(.guarded) { try $0.script("DROP SCHEMA \(name) CASCADE") } }
            }
        }
        driver = try Self.open(address, connections)
    }

    deinit {
        try? driver.close()
        remove()
    }

    /// One more driver to the same database, as another node has it; its maker closes it.
    public func another(connections: Int = 3) throws -> any SQLDriver { try Self.open(address, connections) }

    /// The PostgreSQL that was started for the tests.
    public static func server() throws -> String {
        guard let server = environment("VORTAG_TEST_POSTGRESQL") else {
            throw Missing(description: "VORTAG_TEST_POSTGRESQL is not set: run the tests by tools/postgresql")
        }
        return server
    }

    private static func open(_ address: String, _ connections: Int) throws -> any SQLDriver {
        if address.hasPrefix("sqlite:") { return try SQLiteDriver(path: String(address.dropFirst("sqlite:".count))) }
        return try patientDriver(address, connections: connections)
    }

    /// A driver that waits for a server on a busy machine: hundreds of tests connect at the same time.
    public static func patientDriver(_ uri: String, connections: Int) throws -> PostgreSQLDriver {
        try PostgreSQLDriver(
            uri: uri + "&connect_timeout=60",
            connections: connections,
            patience: 60,
            awaySeconds: 60
        ) { .random(in: 0..<1) }
    }

    /// Makes and removes schemas; stays open as long as the process.
    private static let shared = Result { try patientDriver(try server(), connections: 2) }

    private static func door() throws -> PostgreSQLDriver { try shared.get() }

    private static func environment(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
