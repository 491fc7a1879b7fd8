// What the people at the desk work with: practices, locations, practitioners, patients, appointments, and the log.
// A change of a setting or an appointment takes its reminders along in the same transaction.
// No due work, no attempts, no receipts: those are the queue's.

import Database
import Domain
import Foundation

/// Practices and their settings.
public struct PracticeStore: Sendable {
    let driver: any SQLDriver
    let secrets: SecretBox?
    let links: PatientLinks?

    /// - Throws: `ProblemList`.
    public func create(_ draft: PracticeDraft, now: Date) async throws -> Practice {
        try await driver.write { transaction in
            let fields = try draft.validated()
            try Self.checkSender(fields, practice: nil, in: transaction)
            if fields.linksEnabled { try beginLinks(nil, in: transaction) }
            let row = try transaction.first(
                """
                INSERT INTO practices (name, time_zone, country, language, sms_enabled, email_enabled, sms_send_time,
                    email_send_time, latest_send_time, sender, fallback_sender, sms_monthly_limit, resends_unknown,
                    falls_back, email_subject, email_body, keeps_birth_dates, region, links_enabled, report_to, paused,
                    version, created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, 1,
                    $21, $21)
                RETURNING \(Columns.list(Columns.practice))
                """,
                values: Self.values(fields) + [now.milliseconds.sqlValue]
            )
            return try Lookup.read(row, Practice.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Practice.ID) async throws -> Practice {
        try await driver.read { try Lookup.practice(id, in: $0) }
    }

    /// Every practice of the installation, the oldest first.
    public func all() async throws -> [Practice] {
        try await driver.read { transaction in
            try transaction.query("SELECT \(Columns.list(Columns.practice)) FROM practices ORDER BY id")
                .entities(Practice.init)
        }
    }

    /// Changes settings. New send times move every reminder that was not started, in the same transaction
    /// (rule 5), and those that waited for a channel to be on are looked at again.
    ///
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout PracticeDraft) throws -> Void
    ) async throws -> Practice {
        try await driver.write { transaction in
            let old = try Lookup.practice(id, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = PracticeDraft(existing: old)
            try edit(&draft)
            if draft == PracticeDraft(existing: old) { return old }
            let fields = try draft.validated(replacing: old)
            if fields.smsEnabled != old.smsEnabled || fields.sender != old.sender {
                try Self.checkSender(fields, practice: id, in: transaction)
            }
            if fields.linksEnabled, !old.linksEnabled { try beginLinks(id, in: transaction) }
            let row = try transaction.first(
                """
                UPDATE practices SET name = $1, time_zone = $2, country = $3, language = $4, sms_enabled = $5,
                    email_enabled = $6, sms_send_time = $7, email_send_time = $8, latest_send_time = $9, sender = $10,
                    fallback_sender = $11, sms_monthly_limit = $12, resends_unknown = $13, falls_back = $14,
                    email_subject = $15, email_body = $16, keeps_birth_dates = $17, region = $18, links_enabled = $19,
                    report_to = $20, version = version + 1, changed_at = $21
                WHERE id = $22 AND version = $23
                RETURNING \(Columns.list(Columns.practice))
                """,
                values: Self.values(fields) + [
                    now.milliseconds.sqlValue, id.rawValue.sqlValue, old.version.sqlValue,
                ]
            )
            guard row != nil else { throw StorageError.stale }
            let practice = try Lookup.read(row, Practice.init)
            try Self.forgetRegistrations(practice, from: old, now: now, in: transaction)
            try ReminderMoves.follow(practice, from: old, in: transaction)
            return practice
        }
    }

    /// Stops all sending of a practice, or lets it go on; what waited for that is looked at again.
    @discardableResult
    public func setPaused(_ id: Practice.ID, _ paused: Bool, now: Date) async throws -> Practice {
        try await driver.write { transaction in
            let old = try Lookup.practice(id, in: transaction)
            if old.paused == paused { return old }
            let row = try transaction.first(
                """
                UPDATE practices SET paused = $1, version = version + 1, changed_at = $2 WHERE id = $3
                RETURNING \(Columns.list(Columns.practice))
                """,
                paused,
                now.milliseconds,
                id.rawValue
            )
            let practice = try Lookup.read(row, Practice.init)
            if !paused {
                try ReminderMoves.wake(.practicePaused, practice: id, in: transaction)
                try HoldStore.practiceResumed(id, now: now, in: transaction)
            }
            return practice
        }
    }

    /// In the order of the columns from `name` to `report_to` as the statements name them.
    private static func values(_ fields: PracticeFields) -> [SQLValue] {
        [
            fields.name.sqlValue, fields.timeZone.identifier.sqlValue, fields.country.rawValue.sqlValue,
            fields.language.rawValue.sqlValue, fields.smsEnabled.sqlValue, fields.emailEnabled.sqlValue,
            fields.smsSendTime.rawValue.sqlValue, fields.emailSendTime.rawValue.sqlValue,
            fields.latestSendTime.description.sqlValue, (fields.sender?.value).sqlValue,
            (fields.fallbackSender?.value).sqlValue, fields.smsMonthlyLimit.sqlValue, fields.resendsUnknown.sqlValue,
            fields.fallsBack.sqlValue, (fields.emailTexts.subject?.source).sqlValue,
            (fields.emailTexts.body?.source).sqlValue, fields.keepsBirthDates.sqlValue, fields.region.sqlValue,
            fields.linksEnabled.sqlValue, (fields.reportTo?.value).sqlValue,
        ]
    }

    /// Where a location has no sender of its own, what was said about the registration was about the practice's old one.
    private static func forgetRegistrations(
        _ practice: Practice,
        from old: Practice,
        now: Date,
        in transaction: Transaction
    ) throws {
        guard old.sender != nil, practice.sender != old.sender else { return }
        try transaction.execute(
            """
            UPDATE locations SET sender_registered = 0, sender_registered_on = NULL, version = version + 1, changed_at = $1
            WHERE practice_id = $2 AND sender IS NULL AND sender_registered = 1
            """,
            now.milliseconds,
            practice.id.rawValue
        )
    }

    /// Links need an address and a key, the same one from then on, and room behind every location's text.
    private func beginLinks(_ practice: Practice.ID?, in transaction: Transaction) throws {
        guard let links, let secrets else { throw ProblemList(FieldProblem("linksEnabled", .linksUnavailable)) }
        try secrets.claim(in: transaction)
        guard let practice else { return }
        let maximum = links.address.closingTextMaximum
        let rows = try transaction.query(
            "SELECT name, closing_text FROM locations WHERE practice_id = $1 ORDER BY name, id",
            practice.rawValue
        )
        let tooLong = try rows.filter { (GSM0338.septets(of: try $0.text(1)) ?? 0) > maximum }.map { try $0.text(0) }
        guard !tooLong.isEmpty else { return }
        let arguments = ["locations": tooLong.joined(separator: ", "), "maximum": String(maximum)]
        throw ProblemList(FieldProblem("linksEnabled", .linksTextTooLong, arguments))
    }

    /// Rule 5: SMS cannot be on where a location would be left without any sender.
    private static func checkSender(
        _ fields: PracticeFields,
        practice: Practice.ID?,
        in transaction: Transaction
    ) throws {
        guard fields.smsEnabled, fields.sender == nil else { return }
        var senders: [Bool] = []
        if let practice {
            senders = try transaction.query(
                "SELECT sender FROM locations WHERE practice_id = $1",
                practice.rawValue
            ).map { !$0.isNull(0) }
        }
        if senders.isEmpty || senders.contains(false) {
            throw ProblemList(FieldProblem("senderId", .senderMissing))
        }
    }
}
