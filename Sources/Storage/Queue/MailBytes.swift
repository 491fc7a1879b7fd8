import Database
import Domain
import Foundation

/// How long the bytes of e-mails are kept: until nobody needs them.
enum MailBytes {
    /// The e-mails left. Those of which a copy is wanted keep their bytes for it.
    static func left(_ messages: [(id: Message.ID, at: Date)], in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE mails SET
                copy = CASE WHEN copy <> 'planned' THEN copy WHEN bytes IS NULL THEN 'none' ELSE 'wanted' END,
                copy_at = CASE WHEN copy = 'planned' THEN given.instant ELSE copy_at END,
                bytes = CASE WHEN copy IN ('planned', 'wanted') THEN bytes END
            FROM given WHERE mails.message_id = given.message
            """,
            given: GivenRows(
                ["message": .integer, "instant": .integer],
                messages.map { [.integer($0.id.rawValue), .integer($0.at.milliseconds)] }
            )
        )
    }

    /// The e-mails surely did not leave, and never will.
    static func drop(_ messages: [Message.ID], in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE mails SET bytes = NULL, copy = CASE WHEN copy = 'planned' THEN 'none' ELSE copy END
            FROM given WHERE mails.message_id = given.message
            """,
            given: GivenRows(["message": .integer], messages.map { [.integer($0.rawValue)] })
        )
    }

    /// The reminders are not sent any more. What may have left keeps its bytes: an answer that comes late wants a copy.
    static func drop(of reminders: [Reminder.ID], in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE mails SET bytes = NULL, copy = 'none'
            FROM given WHERE copy = 'planned' AND mails.message_id IN (
                SELECT m.id FROM messages m
                WHERE m.reminder_id = given.reminder AND m.unclear = 0 AND m.presumed = 0)
            """,
            given: GivenRows(["reminder": .integer], reminders.map { [.integer($0.rawValue)] })
        )
    }
}
