import Database
import Domain
import Foundation

/// Where one reminder stands, for a screen or the interface.
public struct ReminderStanding: Hashable, Sendable {
    public let reminder: Reminder
    /// Why it was not sent; for a planned one what stands against it now, nil if nothing does.
    public let reason: SkipReason?
    public let message: Message?

    public init(reminder: Reminder, reason: SkipReason?, message: Message?) {
        self.reminder = reminder
        self.reason = reason
        self.message = message
    }

    /// Whether it goes instead of one by the other channel that did not arrive.
    public var isStandIn: Bool { reminder.standsInFor != nil }

    /// The interface's word: `planned`, `skipped`, the status of the message, or `unclear`.
    public var stateWord: String {
        if reminder.state == .skipped { return Reminder.State.skipped.rawValue }
        if let status = message?.state.status { return status.rawValue }
        if reminder.state == .planned { return Reminder.State.planned.rawValue }
        return "unclear"
    }
}

/// Reads where reminders stand, with what is true now.
enum ReminderStandings {
    enum Reach: Sendable {
        /// Those of the appointment as it is now, and all corrections; where there are none, all.
        case current
        case all
    }

    /// The reminders and corrections of some appointments, in the order in which they were planned.
    static func of(
        _ appointments: [Appointment.ID],
        _ reach: Reach = .all,
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [ReminderStanding]] {
        if appointments.isEmpty { return [:] }
        let found = try read(appointments, reach, now: now, in: transaction)
        guard reach == .current else { return found }
        let others = appointments.filter { found[$0] == nil }
        return found.merging(try of(others, .all, now: now, in: transaction)) { $1 }
    }

    private static func read(
        _ appointments: [Appointment.ID],
        _ reach: Reach,
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [ReminderStanding]] {
        let isReached = reach == .all ? "1 = 1" : "(r.generation = a.generation OR r.purpose = 'correction')"
        var found = try transaction.query(
            """
            SELECT \(Columns.reminder(of: "r", with: "m")), \(Columns.list(Columns.message, of: "m"))
            FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id
            LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE \(transaction.dialect.isOne("a.id", of: "$1")) AND r.purpose <> 'confirmation' AND \(isReached)
            """,
            values: [.integers(appointments.map(\.rawValue))]
        ).map { row in
            var reader = RowReader(row)
            let reminder = try Reminder(&reader)
            return (reminder: reminder, message: reader.isNull ? nil : try Message(&reader))
        }
        found.sort { $0.reminder.id < $1.reminder.id }
        let reasons = try liveReasons(of: found.map(\.reminder), now: now, in: transaction)
        let standings = found.map { reminder, message in
            let reason = reminder.state == .planned ? reasons[reminder.id] : reminder.reason
            return ReminderStanding(reminder: reminder, reason: reason, message: message)
        }
        return Dictionary(grouping: standings, by: \.reminder.appointmentID)
    }

    /// What stands against each planned reminder now; those that nothing stands against are left out.
    static func liveReasons(
        of reminders: [Reminder],
        now: Date,
        in transaction: Transaction
    ) throws -> [Reminder.ID: SkipReason] {
        let planned = reminders.filter { $0.state == .planned }
        if planned.isEmpty { return [:] }
        var carriers: [Practice.ID: Carriers] = [:]
        var mailboxes: [Practice.ID: MailCarriers] = [:]
        var reasons: [Reminder.ID: SkipReason] = [:]
        var allowance = MonthlyAllowance(now: now)
        for var context in try ReminderContextReader.contexts(ids: planned.map(\.id), nil, in: transaction) {
            // A limit holds for its month: what is due in another is not held up by this one's.
            if UsageStore.month(of: context.reminder.dueAt) <= UsageStore.month(of: now) {
                context.limitReached = try allowance.isSpent(for: context, in: transaction)
            }
            let practice = context.reminder.practiceID
            if context.reminder.channel == .email {
                let its = try mailboxes[practice] ?? MailboxStore.carriers(of: practice, in: transaction)
                mailboxes[practice] = its
                let lacking = its.carry(context.practitionerID) ? nil : SkipReason.noMailbox
                reasons[context.reminder.id] = MessageComposer.obstacle(context, now: now) ?? lacking
                continue
            }
            let its = try carriers[practice] ?? ProviderStore.carriers(of: practice, in: transaction)
            carriers[practice] = its
            switch MessageComposer.compose(context, hasProvider: its.carry(context.mobile), now: now) {
            case .message, .putOff: continue
            case .skip(let reason), .wait(let reason): reasons[context.reminder.id] = reason
            }
        }
        return reasons
    }
}
