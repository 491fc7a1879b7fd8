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

    @Test func anInstallationWithDataGetsTurnsAndKeepsItsAttemptsAndWhatTheyWereFor() async throws {
        let database = try await TestDatabase()
        try await database.driver.write(.guarded) { transaction in
            try transaction.script("CREATE TABLE migrations (number BIGINT NOT NULL PRIMARY KEY)")
            try transaction.script(Migration.m0001.script(transaction.dialect))
            try transaction.script(Self.data)
        }
        #expect(try await Migrations(driver: database.driver).run() == [2, 3, 4, 5, 6, 7])
        let (turns, attempts, messages) = try await database.driver.read { transaction in
            (
                try transaction.query("SELECT id, turn FROM reminders ORDER BY id").map { try $0.integer(1) },
                try transaction.query("SELECT worker, outcome FROM attempts ORDER BY message_id, number")
                    .map { [try $0.text(0), try $0.optionalText(1)] },
                try transaction.query("SELECT reminder_id, says_start FROM messages").map(\.values)
            )
        }
        #expect(turns == [1, 2, 0, 1])
        #expect(attempts == [["old", "unreachable"], ["old", nil]])
        #expect(messages == [[.integer(3), .text("2027-03-02T10:30")]])
    }

    /// Three reminders of one day, the last of them under way, and one of the next day, as the first schema had them.
    private static let data = """
        INSERT INTO migrations VALUES (1);
        INSERT INTO practices VALUES (1, 'P', 'Europe/Vienna', 'AT', 'de', 1, 0, '07:00', '07:00', '20:00', 'P', 1, 0, 1, 1, 1);
        INSERT INTO locations VALUES (1, 1, 'L', '', '', NULL, 0, NULL, 1, 1, 1);
        INSERT INTO patients VALUES (1, 1, 'F', 'L', 'l', '+436641234500', NULL, 'sms', 'unknown', 'unknown', NULL, NULL, 1, 1, 1);
        INSERT INTO providers VALUES (1, NULL, 'p', 'simulator', '', '', NULL, '{}', 100, 1, 1, 1);
        INSERT INTO messages (id, practice_id, channel, recipient, sender, text, segments, unclear, presumed, attempts,
            possibly_twice, provider_id, created_at) VALUES (1, 1, 'sms', '+43', 'P', 't', 1, 0, 0, 2, 0, 1, 1);
        INSERT INTO attempts VALUES (1, 1, 1, 1, 'old', 1, 2, 'unreachable', ''), (2, 1, 2, 1, 'old', 3, NULL, NULL, '');
        INSERT INTO appointments SELECT n, 1, 1, 1, NULL, 10, 20, '', 'Europe/Vienna', 0, 'booked', 'sms', '', 1, NULL, 1, 1, 1
            FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3 UNION SELECT 4) AS numbers;
        INSERT INTO reminders (id, practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,
            due_at, latest_at, next_at, state, claim_token, message_id, says_start) VALUES
            (1, 1, 1, 1, 'sms', 'reminder', 1, '2027-03-01', 'Europe/Vienna', 1, 9, 1, 'planned', NULL, NULL, NULL),
            (2, 1, 2, 1, 'sms', 'reminder', 1, '2027-03-01', 'Europe/Vienna', 1, 9, 1, 'planned', 'old', NULL, NULL),
            (3, 1, 3, 1, 'sms', 'reminder', 1, '2027-03-01', 'Europe/Vienna', 1, 9, 1, 'started', 'old', 1, '2027-03-02T10:30'),
            (4, 1, 4, 1, 'sms', 'reminder', 1, '2027-03-02', 'Europe/Vienna', 1, 9, 1, 'planned', NULL, NULL, NULL);
        """
}
