import Database
import Domain
import Foundation

/// Reads what e-mails say beyond what an SMS does, for those among the reminders that are e-mails.
enum MailContextReader {
    static func fill(_ contexts: inout [ReminderContext], _ desk: MailDesk, in transaction: Transaction) throws {
        let ids = contexts.filter { $0.reminder.channel == .email }.map(\.reminder.id)
        if ids.isEmpty { return }
        let calendarWord = try calendarWord(desk, in: transaction)
        var found: [Reminder.ID: MailContext] = [:]
        for row in try transaction.query(statement(transaction.dialect), values: [.integers(ids.map(\.rawValue))]) {
            var reader = RowReader(row)
            let id: Reminder.ID = try reader.id()
            found[id] = MailContext(
                firstName: try reader.text(),
                lastName: try reader.text(),
                practitioner: try reader.optionalText() ?? "",
                address: try reader.text(),
                end: try reader.date(),
                sequence: try reader.integer(),
                calendarWord: calendarWord,
                // A text that no longer passes its rules gives way to the product's own.
                subject: try reader.optionalText().flatMap(MailTemplate.init(stored:)),
                body: try reader.optionalText().flatMap(MailTemplate.init(stored:))
            )
        }
        for index in contexts.indices { contexts[index].mail = found[contexts[index].reminder.id] }
    }

    private static func statement(_ dialect: Dialect) -> String {
        """
        SELECT r.id, p.first_name, p.last_name, t.name, l.address, a.end_at, a.version,
            COALESCE(l.email_subject, pr.email_subject), COALESCE(l.email_body, pr.email_body)
        FROM reminders r
        JOIN appointments a ON a.id = r.appointment_id
        JOIN patients p ON p.id = r.patient_id
        JOIN practices pr ON pr.id = r.practice_id
        JOIN locations l ON l.id = a.location_id
        LEFT JOIN practitioners t ON t.id = a.practitioner_id
        WHERE \(dialect.isOne("r.id", of: "$1"))
        """
    }

    /// The installation's own, made when the first e-mail leaves and the same from then on.
    private static func calendarWord(_ desk: MailDesk, in transaction: Transaction) throws -> String {
        let name = "calendar_word"
        let row = try transaction.first("SELECT value FROM marks WHERE name = $1", name)
        if let row { return String(decoding: try row.bytes(0), as: UTF8.self) }
        let new = String(desk.word().prefix(12))
        try transaction.execute(
            "INSERT INTO marks (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            name,
            Array(new.utf8)
        )
        // Another node may have been quicker.
        let kept = try transaction.first("SELECT value FROM marks WHERE name = $1", name)
        return try kept.map { String(decoding: try $0.bytes(0), as: UTF8.self) } ?? new
    }
}
