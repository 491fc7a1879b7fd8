import Database
import Domain
import Foundation

/// What a page may show to whoever holds the word of an e-mail: a link may come into other hands than the patient's.
public struct Unsubscription: Hashable, Sendable {
    public let practiceName: String
    /// Such as `a…@example.org`.
    public let maskedAddress: String
    /// No e-mails are sent to the address any more.
    public let isDone: Bool
}

/// Ends e-mails by the word that each of them carries (RFC 8058).
public struct UnsubscribeStore: Sendable {
    let driver: any SQLDriver

    /// Reading changes nothing: what scans mails follows their links.
    ///
    /// - Throws: ``StorageError/notFound``, also once the patient's data was erased.
    public func find(_ word: String) async throws -> Unsubscription {
        try await driver.read { transaction in
            let mail = try Self.mail(word, in: transaction)
            let isOpen = try transaction.first(
                "SELECT 1 FROM patients WHERE email_consent <> $1 AND \(Self.isMeant) LIMIT 1",
                Consent.withdrawn.rawValue,
                mail.practice,
                mail.patient,
                mail.address
            )
            return Unsubscription(
                practiceName: mail.practiceName,
                maskedAddress: EmailAddress(stored: mail.address)?.masked ?? "",
                isDone: isOpen == nil
            )
        }
    }

    /// Withdraws the consent to e-mails: of the patient whom the e-mail was for, and of all in the practice who are reached by
    /// that address, since whoever reads it has said so. What is planned stops at its send time (rule 12). Doing it again changes
    /// nothing.
    ///
    /// - Throws: ``StorageError/notFound``
    public func withdraw(_ word: String, now: Date) async throws {
        try await driver.write { transaction in
            let mail = try Self.mail(word, in: transaction)
            let changed = try transaction.query(
                """
                UPDATE patients SET email_consent = 'withdrawn', version = version + 1, changed_at = $1
                WHERE email_consent <> 'withdrawn' AND \(Self.isMeant) RETURNING id
                """,
                now.milliseconds,
                mail.practice,
                mail.patient,
                mail.address
            ).map { try $0.integer(0) }
            try ConsentRows.note(
                changed,
                mail.practice,
                .email,
                .withdrawn,
                .unsubscribe,
                nil,
                now: now,
                in: transaction
            )
        }
    }

    /// Practice, patient and address are the parameters from the second on.
    private static let isMeant = """
        practice_id = $2 AND erased_at IS NULL AND (id = $3
            OR LOWER(\(ReachedColumns.email(of: "patients"))) = LOWER($4))
        """

    private static func mail(
        _ word: String,
        in transaction: Transaction
    ) throws -> (practice: Int64, practiceName: String, patient: Int64, address: String) {
        let row = try transaction.first(
            """
            SELECT m.practice_id, p.name, r.patient_id, m.recipient
            FROM mails e JOIN messages m ON m.id = e.message_id JOIN reminders r ON r.id = m.reminder_id
            JOIN practices p ON p.id = m.practice_id
            WHERE e.unsubscribe_word = $1 AND m.recipient <> ''
            """,
            word
        )
        guard let row else { throw StorageError.notFound }
        return (try row.integer(0), try row.text(1), try row.integer(2), try row.text(3))
    }
}
