import Database
import Domain
import Foundation

/// What a patient said on their page, as the staff reads it.
public struct LinkAnswerRow: Hashable, Sendable {
    public let answer: LinkAnswer
    /// `Huber, Anna`; empty once the person's data was erased.
    public let patientName: String
    public let mobile: MobileNumber?
    public let appointmentStart: WallTime
    public let isCancelled: Bool
    /// Of which number, else of which address, somebody said that it is not the patient's; empty for other answers.
    public let saidOf: String
    /// The appointment was moved since to another time or place, or is another patient's.
    public let isOutdated: Bool
    /// A confirmation that the wish to cancel followed.
    public let isOvertaken: Bool
}

extension LinkStore {
    /// The newest first.
    ///
    /// - Parameter open: only what somebody still has to do something about.
    public func list(
        _ practice: Practice.ID,
        open: Bool = false,
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<LinkAnswerRow> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("k.practice_id = ?", practice.rawValue)
        if open { conditions.add("k.done_at IS NULL") }
        if let cursor {
            conditions.add("(k.received_at < ? OR k.received_at = ? AND k.id < ?)", cursor.key, cursor.key, cursor.id)
        }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try Self.rows("\(sql) \(Self.newestFirst) LIMIT \(most)", values, in: transaction)
            return Page(rows, limit: limit) {
                Cursor(key: $0.answer.receivedAt.milliseconds, id: $0.answer.id.rawValue)
            }
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: LinkAnswer.ID, _ practice: Practice.ID) async throws -> LinkAnswerRow {
        try await driver.read { transaction in
            let rows = try Self.rows(
                "k.id = $1 AND k.practice_id = $2",
                [id.rawValue.sqlValue, practice.rawValue.sqlValue],
                in: transaction
            )
            guard let row = rows.first else { throw StorageError.notFound }
            return row
        }
    }

    /// What was said about an appointment as it is now, the newest first.
    public func of(_ appointment: Appointment.ID, _ practice: Practice.ID) async throws -> [LinkAnswerRow] {
        try await driver.read { transaction in
            try Self.rows(
                """
                k.appointment_id = $1 AND k.practice_id = $2 AND k.patient_id = a.patient_id
                    AND (\(Self.isCurrent) OR k.kind = 'wrong_number')
                \(Self.newestFirst)
                """,
                [appointment.rawValue.sqlValue, practice.rawValue.sqlValue],
                in: transaction
            )
        }
    }

    /// What a patient said, the newest first, at most so many.
    public func of(_ patient: Patient.ID, _ practice: Practice.ID, limit: Int = 20) async throws -> [LinkAnswerRow] {
        try await driver.read { transaction in
            try Self.rows(
                "k.patient_id = $1 AND k.practice_id = $2 \(Self.newestFirst) LIMIT $3",
                [patient.rawValue.sqlValue, practice.rawValue.sqlValue, limit.sqlValue],
                in: transaction
            )
        }
    }

    /// How many somebody has to do something about, counted up to 1,000.
    public func openCount(_ practice: Practice.ID) async throws -> Int {
        try await driver.read { transaction in
            let row = try transaction.first(
                """
                SELECT COUNT(*) FROM (
                    SELECT 1 FROM link_answers WHERE practice_id = $1 AND done_at IS NULL LIMIT 1000) AS open
                """,
                practice.rawValue
            )
            return Int(try row?.integer(0) ?? 0)
        }
    }

    /// The same, told apart.
    public func openCounts(_ practice: Practice.ID) async throws -> [LinkAnswer.Kind: Int] {
        let rows = try await driver.read { transaction in
            try transaction.query(
                "SELECT kind, COUNT(*) FROM link_answers WHERE practice_id = $1 AND done_at IS NULL GROUP BY kind",
                practice.rawValue
            ).map { row in
                var reader = RowReader(row)
                return (try reader.word() as LinkAnswer.Kind, Int(try reader.integer()))
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// Marks one as done, or as open again; a confirmation asks for nothing and stays as it is.
    ///
    /// - Throws: ``StorageError/notFound``
    public func setDone(_ id: LinkAnswer.ID, _ practice: Practice.ID, _ isDone: Bool, now: Date) async throws {
        try await driver.write { transaction in
            let changed = try transaction.execute(
                "UPDATE link_answers SET done_at = $1 WHERE id = $2 AND practice_id = $3 AND kind <> 'confirmed'",
                isDone ? now.milliseconds : nil,
                id.rawValue,
                practice.rawValue
            )
            guard changed == 1 else { throw StorageError.notFound }
        }
    }

    private static let newestFirst = "ORDER BY k.received_at DESC, k.id DESC"

    private static func rows(
        _ condition: String,
        _ values: [SQLValue],
        in transaction: Transaction
    ) throws -> [LinkAnswerRow] {
        try transaction.query(
            """
            SELECT k.id, k.kind, k.received_at, k.patient_id, k.appointment_id, k.done_at, p.last_name, p.first_name,
                \(ReachedColumns.mobile(of: "p")), a.start_wall, a.status, k.said_of,
                CASE WHEN \(isCurrent) THEN 0 ELSE 1 END,
                CASE WHEN k.kind = 'confirmed' AND EXISTS (SELECT 1 FROM link_answers o
                    WHERE o.appointment_id = k.appointment_id AND o.patient_id = k.patient_id
                        AND o.generation = k.generation AND o.kind = 'cancel_asked' AND o.seen = k.seen
                        AND o.received_at >= k.received_at) THEN 1 ELSE 0 END
            FROM link_answers k
            JOIN patients p ON p.id = k.patient_id
            JOIN appointments a ON a.id = k.appointment_id
            WHERE \(condition)
            """,
            values: values
        ).entities(LinkAnswerRow.init)
    }
}

extension LinkAnswerRow {
    /// In the order of the columns that ``LinkStore`` reads.
    fileprivate init(_ reader: inout RowReader) throws {
        let id: LinkAnswer.ID = try reader.id()
        let kind: LinkAnswer.Kind = try reader.word()
        let answer = LinkAnswer(
            id: id,
            kind: kind,
            receivedAt: try reader.date(),
            patientID: try reader.id(),
            appointmentID: try reader.id(),
            doneAt: try reader.optionalDate()
        )
        let names = [try reader.text(), try reader.text()]
        let mobile = try reader.optionalText().flatMap(MobileNumber.init(e164:))
        let start = try reader.stored(WallTime.init(iso:))
        let status: Appointment.Status = try reader.word()
        let saidOf = try reader.text()
        self.init(
            answer: answer,
            patientName: names.filter { !$0.isEmpty }.joined(separator: ", "),
            mobile: mobile,
            appointmentStart: start,
            isCancelled: status == .cancelled,
            saidOf: kind == .wrongNumber ? saidOf : "",
            isOutdated: try reader.bool(),
            isOvertaken: try reader.bool()
        )
    }
}
