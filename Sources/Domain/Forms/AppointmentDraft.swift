import Foundation

/// An appointment as somebody wrote it.
public struct AppointmentDraft: Hashable, Sendable {
    public var patientID = ""
    /// Empty: the only location of the practice.
    public var locationID = ""
    public var practitionerID = ""
    /// RFC 3339 with an offset, or a wall time such as `2027-03-02T10:30`, read in the location's zone.
    public var start = ""
    /// As `start`; empty: an hour after it.
    public var end = ""
    /// How long it takes, in place of an end: minutes that pass, also where the clocks change meanwhile. Empty: `end` says it.
    public var minutes = ""
    /// Empty: booked.
    public var status = ""
    /// nil: the patient's preferred kind (rule 4).
    public var reminderKind: String?
    /// Somebody chose the kind just now, though it may be the one that the appointment has. Otherwise a kind that is
    /// written as it was is left as it was, and what the rules take away from it goes.
    public var isKindChosen = false
    public var externalID = ""

    public init() {}

    public init(
        patientID: String,
        locationID: String = "",
        practitionerID: String = "",
        start: String,
        end: String = "",
        minutes: String = "",
        status: String = "",
        reminderKind: String? = nil,
        externalID: String = ""
    ) {
        self.patientID = patientID
        self.locationID = locationID
        self.practitionerID = practitionerID
        self.start = start
        self.end = end
        self.minutes = minutes
        self.status = status
        self.reminderKind = reminderKind
        self.externalID = externalID
    }

    public init(existing appointment: Appointment) {
        self.init(
            patientID: appointment.patientID.description,
            locationID: appointment.locationID.description,
            practitionerID: appointment.practitionerID?.description ?? "",
            start: RFC3339.format(appointment.start, in: appointment.timeZone),
            end: RFC3339.format(appointment.end, in: appointment.timeZone),
            status: appointment.status.rawValue,
            reminderKind: appointment.reminderKind.rawValue,
            externalID: appointment.externalID ?? ""
        )
    }

    /// Reads what needs no other record; the problems go into `form`, and nil comes back where there are any.
    ///
    /// - Parameters:
    ///   - zone: the zone of the location, in which wall times are read.
    ///   - old: what is being edited. A start that is not edited keeps its instant and zone, whatever the location's
    ///     zone is by now (rule 14).
    public func read(zone: TimeZone, editing old: Appointment? = nil, into form: inout FormReader) -> AppointmentFields?
    {
        let span = span(zone: zone, editing: old, &form)
        let status = form.word(status, "status", standard: Appointment.Status.booked)
        let kind = reminderKind.flatMap { raw -> ReminderKind? in
            let kind = ReminderKind(rawValue: raw.trimmingWhitespace())
            // An empty text is no kind: "none" is written out, and the patient's own is asked for by saying nothing.
            if kind == nil { form.add(FieldProblem("reminderKind", .fieldInvalid)) }
            return kind
        }
        let externalID = form.optionalText(externalID, "externalId")
        guard form.problems.isEmpty, let span, let status else { return nil }
        return AppointmentFields(
            start: span.start,
            end: span.end,
            wallStart: wallStart(at: span.start, in: span.zone),
            timeZone: span.zone,
            status: status,
            explicitKind: kind,
            isKindChosen: isKindChosen,
            externalID: externalID
        )
    }

    /// What was written, also where the clocks jump over it; of an instant what the clocks show then.
    private func wallStart(at instant: Date, in zone: TimeZone) -> WallTime {
        let written = WallTime(iso: start.trimmingWhitespace())
        return written.flatMap { $0.instant(in: zone) == instant ? $0 : nil } ?? WallTime.of(instant, in: zone)
    }

    private func span(
        zone: TimeZone,
        editing old: Appointment?,
        _ form: inout FormReader
    ) -> (start: Date, end: Date, zone: TimeZone)? {
        if let old, Self.instant(start, old.timeZone) == old.start {
            guard let end = end(after: old.start, old.timeZone, old, &form) else { return nil }
            return (old.start, end, old.timeZone)
        }
        let zone = old.map { $0.locationID.description == locationID.trimmingWhitespace() ? $0.timeZone : zone } ?? zone
        guard let start = Self.instant(start, zone) else {
            let isMissing = start.trimmingWhitespace().isEmpty
            form.add(FieldProblem("start", isMissing ? .fieldRequired : .fieldInvalid))
            return nil
        }
        if let old, keepsEnd(of: old), !Self.fits(old.end, start, old, zone) {
            return (start, start + old.end.timeIntervalSince(old.start), zone)
        }
        guard let end = end(after: start, zone, old, &form) else { return nil }
        return (start, end, zone)
    }

    /// Whether an end that nobody edited can stay: it does not where the start moved to another day or behind it.
    private static func fits(_ end: Date, _ start: Date, _ old: Appointment, _ zone: TimeZone) -> Bool {
        end > start && WallTime.of(start, in: zone).date == old.wallStart.date
    }

    private func keepsEnd(of old: Appointment) -> Bool {
        minutes.trimmingWhitespace().isEmpty && Self.instant(end, old.timeZone) == old.end
    }

    private func end(after start: Date, _ zone: TimeZone, _ old: Appointment?, _ form: inout FormReader) -> Date? {
        guard let end = writtenEnd(after: start, zone) else {
            form.add(FieldProblem("end", .fieldInvalid))
            return nil
        }
        guard end > start else {
            form.add(FieldProblem("end", .appointmentEndBeforeStart))
            return nil
        }
        let length = end.timeIntervalSince(start)
        // What is on record may be longer; it can still be changed otherwise.
        guard length <= Appointment.longest || length == old.map({ $0.end.timeIntervalSince($0.start) }) else {
            form.add(FieldProblem("end", .appointmentTooLong))
            return nil
        }
        return end
    }

    /// nil for what cannot be read.
    private func writtenEnd(after start: Date, _ zone: TimeZone) -> Date? {
        let minutes = minutes.trimmingWhitespace()
        guard minutes.isEmpty else {
            return Int(minutes).flatMap { (-100_000...100_000).contains($0) ? start + Double($0 * 60) : nil }
        }
        return end.trimmingWhitespace().isEmpty ? start + 3_600 : Self.instant(end, zone)
    }

    private static func instant(_ raw: String, _ zone: TimeZone) -> Date? {
        let text = raw.trimmingWhitespace()
        let read = RFC3339.parse(text)?.instant ?? WallTime(iso: text)?.instant(in: zone)
        // The tables keep milliseconds.
        return read.map { Date(timeIntervalSince1970: ($0.timeIntervalSince1970 * 1_000).rounded() / 1_000) }
    }
}

/// What an appointment's form says by itself, checked.
public struct AppointmentFields: Hashable, Sendable {
    public let start: Date
    public let end: Date
    /// The start by the clock on the wall; on the day on which the clocks jump over it, it begins later than this says.
    public let wallStart: WallTime
    public let timeZone: TimeZone
    public let status: Appointment.Status
    /// nil: the patient's preferred kind.
    public let explicitKind: ReminderKind?
    /// As of the draft.
    public let isKindChosen: Bool
    public let externalID: String?

    /// The same so many days later by the clock on the wall, without the caller's id, which can only be one's.
    public func later(days: Int) -> AppointmentFields {
        if days == 0 { return self }
        let wallStart = wallStart.later(days: days)
        let start = wallStart.instant(in: timeZone)
        return AppointmentFields(
            start: start,
            end: start + end.timeIntervalSince(self.start),
            wallStart: wallStart,
            timeZone: timeZone,
            status: status,
            explicitKind: explicitKind,
            isKindChosen: isKindChosen,
            externalID: nil
        )
    }
}
