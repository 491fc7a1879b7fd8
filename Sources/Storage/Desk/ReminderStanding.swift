import Database
import Domain
import Foundation

/// Where one reminder stands, for a screen or the interface.
public struct ReminderStanding: Hashable, Sendable {
    public let reminder: Reminder
    /// Why it was not sent; for a planned one what stands against it now, nil if nothing does.
    public let reason: SkipReason?
    public let message: Message?
    /// Of a correction's message: that it tells a cancellation.
    public let saysCancelled: Bool

    public init(reminder: Reminder, reason: SkipReason?, message: Message?, saysCancelled: Bool = false) {
        self.reminder = reminder
        self.reason = reason
        self.message = message
        self.saysCancelled = saysCancelled
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

/// How one reminder stands, in so far as a sign beside its appointment tells.
public struct ReminderSign: Hashable, Sendable {
    public let id: Reminder.ID
    public let isCorrection: Bool
    /// The appointment's when the reminder was planned.
    public let generation: Int64
    public let state: Reminder.State
    /// As in ``ReminderStanding/reason``.
    public let reason: SkipReason?
    /// nil where there is no message yet.
    public let message: Message.State?
}

extension ReminderStanding {
    public var sign: ReminderSign {
        ReminderSign(
            id: reminder.id,
            isCorrection: reminder.purpose == .correction,
            generation: reminder.generation,
            state: reminder.state,
            reason: reason,
            message: message?.state
        )
    }
}

/// Reads where reminders stand, with what is true now.
enum ReminderStandings {
    enum Reach: Sendable {
        /// Those of the appointment as it is now, and all corrections; where there are none, all.
        case current
        case all

        /// Which rows `r` are meant of the appointment `a`.
        var condition: String {
            switch self {
            case .all: "r.purpose <> 'confirmation'"
            case .current: "r.purpose <> 'confirmation' AND (r.generation = a.generation OR r.purpose = 'correction')"
            }
        }
    }

    /// The reminders and corrections of some appointments, in the order in which they were planned.
    ///
    /// - Parameter known: signs that were read just now; what stands against those is not asked again.
    static func of(
        _ appointments: [Appointment.ID],
        _ reach: Reach = .all,
        known: [ReminderSign] = [],
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [ReminderStanding]] {
        let columns = """
            \(MessageLog.saysCancelled), \(Columns.reminder(of: "r", with: "m")),
            \(Columns.list(Columns.message, of: "m"))
            """
        let found = try read(columns, of: appointments, reach, in: transaction) { reader -> Found<ReminderStanding> in
            let saysCancelled = try reader.bool()
            let reminder = try Reminder(&reader)
            let message = reader.isNull ? nil : try Message(&reader)
            return Found(
                appointment: reminder.appointmentID,
                id: reminder.id,
                state: reminder.state,
                reason: reminder.reason
            ) {
                ReminderStanding(reminder: reminder, reason: $0, message: message, saysCancelled: saysCancelled)
            }
        }
        return try judged(found, known, now: now, in: transaction)
    }

    /// A reminder as it was read, before it is known what stands against it now.
    struct Found<Told> {
        let appointment: Appointment.ID
        let id: Reminder.ID
        let state: Reminder.State
        /// The one on record.
        let reason: SkipReason?
        let told: (SkipReason?) -> Told
    }

    static func read<Told>(
        _ columns: String,
        of appointments: [Appointment.ID],
        _ reach: Reach,
        in transaction: Transaction,
        _ entity: (inout RowReader) throws -> Found<Told>
    ) throws -> [Found<Told>] {
        if appointments.isEmpty { return [] }
        let found = try transaction.query(
            """
            SELECT \(columns)
            FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id
            LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE \(transaction.dialect.isOne("a.id", of: "$1")) AND \(reach.condition)
            """,
            values: [.integers(appointments.map(\.rawValue))]
        ).entities(entity)
        guard reach == .current else { return found }
        let reached = Set(found.map(\.appointment))
        let others = appointments.filter { !reached.contains($0) }
        return found + (try read(columns, of: others, .all, in: transaction, entity))
    }

    static func judged<Told>(
        _ found: [Found<Told>],
        _ known: [ReminderSign] = [],
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [Told]] {
        let judged = known.filter { $0.state == .planned }
        let judgedIDs = Set(judged.map(\.id))
        let planned = found.filter { $0.state == .planned && !judgedIDs.contains($0.id) }.map(\.id)
        var reasons = try liveReasons(of: planned, now: now, in: transaction)
        for sign in judged { reasons[sign.id] = sign.reason }
        return Dictionary(grouping: found.sorted { $0.id < $1.id }, by: \.appointment).mapValues { found in
            found.map { $0.told($0.state == .planned ? reasons[$0.id] : $0.reason) }
        }
    }

    /// What stands against each planned reminder now; those that nothing stands against are left out.
    private static func liveReasons(
        of planned: [Reminder.ID],
        now: Date,
        in transaction: Transaction
    ) throws -> [Reminder.ID: SkipReason] {
        if planned.isEmpty { return [:] }
        var carriers: [Practice.ID: Carriers] = [:]
        var mailboxes: [Practice.ID: MailCarriers] = [:]
        var reasons: [Reminder.ID: SkipReason] = [:]
        var allowance = MonthlyAllowance(now: now)
        let month = UsageStore.month(of: now)
        for var context in try ReminderContextReader.contexts(ids: planned, nil, in: transaction) {
            // A limit holds for its month: what is due in another is not held up by this one's.
            if context.monthlyLimit != nil, UsageStore.month(of: context.reminder.dueAt) <= month {
                context.limitReached = try allowance.isSpent(for: context, in: transaction)
            }
            let practice = context.reminder.practiceID
            let hasCarrier: Bool
            switch context.reminder.channel {
            case .email:
                let its = try mailboxes[practice] ?? MailboxStore.carriers(of: practice, in: transaction)
                mailboxes[practice] = its
                hasCarrier = its.carry(context.practitionerID)
            case .sms:
                let its = try carriers[practice] ?? ProviderStore.carriers(of: practice, in: transaction)
                carriers[practice] = its
                hasCarrier = its.carry(context.mobile)
            }
            reasons[context.reminder.id] = MessageComposer.reason(against: context, hasCarrier: hasCarrier, now: now)
        }
        return reasons
    }
}
