import Database
import Domain
import Foundation

/// By which mailbox e-mails leave, and how they are written.
public struct MailCarrier: Sendable {
    public let mailbox: Mailbox
    public let desk: MailDesk

    public init(_ mailbox: Mailbox, desk: MailDesk) {
        self.mailbox = mailbox
        self.desk = desk
    }
}

/// Writes the exact bytes of e-mails whose attempts are being started. A message keeps its Message-ID and its word for
/// unsubscribing however often it is tried; the bytes are made anew from what is true now.
struct MailBatch {
    let carrier: MailCarrier
    let now: Date

    /// The mails in the order of what is given.
    func write(
        _ mails: [(message: Message.ID, reminder: Reminder.ID, attempt: Int, composed: ComposedMail)],
        in transaction: Transaction
    ) throws -> [OutgoingMail] {
        let known = try names(mails.map(\.message), in: transaction)
        var written: [(mail: OutgoingMail, word: String, composed: ComposedMail)] = []
        for (message, reminder, attempt, composed) in mails {
            let name = known[message]?.name ?? newName(reminder)
            let word = known[message]?.word ?? carrier.desk.word()
            let marks = MailMarks(name: name, date: now, unsubscribeURL: carrier.desk.unsubscribeURL(word: word))
            let mail = OutgoingMail(
                id: message,
                attempt: attempt,
                name: name,
                sender: composed.sender.address,
                recipient: composed.recipient,
                bytes: try carrier.desk.write(composed, marks)
            )
            written.append((mail, word, composed))
        }
        try store(written, in: transaction)
        return written.map(\.mail)
    }

    private func store(
        _ mails: [(mail: OutgoingMail, word: String, composed: ComposedMail)],
        in transaction: Transaction
    ) throws {
        for (mail, word, composed) in mails {
            try transaction.execute(
                """
                INSERT INTO mails (message_id, provider_id, name, unsubscribe_word, subject, bytes, copy, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (message_id) DO UPDATE SET provider_id = excluded.provider_id, subject = excluded.subject,
                    bytes = excluded.bytes, copy = CASE WHEN mails.copy = 'kept' THEN 'kept' ELSE excluded.copy END
                """,
                mail.id.rawValue,
                carrier.mailbox.id.rawValue,
                mail.name,
                word,
                composed.subject,
                mail.bytes,
                (composed.sender.isCopied ? MailCopy.planned : .none).rawValue,
                now.milliseconds
            )
        }
    }

    private func names(
        _ ids: [Message.ID],
        in transaction: Transaction
    ) throws -> [Message.ID: (name: String, word: String)] {
        let rows = try transaction.query(
            """
            SELECT message_id, name, unsubscribe_word FROM mails
            WHERE \(transaction.dialect.isOne("message_id", of: "$1"))
            """,
            values: [.integers(ids.map(\.rawValue))]
        )
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (Identifier(try $0.integer(0)), (try $0.text(1), try $0.text(2))) }
        )
    }

    /// Unique by its reminder, and by a word that keeps others from writing reports about it.
    private func newName(_ reminder: Reminder.ID) -> String {
        let domain = carrier.mailbox.address.value.split(separator: "@").last.map(String.init) ?? "localhost"
        // The last word tells ours from those of other programs, where the Sent folder is searched (decision 0029).
        return "\(reminder).\(carrier.desk.word().prefix(20)).vortag@\(Self.ascii(domain))"
    }

    /// A Message-ID is compared octet by octet, so it has to be ASCII from the start. Where the domain is not, one that
    /// nobody has stands for it (RFC 6761 §6.4): the name is unique by what stands before.
    private static func ascii(_ domain: String) -> String {
        domain.utf8.allSatisfy { $0 < 0x80 } ? domain : "vortag.invalid"
    }
}
