import Database
import Domain
import Foundation

/// The SMS log, and the e-mails': what was sent, and what became of it (rule 10).
public struct MessageLog: Sendable {
    let driver: any SQLDriver

    /// The newest first. A page may hold fewer lines than were asked for, or none, and still have a next one: what is rare
    /// is looked for stretch by stretch.
    public func list(
        _ practice: Practice.ID,
        _ filter: MessageFilter = MessageFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<LogRow> {
        let (limit, cursor) = try page.checked()
        return try await list(practice, filter, after: cursor, limit: limit)
    }

    func list(
        _ practice: Practice.ID,
        _ filter: MessageFilter,
        after cursor: Cursor?,
        limit: Int
    ) async throws -> Page<LogRow> {
        let search = LogSearch(practice: practice, filter: filter, after: cursor, limit: limit + 1)
        return try await driver.read { transaction in
            let found = try search.run(in: transaction)
            let shown = found.lines.prefix(limit)
            let next = found.lines.count > limit ? shown.last : found.horizon
            return Page(items: try Self.rows(shown.map(\.id), in: transaction), next: next?.text)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Message.ID, _ practice: Practice.ID) async throws -> LogRow {
        try await driver.read { transaction in
            guard let row = try Self.rows([id.rawValue], in: transaction).first, row.message.practiceID == practice
            else { throw StorageError.notFound }
            return row
        }
    }

    /// Lines by their ids, those of other practices left out, the newest first.
    public func rows(_ ids: [Message.ID], _ practice: Practice.ID) async throws -> [LogRow] {
        try await driver.read { transaction in
            try Self.rows(ids.map(\.rawValue), in: transaction).filter { $0.message.practiceID == practice }
        }
    }

    /// What came after a line, the oldest first, at most so many; nil begins with the first line of all.
    public func since(_ id: Message.ID?, _ practice: Practice.ID, limit: Int = 200) async throws -> [LogRow] {
        try await driver.read { transaction in
            let ids = try transaction.query(
                "SELECT id FROM messages WHERE practice_id + 0 = $1 AND id > $2 ORDER BY id LIMIT $3",
                practice.rawValue,
                id?.rawValue ?? 0,
                limit
            ).map { try $0.integer(0) }
            return try Self.rows(ids, in: transaction).sorted { $0.message.id.rawValue < $1.message.id.rawValue }
        }
    }

    /// The newest first.
    /// Of a correction's message: that it tells a cancellation.
    static let saysCancelled = "CASE WHEN m.says_start = '' THEN 1 ELSE 0 END"

    static func rows(_ ids: [Int64], in transaction: Transaction) throws -> [LogRow] {
        if ids.isEmpty { return [] }
        let rows = try transaction.query(
            """
            SELECT \(Columns.list(Columns.message, of: "m")), r.patient_id, p.last_name, p.first_name, a.id,
                a.start_at, COALESCE(a.time_zone, pr.time_zone), COALESCE(b.address, v.name), r.purpose, e.subject,
                e.copy, e.copy_detail,
                (SELECT t.detail FROM attempts t WHERE t.message_id = m.id AND t.number = m.attempts
                    AND t.outcome <> 'accepted'), r.due_at, l.name, \(saysCancelled),
                c.at, c.actor, c.note
            FROM messages m
            JOIN practices pr ON pr.id = m.practice_id
            LEFT JOIN reminders r ON r.id = m.reminder_id
            LEFT JOIN patients p ON p.id = r.patient_id
            LEFT JOIN appointments a ON a.id = r.appointment_id
            LEFT JOIN providers v ON v.id = m.provider_id
            LEFT JOIN mailboxes b ON b.provider_id = m.provider_id
            LEFT JOIN mails e ON e.message_id = m.id
            LEFT JOIN locations l ON l.id = m.location_id
            LEFT JOIN calls c ON c.reminder_id = m.reminder_id
            WHERE \(transaction.dialect.isOne("m.id", of: "$1"))
            """,
            values: [.integers(ids)]
        ).entities(row)
        return rows.sorted { one, other in
            (one.message.createdAt, one.message.id.rawValue) > (other.message.createdAt, other.message.id.rawValue)
        }
    }

    private static func row(_ reader: inout RowReader) throws -> LogRow {
        let message = try Message(&reader)
        let patient: Patient.ID? = try reader.optionalID()
        let names = [try reader.optionalText(), try reader.optionalText()].compactMap(\.self)
        return LogRow(
            message: message,
            patientID: patient,
            patientName: names.filter { !$0.isEmpty }.joined(separator: ", "),
            appointmentID: try reader.optionalID(),
            appointmentStart: try reader.optionalDate(),
            timeZone: try reader.zone(),
            providerName: try reader.optionalText(),
            purpose: try reader.optionalWord() ?? .reminder,
            mail: try mail(&reader),
            detail: try reader.optionalText() ?? "",
            dueAt: try reader.optionalDate(),
            locationName: try reader.optionalText(),
            saysCancelled: try reader.bool(),
            call: try call(&reader)
        )
    }

    private static func call(_ reader: inout RowReader) throws -> CallTick? {
        if reader.isNull { return nil }
        return try CallTick(&reader)
    }

    private static func mail(_ reader: inout RowReader) throws -> MailLine? {
        if reader.isNull {
            reader.skip(3)
            return nil
        }
        return MailLine(subject: try reader.text(), copy: try reader.word(), copyDetail: try reader.text())
    }
}
