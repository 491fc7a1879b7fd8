import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

/// The numbers that the operator watches.
@Suite struct CountsTests {
    private func message(
        _ world: World,
        _ status: String?,
        unclear: Bool = false,
        at moment: Date,
        outcome: String = "accepted"
    ) async throws {
        let milliseconds = Int64(moment.timeIntervalSince1970 * 1_000)
        try await world.driver.write { [practice = world.practice.id.rawValue] transaction in
            let row = try transaction.first(
                """
                INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear,
                    presumed, attempts, possibly_twice, created_at)
                VALUES ($1, 'sms', '', '', '', 1, $2, $3, 0, 1, 0, $4) RETURNING id
                """,
                practice,
                status,
                unclear,
                milliseconds
            )
            try transaction.execute(
                """
                INSERT INTO attempts (message_id, number, worker, started_at, ended_at, outcome, detail)
                VALUES ($1, 1, 't', $2, $2, $3, '')
                """,
                try #require(row).integer(0),
                milliseconds,
                outcome
            )
        }
    }

    @Test func messagesOfTheLastDayAreCountedByStatus() async throws {
        let world = try await World()
        try await message(world, "delivered", at: world.now - 86_401)
        for status in ["delivered", "delivered", "expired", nil] {
            try await message(world, status, at: world.now - 3_600)
        }
        try await message(world, nil, unclear: true, at: world.now - 60, outcome: "unknown")
        let counts = try await world.storage.counts(now: world.now)
        #expect(
            counts.lastDay == [
                .status(.delivered): 2, .status(.expired): 1, .underWay: 1, .unclear: 1,
            ]
        )
        #expect(counts.messagesEver == 6)
    }

    @Test func anUnknownOutcomeIsCountedForEverAndAsUnclearWhileItIsOpen() async throws {
        let world = try await World()
        try await message(world, "provider_error", at: world.now - 60, outcome: "unknown")
        try await message(world, nil, unclear: true, at: world.now - 60, outcome: "unknown")
        let counts = try await world.storage.counts(now: world.now)
        #expect(counts.unknownOutcomes == 2 && counts.unclear == 1)
    }

    @Test func whatIsDueAndForHowLong() async throws {
        let world = try await World()
        _ = try await world.book(try await world.patient())
        var counts = try await world.storage.counts(now: world.now)
        #expect(counts.plannedReminders == 1 && counts.dueReminders == 0 && counts.dueLag == 0)
        counts = try await world.storage.counts(now: try world.instant("2027-03-07T07:01:30+01:00"))
        #expect(counts.dueReminders == 1 && counts.dueLag == 90)
    }

    @Test func receiptsOfNobody() async throws {
        let world = try await World()
        let provider = try await world.storage.providers.add(
            ProviderDraft(name: "p", kind: "simulator"),
            now: world.now
        )
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status,
                    detail, raw) VALUES ($1, 0, 'a', 'a', '', 'delivered', '', '')
                """,
                provider.id.rawValue
            )
        }
        #expect(try await world.storage.counts(now: world.now).unmatchedReceipts == 1)
    }

    @Test(.enabled(if: TestDatabase.engine == .sqlite, "EXPLAIN QUERY PLAN is SQLite's"))
    func noNumberCostsALookAtEveryRow() async throws {
        let world = try await World()
        let statements = [
            "SELECT COUNT(*) FROM (SELECT 1 FROM reminders WHERE state = 'planned' AND next_at <= 1 LIMIT 9) AS counted",
            "SELECT COUNT(*) FROM attempts WHERE outcome = 'unknown'",
            "SELECT MIN(next_at) FROM reminders WHERE state = 'planned'",
            "SELECT status, COUNT(*) FROM messages WHERE id > 9 AND created_at > 9 GROUP BY status",
            """
            SELECT m.id FROM messages m WHERE m.practice_id = 1 AND m.status = 'expired'
                AND m.status NOT IN ('submitted', 'delivered') ORDER BY m.id DESC LIMIT 9
            """,
            """
            SELECT 1 FROM messages m WHERE m.unclear = 1
                AND m.id IN (SELECT a.message_id FROM attempts a WHERE a.outcome = 'unknown')
            """,
        ]
        for statement in statements {
            let plan = try await world.driver.read { transaction in
                try transaction.query("EXPLAIN QUERY PLAN " + statement).map { try $0.text(3) }
            }
            for table in ["messages", "m", "reminders", "attempts", "a"] {
                #expect(!plan.contains("SCAN \(table)"), "\(statement): \(plan)")
            }
        }
    }
}
