import Foundation
import TestDatabase
import Testing

@testable import Database

/// How a server is reached, and what is said where it is not.
@Suite(.enabled(if: TestDatabase.engine == .postgresql, "for PostgreSQL alone"))
struct PostgreSQLAddressTests {
    @Test func aServerThatDoesNotAnswerIsUnreachableAndAWrongPasswordIsNot() async throws {
        let nobody = try PostgreSQLDriver(uri: "postgresql://u:secret@127.0.0.1:1/db", awaySeconds: 0.1) { 0.5 }
        let away = await #expect(throws: SQLError.self) { _ = try await nobody.read { try $0.query("SELECT 1") } }
        guard case .unreachable(let reason) = away else { throw away ?? .busy }
        #expect(reason.contains("127.0.0.1") && !reason.contains("secret"))
        try nobody.close()
        let server = try TestDatabase.server()
        let end = try #require(server.firstIndex(of: "@"))
        for (uri, part) in [
            ("postgresql://vortag:wrong" + server[end...], "password"),
            (server.replacing("/postgres?", with: "/nothere?"), "no such database"),
        ] {
            let driver = try TestDatabase.patientDriver(uri, connections: 1)
            let refused = await #expect(throws: SQLError.self) {
                _ = try await driver.read { try $0.query("SELECT 1") }
            }
            guard case .cannotOpen(let reason) = refused else { throw refused ?? .busy }
            #expect(reason.contains(part))
            try driver.close()
        }
    }

    @Test func aConnectionIsEncryptedAndTheServersCertificateLookedAtWhereTheAddressSaysSo() async throws {
        let plain = try TestDatabase.server()
        let certificate = try #require(ProcessInfo.processInfo.environment["VORTAG_TEST_POSTGRESQL_CERTIFICATE"])
        func isEncrypted(_ mode: String) async throws -> Bool? {
            let address = plain.replacing("sslmode=disable", with: mode)
            let driver = try TestDatabase.patientDriver(address, connections: 1)
            defer { try? driver.close() }
            return try await driver.read { transaction in
                try transaction.first("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")?.bool(0)
            }
        }
        #expect(try await isEncrypted("sslmode=disable") == false)
        #expect(try await isEncrypted("sslmode=require") == true)
        #expect(try await isEncrypted("sslmode=verify-full&sslrootcert=" + certificate) == true)
        // Signed by nobody that the machine trusts; and nothing to compare it with.
        for mode in ["verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt", "verify-full"] {
            let refused = await #expect(throws: SQLError.self) { _ = try await isEncrypted("sslmode=" + mode) }
            guard case .cannotOpen(let reason) = refused else { throw refused ?? .busy }
            #expect(reason.contains("certificate"))
        }
    }

    @Test(arguments: ["postgresql:", "postgresql://h/db?nonsense=1", "nonsense"])
    func whatIsNoAddressIsRefusedWithoutQuotingIt(_ uri: String) throws {
        let error = #expect(throws: SQLError.self) { try PostgreSQLAddress(uri) }
        guard case .cannotOpen(let reason) = error else { throw error ?? .busy }
        #expect(!reason.contains("nonsense"))
    }

    @Test func theTimeOutsAreSetAndTheAddressOverridesThem() async throws {
        let world = try await DriverWorld()
        func settings(_ driver: any SQLDriver) async throws -> [String] {
            try await driver.read { transaction in
                try transaction.query(
                    """
                    SELECT setting FROM pg_settings WHERE name IN
                        ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') ORDER BY name
                    """
                ).map { try $0.text(0) }
            }
        }
        #expect(try await settings(world.driver) == ["30000", "5000", "30000"])
        let other = try TestDatabase.patientDriver(
            try TestDatabase.server() + "&options=-clock_timeout%3D70",
            connections: 1
        )
        #expect(try await settings(other) == ["30000", "70", "30000"])
        try other.close()
    }
}
