import Database
import Domain
import Foundation

extension PatientStore {
    /// Erases the person's data and texts, cancels what is planned, and leaves anonymous counts (rule 15).
    ///
    /// - Parameter knowledge: what is known of what goes with it.
    /// - Throws: ``DeletionQuestion`` where something else was announced, `LateChange` where nothing was and the patient may
    ///   have been told of an appointment (rule 11), ``StorageError/notFound``, ``StorageError/stale``
    public func delete(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        knowing knowledge: DeletionKnowledge,
        now: Date
    ) async throws {
        try await driver.write { transaction in
            let old = try Lookup.patient(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            try knowledge.check(try PatientDeletion.of(id, practice, now: now, in: transaction))
            try transaction.execute(
                """
                UPDATE patients SET first_name = '', last_name = '', mobile = NULL, email = NULL, birth_date = NULL,
                    contact_name = '', contact_relation = '', contact_mobile = NULL, contact_email = NULL,
                    reaches_contact = 0, external_id = NULL, email_bounced_at = NULL, email_bounce = NULL,
                    erased_at = $1, version = version + 1, changed_at = $1
                WHERE id = $2
                """,
                now.milliseconds,
                id.rawValue
            )
            try transaction.execute(
                """
                UPDATE reminders SET state = 'skipped', reason = 'cancelled'
                WHERE patient_id = $1 AND state = 'planned'
                """,
                id.rawValue
            )
            try transaction.execute(
                """
                UPDATE appointments SET status = 'cancelled', version = version + 1, changed_at = $1
                WHERE patient_id = $2 AND status = 'booked' AND start_at > $1
                """,
                now.milliseconds,
                id.rawValue
            )
            try Self.eraseTexts(of: id, in: transaction)
            try Self.eraseTraces(of: id, in: transaction)
            try InboundStore.erase(old, in: transaction)
            try CallStore.erase(id, in: transaction)
            try Self.eraseAnswers(to: practice, in: transaction)
        }
        // A receipt that came meanwhile was not seen, and did not see that the texts go.
        try await driver.write(.guarded) { try Self.eraseTexts(of: id, in: $0) }
    }

    /// What else was kept of the person: how to find, what was consented to, what was answered.
    private static func eraseTraces(of id: Patient.ID, in transaction: Transaction) throws {
        try PatientWordRows.remove(of: id.rawValue, in: transaction)
        try transaction.execute("DELETE FROM consents WHERE patient_id = $1", id.rawValue)
        try transaction.execute("DELETE FROM link_answers WHERE patient_id = $1", id.rawValue)
        // No undo may bring back what the person had.
        try transaction.execute(
            "DELETE FROM undos WHERE appointment_id IN (SELECT id FROM appointments WHERE patient_id = $1)",
            id.rawValue
        )
    }

    /// Remembered answers may hold anybody's data, and nothing tells whose. That they were given stays known: a request
    /// that comes again is not done twice. What a form made is remembered by ids alone, without a fingerprint, and stays.
    private static func eraseAnswers(to practice: Practice.ID, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE requests SET body = $1 WHERE practice_id = $2 AND LENGTH(body) > 2 AND fingerprint <> ''",
            StoredAnswer.erasedBody,
            practice.rawValue
        )
    }

    private static func eraseTexts(of id: Patient.ID, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE receipts SET detail = '', raw = '' WHERE message_id IN (
                SELECT m.id FROM messages m JOIN reminders r ON r.id = m.reminder_id WHERE r.patient_id = $1)
            """,
            id.rawValue
        )
        try transaction.execute(
            """
            UPDATE mails SET subject = '', bytes = NULL, copy_detail = '',
                copy = CASE WHEN copy IN ('planned', 'wanted') THEN 'none' ELSE copy END
            WHERE message_id IN (
                SELECT m.id FROM messages m JOIN reminders r ON r.id = m.reminder_id WHERE r.patient_id = $1)
            """,
            id.rawValue
        )
        try transaction.execute(
            """
            UPDATE messages SET recipient = '', text = ''
            WHERE reminder_id IN (SELECT id FROM reminders WHERE patient_id = $1)
            """,
            id.rawValue
        )
    }
}
