import Database
import Domain
import Foundation

/// What a change of settings does to reminders that are planned.
enum ReminderMoves {
    /// Takes the planned reminders along with new send times, and wakes what waited for a channel or for more room in the
    /// month.
    static func follow(_ practice: Practice, from old: Practice, in transaction: Transaction) throws {
        for channel in Channel.allCases {
            let isMoved =
                practice.sendTime(channel) != old.sendTime(channel) || practice.latestSendTime != old.latestSendTime
            if isMoved { try reschedule(channel, practice, in: transaction) }
            if practice.isEnabled(channel), !old.isEnabled(channel) {
                try wake(.channelOff, practice: practice.id, channel: channel, in: transaction)
            }
        }
        if isRaised(practice.smsMonthlyLimit, from: old.smsMonthlyLimit) {
            try wake(.monthlyLimit, practice: practice.id, in: transaction)
        }
    }

    private static func isRaised(_ limit: Int?, from old: Int?) -> Bool {
        guard let old else { return false }
        return limit.map { $0 > old } ?? true
    }

    /// Rule 5: every reminder that was not started yet; one that is then past goes at once.
    private static func reschedule(_ channel: Channel, _ practice: Practice, in transaction: Transaction) throws {
        let days = try transaction.query(
            """
            SELECT DISTINCT day, time_zone FROM reminders
            WHERE practice_id = $1 AND channel = $2 AND state = 'planned' AND purpose = 'reminder'
            """,
            practice.id.rawValue,
            channel.rawValue
        )
        let changes: [[SQLValue]] = try days.map { row in
            var reader = RowReader(row)
            let day = try reader.stored { LocalDate(iso: $0) }
            let zone = try reader.zone()
            let schedule = ReminderSchedule(
                day: day,
                zone: zone,
                sendTime: practice.sendTime(channel),
                latest: practice.latestSendTime
            )
            return [
                schedule.dueAt.milliseconds.sqlValue, schedule.latestAt.milliseconds.sqlValue,
                practice.id.rawValue.sqlValue, channel.rawValue.sqlValue, try row.text(0).sqlValue,
                try row.text(1).sqlValue,
            ]
        }
        try transaction.execute(
            """
            UPDATE reminders SET due_at = $1, latest_at = $2, next_at = $1
            WHERE practice_id = $3 AND channel = $4 AND day = $5 AND time_zone = $6 AND state = 'planned'
                AND purpose = 'reminder'
            """,
            each: changes
        )
        try transaction.announce(.reminders)
    }

    /// Has e-mails looked at again that are due and were put off: a mailbox has changed, and with it what it may send.
    static func wakeMails(of practice: Practice.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET next_at = due_at
            WHERE state = 'planned' AND channel = 'email' AND practice_id = $1 AND due_at <= $2 AND next_at > $2
            """,
            practice.rawValue,
            now.milliseconds
        )
    }

    /// Has reminders looked at again that wait for a reason which has passed. Without a practice: of all of them.
    static func wake(
        _ reason: SkipReason,
        practice: Practice.ID?,
        channel: Channel? = nil,
        in transaction: Transaction
    ) throws {
        var conditions = Conditions()
        conditions.add("state = 'planned' AND reason = ?", reason.rawValue)
        if let practice { conditions.add("practice_id = ?", practice.rawValue) }
        if let channel { conditions.add("channel = ?", channel.rawValue) }
        try transaction.execute(
            "UPDATE reminders SET next_at = due_at, reason = NULL WHERE \(conditions.sql)",
            values: conditions.values
        )
        try transaction.announce(.reminders)
    }
}
