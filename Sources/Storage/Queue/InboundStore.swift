import Database
import Domain
import Foundation

/// Messages that people sent to us. One that only says "stop" withdraws consent at once; others wait for the staff.
public struct InboundStore: Sendable {
    let driver: any SQLDriver

    /// Puts messages on record, finds whom they are from, and does what a "stop" asks for, all together. One that came
    /// before is taken once.
    ///
    /// - Returns: how many could not be told to be of any practice.
    @discardableResult
    public func record(_ messages: [InboundSMS], from provider: Provider.ID, at now: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            var unknown = 0
            for message in messages {
                let origin = try InboundOrigin.of(message, provider: provider, in: transaction)
                let isStop = OptOut.isMeant(by: message.text)
                guard try Self.insert(message, origin, provider, isStop: isStop, now: now, in: transaction) else {
                    continue
                }
                guard let practice = origin.practice else {
                    unknown += 1
                    continue
                }
                if isStop { try Self.withdraw(message.sender, practice, origin, now: now, in: transaction) }
            }
            return unknown
        }
    }

    /// False for one that is on record already.
    private static func insert(
        _ message: InboundSMS,
        _ origin: InboundOrigin,
        _ provider: Provider.ID,
        isStop: Bool,
        now: Date,
        in transaction: Transaction
    ) throws -> Bool {
        try transaction.first(
            """
            INSERT INTO inbound (provider_id, provider_message_id, practice_id, patient_id, message_id, sender, recipient,
                text, kind, received_at, done_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (provider_id, provider_message_id) WHERE provider_message_id <> '' DO NOTHING
            RETURNING id
            """,
            provider.rawValue,
            String(message.providerMessageID.prefix(255)),
            origin.practice,
            origin.patient,
            origin.message,
            String(message.sender.prefix(40)),
            String(message.recipient.prefix(40)),
            String(message.text.prefix(5000)).replacingOccurrences(of: "\0", with: " "),
            isStop ? "stop" : "answer",
            now.milliseconds,
            isStop && origin.practice != nil ? now.milliseconds : nil
        ) != nil
    }

    /// Everyone in the practice who is reached by this number: who holds the phone has said so.
    private static func withdraw(
        _ number: String,
        _ practice: Int64,
        _ origin: InboundOrigin,
        now: Date,
        in transaction: Transaction
    ) throws {
        let changed = try transaction.query(
            """
            UPDATE patients SET sms_consent = 'withdrawn', version = version + 1, changed_at = $1
            WHERE \(ReachedColumns.reaches("$2", "patients")) AND practice_id = $3 AND sms_consent <> 'withdrawn'
                AND erased_at IS NULL RETURNING id
            """,
            now.milliseconds,
            number,
            practice
        ).map { try $0.integer(0) }
        try ConsentRows.note(changed, practice, .sms, .withdrawn, .sms, nil, now: now, in: transaction)
        guard !changed.isEmpty, let appointment = origin.appointment, let patient = origin.patient else { return }
        try confirm(appointment, patient, now: now, in: transaction)
    }

    /// Owes the confirmation: once for each withdrawal, within a day, as the composer allows the hours.
    private static func confirm(
        _ appointment: Int64,
        _ patient: Int64,
        now: Date,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day,
                time_zone, due_at, latest_at, next_at, state, turn, calling_code)
            SELECT a.practice_id, a.id, p.id, 'sms', 'confirmation', (
                    SELECT COALESCE(MAX(o.generation), 0) + 1 FROM reminders o
                    WHERE o.appointment_id = a.id AND o.purpose = 'confirmation'),
                $1, a.time_zone, $2, $3, $2, 'planned', 0, p.calling_code
            FROM appointments a JOIN patients p ON p.id = $4 WHERE a.id = $5
            """,
            WallTime.of(now, in: .gmt).date.iso,
            now.milliseconds,
            (now + 86_400).milliseconds,
            patient,
            appointment
        )
        try transaction.announce(.reminders)
    }

    /// Forgets what belongs to no practice and came before the instant: nobody will read it.
    public func dropStrangers(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                "DELETE FROM inbound WHERE practice_id IS NULL AND received_at < $1",
                instant.milliseconds
            )
        }
    }
}
