import Database
import Domain
import Foundation

/// The history of consents: each change is written together with what it changes.
enum ConsentRows {
    /// - Parameters:
    ///   - patients: whose consent became another one.
    ///   - actor: who put it on record; nil: the patients themselves.
    static func note(
        _ patients: [Int64],
        _ practice: Int64,
        _ channel: Channel,
        _ consent: Consent,
        _ means: ConsentEntry.Means,
        _ actor: Actor?,
        now: Date,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO consents (practice_id, patient_id, channel, consent, means, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            each: patients.map { patient in
                [
                    practice.sqlValue, patient.sqlValue, channel.rawValue.sqlValue, consent.rawValue.sqlValue,
                    means.rawValue.sqlValue, (actor?.name ?? "").sqlValue, now.milliseconds.sqlValue,
                ]
            }
        )
    }

    /// What a form or the interface changed.
    static func note(
        _ fields: PatientFields,
        from old: Patient?,
        of patient: Patient,
        _ actor: Actor?,
        now: Date,
        in transaction: Transaction
    ) throws {
        let changes = [
            (channel: Channel.sms, consent: fields.smsConsent, means: fields.smsConsentMeans),
            (channel: Channel.email, consent: fields.emailConsent, means: fields.emailConsentMeans),
        ]
        for change in changes where change.consent != old?.consent(change.channel) ?? .unknown {
            try note(
                [patient.id.rawValue],
                patient.practiceID.rawValue,
                change.channel,
                change.consent,
                change.means,
                actor,
                now: now,
                in: transaction
            )
        }
    }
}

extension PatientStore {
    /// What a patient said to messages, the newest first.
    public func consents(
        _ patient: Patient.ID,
        _ practice: Practice.ID,
        limit: Int = 50
    ) async throws -> [ConsentEntry] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT channel, consent, means, actor, at FROM consents
                WHERE patient_id = $1 AND practice_id = $2 ORDER BY id DESC LIMIT $3
                """,
                patient.rawValue,
                practice.rawValue,
                limit
            ).entities { reader in
                ConsentEntry(
                    channel: try reader.word(),
                    consent: try reader.word(),
                    means: try reader.word(),
                    actor: try reader.text(),
                    at: try reader.date()
                )
            }
        }
    }
}
