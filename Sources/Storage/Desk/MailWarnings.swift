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
        return concerned.isEmpty ? [] : [ForecastWarning(.mailboxInTrouble, mailboxes: concerned)]
    }
}
