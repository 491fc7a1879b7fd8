import Database
import Domain
import Foundation

/// Reminders that did not arrive and go by the other channel instead, where the practice wants that: once, before the
/// latest send time, and only to who agreed to that channel.
public struct FallbackStore: Sendable {
    /// At most so many messages a round.
    private static let roundSize = 500

    let driver: any SQLDriver

    /// Decides, once for each, about messages that came to a bad end; returns how many stand-ins were planned.
    public func round(now: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            let ids = try transaction.query(
                """
                SELECT id FROM messages
                WHERE fell_back IS NULL AND status NOT IN ('submitted', 'delivered') AND NOT EXISTS (
                    SELECT 1 FROM reminders r WHERE r.id = messages.reminder_id AND r.state = 'planned')
                    AND NOT EXISTS (
                        SELECT 1 FROM attempts a
                        WHERE a.message_id = messages.id AND COALESCE(a.ended_at, 0) = 0)
                ORDER BY id LIMIT $1\(transaction.dialect.skipLocked)
                """,
                Self.roundSize
            ).map { try $0.integer(0) }
            let failed = try ids.isEmpty ? [] : Self.failed(ids, in: transaction)
            var planned: Set<Int64> = []
            for message in failed where message.mayFallBack(at: now) {
                if try Self.plan(message, now: now, in: transaction) { planned.insert(message.id) }
            }
            if !planned.isEmpty { try transaction.announce(.reminders) }
            try transaction.execute(
                "UPDATE messages SET fell_back = given.answer FROM given WHERE messages.id = given.message",
                given: GivenRows(
                    ["message": .integer, "answer": .integer],
                    ids.map { [.integer($0), planned.contains($0).sqlValue] }
                )
            )
            return planned.count
        }
    }

    /// The reminders among them that still matter: of a booked appointment that is as it was when they were planned, by a
    /// channel that somebody still wants.
    private static func failed(_ ids: [Int64], in transaction: Transaction) throws -> [FailedReminder] {
        try transaction.query(
            """
            SELECT m.id, r.id, r.channel, r.latest_at, a.start_at,
                CASE r.channel WHEN 'sms' THEN pr.email_enabled ELSE pr.sms_enabled END,
                CASE r.channel WHEN 'sms' THEN \(ReachedColumns.email(of: "p"))
                    ELSE \(ReachedColumns.mobile(of: "p")) END,
                CASE r.channel WHEN 'sms' THEN p.email_consent ELSE p.sms_consent END
            FROM messages m
            JOIN reminders r ON r.id = m.reminder_id
            JOIN appointments a ON a.id = r.appointment_id
            JOIN patients p ON p.id = r.patient_id
            JOIN practices pr ON pr.id = r.practice_id
            WHERE \(transaction.dialect.isOne("m.id", of: "$1")) AND pr.falls_back = 1 AND r.purpose = 'reminder'
                AND r.stands_in_for IS NULL AND a.status = 'booked' AND a.generation = r.generation
                AND a.reminder_kind IN (r.channel, 'both') AND a.patient_id = r.patient_id AND p.erased_at IS NULL
            ORDER BY m.id
            """,
            values: [.integers(ids)]
        ).entities { reader in
            FailedReminder(
                id: try reader.integer(),
                reminder: try reader.integer(),
                channel: try reader.word(),
                latestAt: try reader.date(),
                start: try reader.date(),
                isEnabled: try reader.bool(),
                address: try reader.optionalText(),
                consent: try reader.word()
            )
        }
    }

    /// Plans the stand-in, due at once. A row of the other channel that was skipped, and by which surely nothing left, is
    /// used for it; any other one means that the patient has, or will have, a reminder by that channel.
    private static func plan(_ failed: FailedReminder, now: Date, in transaction: Transaction) throws -> Bool {
        try transaction.first(
            """
            INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,
                due_at, latest_at, next_at, state, turn, calling_code, stands_in_for)
            SELECT r.practice_id, r.appointment_id, r.patient_id, $1, 'reminder', r.generation, r.day, r.time_zone,
                $2, r.latest_at, $2, 'planned', 0, p.calling_code, r.id
            FROM reminders r JOIN patients p ON p.id = r.patient_id WHERE r.id = $3
            ON CONFLICT (appointment_id, channel, purpose, generation) DO UPDATE
            SET patient_id = excluded.patient_id, calling_code = excluded.calling_code, day = excluded.day,
                time_zone = excluded.time_zone, due_at = excluded.due_at, latest_at = excluded.latest_at,
                next_at = excluded.next_at, turn = excluded.turn, state = 'planned', reason = NULL,
                stands_in_for = excluded.stands_in_for
            WHERE reminders.state = 'skipped' AND \(ReminderRows.surelyUnsent)
            RETURNING id
            """,
            failed.channel.other.rawValue,
            now.milliseconds,
            failed.reminder
        ) != nil
    }
}

/// A reminder that did not arrive, with what decides about its stand-in.
private struct FailedReminder {
    /// The message's.
    let id: Int64
    let reminder: Int64
    /// By which it failed; everything below is about the other one.
    let channel: Channel
    let latestAt: Date
    let start: Date
    let isEnabled: Bool
    let address: String?
    let consent: Consent

    /// Without a word from the patient nothing is sent by a channel that nobody chose.
    func mayFallBack(at now: Date) -> Bool {
        isEnabled && address != nil && consent == .given && now <= latestAt && now < start
    }
}
