import Database
import TestDatabase
import Testing

@testable import Storage

/// The step to e-mail writes the table of providers anew where constraints cannot be changed; all that points to it stays.
@Suite struct MailMigrationTests {
    /// Everything that points to a provider, and the providers themselves.
    private static let tables = [
        ("providers", "id"), ("binds", "provider_id, bound_at"), ("health", "provider_id"), ("hooks", "id"),
        ("receipts", "id"), ("inbound", "id"), ("parts", "message_id, number"), ("attempts", "message_id, number"),
    ]

    private static func filled() async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await database.driver.write(.guarded) { transaction in
            try transaction.script("CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)")
            for migration in Migrations.all.prefix(4) {
                try transaction.script(migration.script(transaction.dialect))
                try transaction.execute("INSERT INTO migrations (number) VALUES ($1)", migration.number)
            }
            try transaction.script(Self.data)
            for provider in 1...3 {
                try transaction.execute(
                    """
                    INSERT INTO hooks (provider_id, fingerprint, received_at, content_type, body)
                    VALUES ($1, $2, 5, 'text/plain', $2)
                    """,
                    provider,
                    [UInt8(provider)]
                )
            }
        }
        return database
    }

    private static func rows(_ database: TestDatabase) async throws -> [String: [[SQLValue]]] {
        try await database.driver.read { transaction in
            var rows: [String: [[SQLValue]]] = [:]
            for (table, order) in tables {
                rows[table] = try transaction.query("SELECT * FROM \(table) ORDER BY \(order)").map(\.values)
            }
            rows["messages"] = try transaction.query("SELECT id, reminder_id, provider_id, status, text FROM messages")
                .map(\.values)
            return rows
        }
    }

    @Test func nothingThatPointsToAProviderIsLost() async throws {
        let database = try await Self.filled()
        let before = try await Self.rows(database)
        #expect(before.values.allSatisfy { !$0.isEmpty })
        #expect(try await Migrations(driver: database.driver).run() == [5, 6, 7])
        #expect(try await Self.rows(database) == before)
        let next = try await database.driver.write { transaction in
            try transaction.first(
                """
                INSERT INTO providers (name, kind, url, account, options, priority, version, created_at, changed_at)
                VALUES ('new', 'mailbox', '', '', '{}', 1, 1, 1, 1) RETURNING id
                """
            )?.integer(0)
        }
        #expect(try #require(next) > 3)
    }

    @Test(.enabled(if: TestDatabase.engine == .sqlite, "the checks are SQLite's"))
    func keysAndIndexesAreThoseOfAFreshDatabase() async throws {
        let (old, fresh) = (try await Self.filled(), try await TestDatabase())
        _ = try await Migrations(driver: old.driver).run()
        _ = try await Migrations(driver: fresh.driver).run()
        func schema(_ database: TestDatabase) async throws -> [String] {
            try await database.driver.read { transaction in
                try transaction.query(
                    """
                    SELECT type, name, COALESCE(sql, '') FROM sqlite_master WHERE tbl_name <> 'migrations'
                    ORDER BY name, type
                    """
                ).map { "\(try $0.text(0)) \(try $0.text(1)) \(try $0.text(2))" }
            }
        }
        #expect(try await schema(old) == schema(fresh))
        let broken = try await old.driver.read { try $0.query("PRAGMA foreign_key_check").count }
        #expect(broken == 0)
        await #expect(throws: (any Error).self, "and they hold") {
            try await old.driver.write { try $0.script("INSERT INTO binds VALUES (99, 1)") }
        }
    }

    private static let data = """
        INSERT INTO practices (id, name, time_zone, country, language, sms_enabled, email_enabled, sms_send_time,
            email_send_time, latest_send_time, resends_unknown, paused, version, created_at, changed_at)
            VALUES (1, 'P', 'Europe/Vienna', 'AT', 'de', 1, 0, '07:00', '07:00', '20:00', 1, 0, 1, 1, 1);
        INSERT INTO locations (id, practice_id, name, address, closing_text, sender_registered, version, created_at,
            changed_at) VALUES (1, 1, 'L', '', '', 0, 1, 1, 1);
        INSERT INTO patients (id, practice_id, first_name, last_name, search, mobile, reminder_kind, sms_consent,
            email_consent, version, created_at, changed_at)
            VALUES (1, 1, 'F', 'L', 'l', '+436641234500', 'sms', 'unknown', 'unknown', 1, 1, 1);
        INSERT INTO providers (practice_id, name, kind, url, account, options, priority, version, created_at,
            changed_at, enabled, countries) VALUES
            (NULL, 'a', 'simulator', '', '', '{}', 100, 1, 1, 1, 1, ''),
            (1, 'b', 'smpp', 'smpp://x', 'u', '{"window":"8"}', 50, 3, 1, 2, 0, 'AT,DE'),
            (NULL, 'c', 'twilio', 'https://x', 'u', '{}', 10, 2, 1, 2, 1, '');
        INSERT INTO appointments SELECT n, 1, 1, 1, NULL, 10, 20, '', 'Europe/Vienna', 0, 'booked', 'sms', '', 1, NULL,
            1, 1, 1 FROM (SELECT 1 AS n UNION SELECT 2) AS numbers;
        INSERT INTO reminders (id, practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,
            due_at, latest_at, next_at, state) VALUES
            (1, 1, 1, 1, 'sms', 'reminder', 1, '2027-03-01', 'Europe/Vienna', 1, 9, 1, 'started'),
            (2, 1, 2, 1, 'sms', 'reminder', 1, '2027-03-01', 'Europe/Vienna', 1, 9, 1, 'settled');
        INSERT INTO messages (id, reminder_id, practice_id, channel, recipient, sender, text, segments, unclear, presumed,
            attempts, possibly_twice, provider_id, status, created_at) VALUES
            (1, 1, 1, 'sms', '+43', 'P', 't', 1, 0, 0, 2, 0, 2, 'submitted', 1),
            (2, 2, 1, 'sms', '+43', 'P', 't', 1, 0, 0, 1, 0, 3, 'undeliverable', 1);
        INSERT INTO attempts (message_id, number, provider_id, worker, started_at, ended_at, outcome, detail) VALUES
            (1, 1, 1, 'w', 1, 2, 'unreachable', ''), (1, 2, 2, 'w', 3, 4, 'accepted', ''), (2, 1, 3, 'w', 3, NULL, NULL, '');
        INSERT INTO parts (message_id, number, provider_id, receipt_key, status) VALUES (1, 1, 2, 'k', 'submitted');
        INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail, raw,
            message_id) VALUES (2, 1, 'k', 'k', '', 'delivered', '', 'raw', NULL), (3, 1, 'k', 'k', '', 'delivered', '', 'raw', 2);
        INSERT INTO inbound (provider_id, provider_message_id, practice_id, patient_id, message_id, sender, recipient,
            text, kind, received_at) VALUES (3, 'x', 1, 1, 2, '+43', 'P', 'STOP', 'stop', 5);
        INSERT INTO binds (provider_id, bound_at) VALUES (2, 5), (3, 6);
        INSERT INTO health (provider_id, state, detail, since, seen_at) VALUES (1, 'well', '', 1, 2), (2, 'resting', 'x', 1, 2);
        """
}
