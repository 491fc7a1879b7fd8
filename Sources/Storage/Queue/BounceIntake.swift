import Database
import Domain
import Foundation

/// One report of an e-mail, on its way to the message that it is about.
struct BounceIntake {
    enum Effect {
        case bounced, delayed, ignored
    }

    /// For so many seconds after an e-mail left, a report that does not name it may mean it.
    private static let memory = 7 * 86_400.0

    let report: BounceReport
    let mailbox: Provider.ID
    let now: Date

    func apply(in transaction: Transaction) throws -> Effect {
        guard let id = try message(in: transaction),
            let known = try KnownMessage.find([id], in: transaction)[id]
        else { return .ignored }
        return report.isFinal
            ? try bounce(known, in: transaction)
            : try delay(known, in: transaction)
    }

    /// The e-mail by its Message-ID. A report with another's Message-ID is about somebody else's e-mail; one without any is
    /// about the only one that went to that recipient of late.
    private func message(in transaction: Transaction) throws -> Int64? {
        if let name = report.name {
            return try transaction.first(
                "SELECT message_id FROM mails WHERE name = $1 AND provider_id = $2",
                name,
                mailbox.rawValue
            )?.integer(0)
        }
        guard let recipient = report.recipient else { return nil }
        let found = try transaction.query(
            """
            SELECT id FROM messages
            WHERE provider_id = $1 AND channel = 'email' AND submitted_at >= $2 AND status = 'submitted'
                AND LOWER(recipient) = LOWER($3) LIMIT 2
            """,
            mailbox.rawValue,
            (now - Self.memory).milliseconds,
            recipient.value
        )
        return found.count == 1 ? try found[0].integer(0) : nil
    }

    private func bounce(_ message: KnownMessage, in transaction: Transaction) throws -> Effect {
        guard message.state.moving(to: .bounced) != nil else { return .ignored }
        var moves = MessageMoves()
        try moves.add(.bounced, key: "", at: now, to: message, in: transaction)
        try moves.write(in: transaction)
        let row = try transaction.first(
            """
            UPDATE messages SET bounce = $1, submitted_at = COALESCE(submitted_at, $2), poll_at = NULL
            WHERE id = $3 AND status = 'bounced' RETURNING reminder_id, practice_id, recipient
            """,
            report.reason.rawValue,
            now.milliseconds,
            message.id
        )
        guard let row else { return .ignored }
        // What came back has left, also where nobody knew: it is not sent once more, and its copy is wanted.
        try transaction.execute(
            "UPDATE reminders SET state = 'settled' WHERE id = $1 AND state = 'planned'",
            values: [row.values[0]]
        )
        try MailBytes.left([(Identifier(message.id), now)], in: transaction)
        try insert(.bounced, of: message, in: transaction)
        if report.reason.isHard, !message.isErased {
            try AddressMark(reason: report.reason, at: now).write(
                practice: try row.integer(1),
                try row.text(2),
                in: transaction
            )
        }
        return .bounced
    }

    private func delay(_ message: KnownMessage, in transaction: Transaction) throws -> Effect {
        guard message.state.status == nil || message.state.status == .submitted else { return .ignored }
        let isKnown = try transaction.first(
            "SELECT 1 FROM receipts WHERE message_id = $1 AND detail = $2 LIMIT 1",
            message.id,
            detail(of: message)
        )
        if isKnown != nil { return .ignored }
        try insert(.submitted, of: message, in: transaction)
        return .delayed
    }

    private func detail(of message: KnownMessage) -> String {
        message.isErased ? "" : String(report.detail.prefix(200))
    }

    /// For the history of the message.
    private func insert(_ status: MessageStatus, of message: KnownMessage, in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO receipts (provider_id, received_at, provider_message_id, receipt_key, spellings, status, detail,
                raw, message_id) VALUES ($1, $2, '', '', '', $3, $4, '', $5)
            """,
            mailbox.rawValue,
            now.milliseconds,
            status.rawValue,
            detail(of: message),
            message.id
        )
    }
}
