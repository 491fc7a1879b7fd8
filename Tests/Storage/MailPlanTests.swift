import Database
import TestDatabase
import Testing

@testable import Storage

/// What is asked every few seconds costs what is open, not what was ever sent.
@Suite(.enabled(if: TestDatabase.engine == .sqlite, "EXPLAIN QUERY PLAN is SQLite's"))
struct MailPlanTests {
    @Test(
        arguments: [
            "SELECT provider_id FROM messages WHERE \(MailboxStore.isUnclearMail)",
            "SELECT practice_id FROM reminders WHERE state = 'planned' AND next_at <= 1 AND channel = 'email'",
            "SELECT COUNT(*) FROM messages WHERE provider_id = 1 AND channel = 'email' AND submitted_at > 1",
            "SELECT message_id FROM mails WHERE provider_id = 1 AND copy = 'wanted' AND copy_at <= 1",
        ]
    )
    func noLookGoesThroughTheLog(statement: String) async throws {
        let world = try await World()
        let plan = try await world.driver.read { transaction in
            try transaction.query("EXPLAIN QUERY PLAN " + statement).map { try $0.text(3) }
        }
        #expect(plan.allSatisfy { !$0.contains("messages_by_mailbox") || $0.contains("submitted_at>") }, "\(plan)")
        #expect(plan.allSatisfy { !$0.hasPrefix("SCAN reminders") && !$0.hasPrefix("SCAN mails") }, "\(plan)")
    }
}
