import Foundation

/// A reminder that is about to be written beside its appointment.
public struct PlannedReminder: Hashable, Sendable {
    public let channel: Channel
    public let purpose: Reminder.Purpose
    public let generation: Int64
    /// The calendar day on which it leaves, in the appointment's zone.
    public let day: LocalDate
    public let dueAt: Date
    public let latestAt: Date
}

/// Turns an appointment into the reminders that it is owed (rule 1).
public enum ReminderPlanner {
    /// One reminder for each channel of the appointment's kind, on the day before; none for one that is not booked.
    public static func plan(_ appointment: Appointment, practice: Practice) -> [PlannedReminder] {
        guard appointment.status == .booked else { return [] }
        return Channel.allCases.filter(appointment.reminderKind.channels.contains).map { channel in
            let schedule = ReminderSchedule(
                start: appointment.wallStart,
                zone: appointment.timeZone,
                sendTime: practice.sendTime(channel),
                latest: practice.latestSendTime
            )
            return PlannedReminder(
                channel: channel,
                purpose: .reminder,
                generation: appointment.generation,
                day: schedule.day,
                dueAt: schedule.dueAt,
                latestAt: schedule.latestAt
            )
        }
    }

    /// A correction leaves at once between 07:00 and 21:00 in the appointment's zone, else at the next 07:00;
    /// after the start that the patient was told it makes no sense any more.
    public static func correction(
        _ channel: Channel,
        for appointment: Appointment,
        toldStart: Date,
        now: Date
    ) -> PlannedReminder {
        let dueAt = correctionLeaves(now, in: appointment.timeZone)
        return PlannedReminder(
            channel: channel,
            purpose: .correction,
            generation: appointment.generation,
            day: WallTime.of(dueAt, in: appointment.timeZone).date,
            dueAt: dueAt,
            latestAt: max(toldStart, now)
        )
    }

    /// When a correction may leave at the earliest: now between 07:00 and 21:00, else the next 07:00.
    public static func correctionLeaves(_ now: Date, in zone: TimeZone) -> Date {
        let wall = WallTime.of(now, in: zone)
        if wall.hour < 7 { return WallTime(date: wall.date, hour: 7, minute: 0).instant(in: zone) }
        if wall.hour < 21 { return now }
        return WallTime(date: wall.date.adding(days: 1), hour: 7, minute: 0).instant(in: zone)
    }
}
