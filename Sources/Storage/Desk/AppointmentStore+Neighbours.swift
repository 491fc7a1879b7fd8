import Database
import Domain
import Foundation

/// What is worth knowing about a time before an appointment is saved there; nothing of it is forbidden (rule 15).
public struct Neighbourhood: Hashable, Sendable {
    /// Appointments of the same practitioner that overlap it.
    public let overlapping: [Neighbour]
    /// Others of the same patient on that day.
    public let sameDay: [Neighbour]
    /// Why the place is closed on that day; empty: it is not.
    public let closings: [ClosedDay]

    public init(overlapping: [Neighbour], sameDay: [Neighbour], closings: [ClosedDay]) {
        self.overlapping = overlapping
        self.sameDay = sameDay
        self.closings = closings
    }
}

/// An appointment beside another one.
public struct Neighbour: Hashable, Sendable {
    public let appointment: Appointment
    public let patient: Patient
}

/// A stretch of time at a place, with whom it is for.
public struct AppointmentSpan: Hashable, Sendable {
    public var start: Date
    public var end: Date
    public var timeZone: TimeZone
    public var locationID: Location.ID?
    public var practitionerID: Practitioner.ID?
    public var patientID: Patient.ID?
    /// The appointment that is edited, which is no neighbour of its own.
    public var except: Appointment.ID?

    public init(
        start: Date,
        end: Date,
        timeZone: TimeZone,
        locationID: Location.ID? = nil,
        practitionerID: Practitioner.ID? = nil,
        patientID: Patient.ID? = nil,
        except: Appointment.ID? = nil
    ) {
        self.start = start
        self.end = end
        self.timeZone = timeZone
        self.locationID = locationID
        self.practitionerID = practitionerID
        self.patientID = patientID
        self.except = except
    }
}

extension AppointmentStore {
    /// What lies beside each span, in the order of the spans.
    public func neighbourhoods(_ practice: Practice, _ spans: [AppointmentSpan]) async throws -> [Neighbourhood] {
        try await driver.read { transaction in
            try spans.map { span in
                Neighbourhood(
                    overlapping: try span.practitionerID.map {
                        try Self.overlapping(span, $0, practice.id, in: transaction)
                    } ?? [],
                    sameDay: try span.patientID.map { try Self.sameDay(span, $0, practice.id, in: transaction) } ?? [],
                    closings: try Self.closings(span, practice, in: transaction)
                )
            }
        }
    }

    private static func overlapping(
        _ span: AppointmentSpan,
        _ practitioner: Practitioner.ID,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> [Neighbour] {
        // No appointment is longer, so that the index over starts bounds the search.
        try neighbours(
            "a.practitioner_id = $5 AND a.end_at > $6",
            [practitioner.rawValue.sqlValue, span.start.milliseconds.sqlValue],
            (span.start - Appointment.longest, span.end),
            span,
            practice,
            in: transaction
        )
    }

    private static func sameDay(
        _ span: AppointmentSpan,
        _ patient: Patient.ID,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> [Neighbour] {
        let day = WallTime.of(span.start, in: span.timeZone).date
        let midnight = { WallTime(date: day.adding(days: $0), hour: 0, minute: 0).instant(in: span.timeZone) }
        return try neighbours(
            "a.patient_id = $5",
            [patient.rawValue.sqlValue],
            (midnight(0), midnight(1)),
            span,
            practice,
            in: transaction
        )
    }

    private static func neighbours(
        _ condition: String,
        _ values: [SQLValue],
        _ bounds: (from: Date, to: Date),
        _ span: AppointmentSpan,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> [Neighbour] {
        let rows = try transaction.query(
            """
            SELECT \(Columns.list(Columns.appointment, of: "a")), \(Columns.list(Columns.patient, of: "p"))
            FROM appointments a JOIN patients p ON p.id = a.patient_id
            WHERE a.practice_id = $1 AND a.start_at >= $2 AND a.start_at < $3 AND a.id <> $4
                AND \(condition) AND a.status IN ('booked', 'arrived')
            ORDER BY a.start_at, a.id LIMIT 5
            """,
            values: [
                practice.rawValue.sqlValue, bounds.from.milliseconds.sqlValue, bounds.to.milliseconds.sqlValue,
                (span.except?.rawValue ?? 0).sqlValue,
            ] + values
        )
        return try rows.entities { Neighbour(appointment: try Appointment(&$0), patient: try Patient(&$0)) }
    }

    private static func closings(
        _ span: AppointmentSpan,
        _ practice: Practice,
        in transaction: Transaction
    ) throws -> [ClosedDay] {
        let day = WallTime.of(span.start, in: span.timeZone).date
        return try ClosingDayStore.days(practice, from: day, to: day, in: transaction)
            .filter { $0.locationID == nil || $0.locationID == span.locationID }
    }
}
