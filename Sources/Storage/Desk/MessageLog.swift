import Database
import Domain
import Foundation

/// Which lines of the log are shown.
public struct MessageFilter: Hashable, Sendable {
    public var channel: Channel?
    public var status: MessageStatus?
    /// Written at this instant or later.
    public var from: Date?
    /// Written before this instant.
    public var to: Date?
    public var patientID: Patient.ID?

    public init(
        channel: Channel? = nil,
        status: MessageStatus? = nil,
        from: Date? = nil,
        to: Date? = nil,
        patientID: Patient.ID? = nil
    ) {
        self.channel = channel
        self.status = status
        self.from = from
        self.to = to
        self.patientID = patientID
    }
}

/// One line of the log: a message with whom and what it was about.
public struct LogRow: Hashable, Sendable {
    public let message: Message
    public let patientID: Patient.ID?
    /// `Huber, Anna`; empty once the patient's data was erased.
    public let patientName: String
    public let appointmentID: Appointment.ID?
    public let appointmentStart: Date?
    /// The appointment's, else the practice's.
    public let timeZone: TimeZone
    public let providerName: String?
    public let purpose: Reminder.Purpose
    /// nil for an SMS, and for an e-mail whose patient's data was erased.
    public let mail: MailLine?
    /// The words and codes of the last attempt where it was not accepted; empty else. No personal data.
    public let detail: String

    public init(
        message: Message,
        patientID: Patient.ID?,
        patientName: String,
        appointmentID: Appointment.ID?,
        appointmentStart: Date?,
        timeZone: TimeZone,
        providerName: String?,
        purpose: Reminder.Purpose,
        mail: MailLine? = nil,
        detail: String = ""
    ) {
        self.message = message
        self.patientID = patientID
        self.patientName = patientName
        self.appointmentID = appointmentID
        self.appointmentStart = appointmentStart
        self.timeZone = timeZone
        self.providerName = providerName
        self.purpose = purpose
        self.mail = mail
        self.detail = detail
    }
}

/// What the log shows of an e-mail beside its message.
public struct MailLine: Hashable, Sendable {
    public let subject: String
    public let copy: MailCopy
    /// Why the copy could not be kept, in the server's words; empty where it could, or was not tried.
    public let copyDetail: String

    public init(subject: String, copy: MailCopy, copyDetail: String = "") {
        self.subject = subject
        self.copy = copy
        self.copyDetail = copyDetail
    }
}

/// How it stands with an e-mail's copy in the mailbox's Sent folder.
public enum MailCopy: String, CaseIterable, Sendable {
    /// We keep none: nobody wants one, or the server does by itself.
    case none
    /// Wanted once the e-mail has left.
    case planned
    case wanted
    case kept
    /// Given up; the e-mail left all the same.
    case failed
}

/// The SMS log, and the e-mails': what was sent, and what became of it (rule 10).
public struct MessageLog: Sendable {
    let driver: any SQLDriver

    /// The newest first.
    public func list(
        _ practice: Practice.ID,
        _ filter: MessageFilter = MessageFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<LogRow> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("m.practice_id = ?", practice.rawValue)
        if let channel = filter.channel { conditions.add("m.channel = ?", channel.rawValue) }
        if let status = filter.status {
            conditions.add("m.status = ?", status.rawValue)
            // An index holds just these; told by the very words of its condition.
            if ![.submitted, .delivered].contains(status) {
                conditions.add("m.status NOT IN ('submitted', 'delivered')")
            }
        }
        if let from = filter.from { conditions.add("m.created_at >= ?", from.milliseconds) }
        if let to = filter.to { conditions.add("m.created_at < ?", to.milliseconds) }
        if let patient = filter.patientID { conditions.add("r.patient_id = ?", patient.rawValue) }
        if let cursor { conditions.add("m.id < ?", cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try Self.rows("\(sql) ORDER BY m.id DESC LIMIT \(most)", values, in: transaction)
            return Page(rows, limit: limit) {
                Cursor(key: $0.message.id.rawValue, id: $0.message.id.rawValue)
            }
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Message.ID, _ practice: Practice.ID) async throws -> LogRow {
        try await driver.read { transaction in
            let rows = try Self.rows(
                "m.id = $1 AND m.practice_id = $2",
                [id.rawValue.sqlValue, practice.rawValue.sqlValue],
                in: transaction
            )
            guard let row = rows.first else { throw StorageError.notFound }
            return row
        }
    }

    /// What came after a line, the oldest first, at most so many; nil begins with the first line of all.
    public func since(_ id: Message.ID?, _ practice: Practice.ID, limit: Int = 200) async throws -> [LogRow] {
        try await driver.read { transaction in
            try Self.rows(
                "m.practice_id = $1 AND m.id > $2 ORDER BY m.id LIMIT $3",
                [practice.rawValue.sqlValue, (id?.rawValue ?? 0).sqlValue, limit.sqlValue],
                in: transaction
            )
        }
    }

    private static func rows(
        _ condition: String,
        _ values: [SQLValue],
        in transaction: Transaction
    ) throws -> [LogRow] {
        try transaction.query(
            """
            SELECT \(Columns.list(Columns.message, of: "m")), r.patient_id, p.last_name, p.first_name, a.id,
                a.start_at, COALESCE(a.time_zone, pr.time_zone), COALESCE(b.address, v.name), r.purpose, e.subject, e.copy, e.copy_detail,
                (SELECT t.detail FROM attempts t WHERE t.message_id = m.id AND t.number = m.attempts
                    AND t.outcome <> 'accepted')
            FROM messages m
            JOIN practices pr ON pr.id = m.practice_id
            LEFT JOIN reminders r ON r.id = m.reminder_id
            LEFT JOIN patients p ON p.id = r.patient_id
            LEFT JOIN appointments a ON a.id = r.appointment_id
            LEFT JOIN providers v ON v.id = m.provider_id
            LEFT JOIN mailboxes b ON b.provider_id = m.provider_id
            LEFT JOIN mails e ON e.message_id = m.id
            WHERE \(condition)
            """,
            values: values
        ).entities { reader in
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
                detail: try reader.optionalText() ?? ""
            )
        }
    }
    private static func mail(_ reader: inout RowReader) throws -> MailLine? {
        if reader.isNull {
            reader.skip(3)
            return nil
        }
        return MailLine(subject: try reader.text(), copy: try reader.word(), copyDetail: try reader.text())
    }
}
