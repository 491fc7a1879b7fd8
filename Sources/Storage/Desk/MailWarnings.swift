import Database
import Domain
import Foundation

/// What is to be said about a practice's mailboxes.
enum MailWarnings {
    static func of(_ practice: Practice, now: Date, in transaction: Transaction) throws -> [ForecastWarning] {
        guard practice.emailEnabled else { return [] }
        let mailboxes = try transaction.query(
            "\(MailboxStore.selection) WHERE v.enabled = 1 AND b.practice_id = $1 ORDER BY b.provider_id",
            practice.id.rawValue
        ).entities(Mailbox.init)
        if mailboxes.isEmpty { return [ForecastWarning(.emailWithoutMailbox)] }
        let lacking =
            try isAnyUncarried(practice, mailboxes, in: transaction) ? [ForecastWarning(.mailboxForSome)] : []
        let ill = Set(
            try transaction.query(
                """
                SELECT b.provider_id FROM mailboxes b LEFT JOIN health h ON h.provider_id = b.provider_id
                WHERE b.practice_id = $1 AND (b.read_trouble <> '' OR h.state = 'resting')
                """,
                practice.id.rawValue
            ).map { Provider.ID(try $0.integer(0)) }
        )
        let concerned = mailboxes.filter { ill.contains($0.id) }
        return lacking + (concerned.isEmpty ? [] : [ForecastWarning(.mailboxInTrouble, mailboxes: concerned)])
    }

    /// Whether an e-mail is planned of an appointment whose practitioner has no mailbox, while the practice has none.
    private static func isAnyUncarried(
        _ practice: Practice,
        _ mailboxes: [Mailbox],
        in transaction: Transaction
    ) throws -> Bool {
        guard mailboxes.allSatisfy({ $0.practitionerID != nil }) else { return false }
        return try transaction.first(
            """
            SELECT r.id FROM reminders r JOIN appointments a ON a.id = r.appointment_id
            WHERE r.practice_id = $1 AND r.channel = 'email' AND r.state = 'planned'
                AND (a.practitioner_id IS NULL OR a.practitioner_id NOT IN (
                    SELECT b.practitioner_id FROM mailboxes b JOIN providers v ON v.id = b.provider_id
                    WHERE b.practice_id = $1 AND b.practitioner_id IS NOT NULL AND v.enabled = 1))
            LIMIT 1
            """,
            practice.id.rawValue
        ) != nil
    }
}
