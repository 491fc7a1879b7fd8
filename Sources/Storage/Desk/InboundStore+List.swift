import Database
import Domain
import Foundation

/// A message that somebody sent to the practice, as the staff reads it.
public struct InboundRow: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<InboundRow>

    public enum Kind: String, CaseIterable, Sendable {
        /// The wish to get no more SMS; it was followed.
        case stop
        case answer
    }

    public let id: ID
    public let receivedAt: Date
    /// In E.164 where it is a number; empty once the person's data was erased.
    public let sender: String
    public let text: String
    public let kind: Kind
    public let patientID: Patient.ID?
    /// `Huber, Anna`; empty where nobody is known.
    public let patientName: String
    /// The appointment of the message that it answers.
    public let appointmentID: Appointment.ID?
    public let appointmentStart: WallTime?
    public let providerName: String
    /// When somebody of the staff was done with it.
    public let doneAt: Date?
}

extension InboundStore {
    /// The newest first.
    ///
    /// - Parameter open: only what nobody is done with.
    public func list(
        _ practice: Practice.ID,
        open: Bool = false,
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<InboundRow> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("i.practice_id = ?", practice.rawValue)
        if open { conditions.add("i.done_at IS NULL") }
        if let cursor { conditions.add("i.id < ?", cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try Self.rows("\(sql) ORDER BY i.id DESC LIMIT \(most)", values, in: transaction)
            return Page(rows, limit: limit) { Cursor(key: $0.id.rawValue, id: $0.id.rawValue) }
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: InboundRow.ID, _ practice: Practice.ID) async throws -> InboundRow {
        try await driver.read { transaction in
            let rows = try Self.rows(
                "i.id = $1 AND i.practice_id = $2",
                [id.rawValue.sqlValue, practice.rawValue.sqlValue],
                in: transaction
            )
            guard let row = rows.first else { throw StorageError.notFound }
            return row
        }
    }

    /// How many nobody is done with, counted up to 1,000.
    public func openCount(_ practice: Practice.ID) async throws -> Int {
        try await driver.read { transaction in
            let row = try transaction.first(
                """
                SELECT COUNT(*) FROM (
                    SELECT 1 FROM inbound WHERE practice_id = $1 AND done_at IS NULL LIMIT 1000) AS open
                """,
                practice.rawValue
            )
            return Int(try row?.integer(0) ?? 0)
        }
    }

    /// What a patient sent, the newest first, at most so many.
    public func of(_ patient: Patient.ID, _ practice: Practice.ID, limit: Int = 20) async throws -> [InboundRow] {
        try await driver.read { transaction in
            try Self.rows(
                "i.patient_id = $1 AND i.practice_id = $2 ORDER BY i.id DESC LIMIT $3",
                [patient.rawValue.sqlValue, practice.rawValue.sqlValue, limit.sqlValue],
                in: transaction
            )
        }
    }

    /// Marks one as done, or as open again.
    ///
    /// - Throws: ``StorageError/notFound``
    public func setDone(_ id: InboundRow.ID, _ practice: Practice.ID, _ isDone: Bool, now: Date) async throws {
        try await driver.write { transaction in
            let changed = try transaction.execute(
                "UPDATE inbound SET done_at = $1 WHERE id = $2 AND practice_id = $3",
                isDone ? now.milliseconds : nil,
                id.rawValue,
                practice.rawValue
            )
            guard changed == 1 else { throw StorageError.notFound }
        }
    }

    /// Forgets what a person wrote, and from where.
    static func erase(_ patient: Patient, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE inbound SET sender = '', recipient = '', text = ''
            WHERE patient_id = $1
                OR (COALESCE(practice_id, $2) = $2 AND patient_id IS NULL AND sender IN ($3, $4))
            """,
            patient.id.rawValue,
            patient.practiceID.rawValue,
            patient.mobile?.e164 ?? "-",
            patient.contact.mobile?.e164 ?? "-"
        )
    }

    private static func rows(
        _ condition: String,
        _ values: [SQLValue],
        in transaction: Transaction
    ) throws -> [InboundRow] {
        try transaction.query(
            """
            SELECT i.id, i.received_at, i.sender, i.text, i.kind, i.patient_id, p.last_name, p.first_name, a.id,
                a.start_wall, v.name, i.done_at
            FROM inbound i
            JOIN providers v ON v.id = i.provider_id
            LEFT JOIN patients p ON p.id = i.patient_id
            LEFT JOIN messages m ON m.id = i.message_id
            LEFT JOIN reminders r ON r.id = m.reminder_id
            LEFT JOIN appointments a ON a.id = r.appointment_id
            WHERE \(condition)
            """,
            values: values
        ).entities { reader in
            let id: InboundRow.ID = try reader.id()
            let receivedAt = try reader.date()
            let (sender, text) = (try reader.text(), try reader.text())
            let kind: InboundRow.Kind = try reader.word()
            let patient: Patient.ID? = try reader.optionalID()
            let names = [try reader.optionalText(), try reader.optionalText()].compactMap(\.self)
            return InboundRow(
                id: id,
                receivedAt: receivedAt,
                sender: sender,
                text: text,
                kind: kind,
                patientID: patient,
                patientName: names.filter { !$0.isEmpty }.joined(separator: ", "),
                appointmentID: try reader.optionalID(),
                appointmentStart: try reader.optionalText().flatMap(WallTime.init(iso:)),
                providerName: try reader.text(),
                doneAt: try reader.optionalDate()
            )
        }
    }
}
