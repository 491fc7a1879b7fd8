import Foundation

/// A booked hour. It keeps the wall time, zone and offset that it was made with (rule 14).
public struct Appointment: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Appointment>

    /// Seconds that none exceeds, so that whoever looks for what overlaps need not look further back.
    public static let longest = 86_400.0

    public enum Status: String, CaseIterable, Sendable {
        case booked, cancelled, arrived
        case noShow = "no_show"
    }

    public var id: ID
    public var practiceID: Practice.ID
    public var patientID: Patient.ID
    public var locationID: Location.ID
    public var practitionerID: Practitioner.ID?
    public var start: Date
    public var end: Date
    public var timeZone: TimeZone
    public var status: Status
    public var reminderKind: ReminderKind
    /// Grows each time the start moves; a reminder belongs to one generation.
    public var generation: Int64
    public var externalID: String?
    /// Why the kind is less than the patient's preferred one, where a rule took something away.
    public var shortfall: [ProblemCode]
    public var version: Int64
    /// The series that it was planned in; nil for one that stands alone.
    public var seriesID: Series.ID?

    public init(
        id: ID,
        practiceID: Practice.ID,
        patientID: Patient.ID,
        locationID: Location.ID,
        practitionerID: Practitioner.ID?,
        start: Date,
        end: Date,
        timeZone: TimeZone,
        status: Status = .booked,
        reminderKind: ReminderKind = .none,
        generation: Int64 = 1,
        externalID: String? = nil,
        shortfall: [ProblemCode] = [],
        version: Int64 = 1
    ) {
        self.id = id
        self.practiceID = practiceID
        self.patientID = patientID
        self.locationID = locationID
        self.practitionerID = practitionerID
        self.start = start
        self.end = end
        self.timeZone = timeZone
        self.status = status
        self.reminderKind = reminderKind
        self.generation = generation
        self.externalID = externalID
        self.shortfall = shortfall
        self.version = version
    }

    /// The start as the practice's clock shows it.
    public var wallStart: WallTime { WallTime.of(start, in: timeZone) }

    /// Likewise the end.
    public var wallEnd: WallTime { WallTime.of(end, in: timeZone) }
}
