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
    }

    /// The reminders and corrections of some appointments, in the order in which they were planned.
    static func of(
        _ appointments: [Appointment.ID],
        _ reach: Reach = .all,
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
        return try judged(found, now: now, in: transaction)
    }

    /// Their signs: what a calendar shows of hundreds at once.
    static func signs(
        _ appointments: [Appointment.ID],
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [ReminderSign]] {
        let columns = """
            r.appointment_id, r.id, r.state, r.reason, r.purpose, r.generation, m.id, m.status, m.unclear, m.presumed
            """
        let found = try read(columns, of: appointments, .current, in: transaction) { reader -> Found<ReminderSign> in
            let (appointment, id): (Appointment.ID, Reminder.ID) = (try reader.id(), try reader.id())
            let (state, reason): (Reminder.State, SkipReason?) = (try reader.word(), try reader.optionalWord())
            let purpose: Reminder.Purpose = try reader.word()
            let generation = try reader.integer()
            let message: Message.State? =
                try reader.optionalInteger() == nil ? nil : try Message.State(&reader)
            return Found(appointment: appointment, id: id, state: state, reason: reason) { reason in
                ReminderSign(
                    isCorrection: purpose == .correction,
                    generation: generation,
                    state: state,
                    reason: reason,
                    message: message
                )
            }
        }
        return try judged(found, now: now, in: transaction)
    }

    /// A reminder as it was read, before it is known what stands against it now.
    private struct Found<Told> {
        let appointment: Appointment.ID
        let id: Reminder.ID
        let state: Reminder.State
        /// The one on record.
        let reason: SkipReason?
        let told: (SkipReason?) -> Told
    }

    private static func read<Told>(
        _ columns: String,
        of appointments: [Appointment.ID],
        _ reach: Reach,
        in transaction: Transaction,
        _ entity: (inout RowReader) throws -> Found<Told>
    ) throws -> [Found<Told>] {
        if appointments.isEmpty { return [] }
        let isReached = reach == .all ? "1 = 1" : "(r.generation = a.generation OR r.purpose = 'correction')"
        let found = try transaction.query(
            """
            SELECT \(columns)
            FROM appointments a
            JOIN reminders r ON r.appointment_id = a.id
            LEFT JOIN messages m ON m.reminder_id = r.id
            WHERE \(transaction.dialect.isOne("a.id", of: "$1")) AND r.purpose <> 'confirmation' AND \(isReached)
            """,
            values: [.integers(appointments.map(\.rawValue))]
        ).entities(entity)
        guard reach == .current else { return found }
        let reached = Set(found.map(\.appointment))
        let others = appointments.filter { !reached.contains($0) }
        return found + (try read(columns, of: others, .all, in: transaction, entity))
    }

    private static func judged<Told>(
        _ found: [Found<Told>],
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment.ID: [Told]] {
        let planned = found.filter { $0.state == .planned }.map(\.id)
        let reasons = try liveReasons(of: planned, now: now, in: transaction)
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
        for var context in try ReminderContextReader.contexts(ids: planned, nil, in: transaction) {
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
