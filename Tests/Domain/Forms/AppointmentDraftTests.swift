import Domain
import Foundation
import Testing

struct AppointmentDraftTests {
    private func vienna() throws -> TimeZone { try #require(TimeZone(identifier: "Europe/Vienna")) }

    private func appointment() throws -> Appointment {
        let start = try #require(RFC3339.parse("2027-03-12T10:30:00+01:00")).instant
        return Appointment(
            id: Appointment.ID(1),
            practiceID: Practice.ID(1),
            patientID: Patient.ID(2),
            locationID: Location.ID(3),
            practitionerID: nil,
            start: start,
            end: start + 5_400,
            timeZone: try vienna()
        )
    }

    @Test(arguments: [
        ("2027-03-12T10:30", "2027-03-12T10:30:00+01:00"), ("2027-03-12T10:30:00Z", "2027-03-12T11:30:00+01:00"),
        ("2027-03-12 10:30", "2027-03-12T10:30:00+01:00"), (" 2027-07-12T10:30 ", "2027-07-12T10:30:00+02:00"),
        // Jumped over, and shown twice.
        ("2027-03-28T02:30", "2027-03-28T03:30:00+02:00"), ("2027-10-31T02:30", "2027-10-31T02:30:00+02:00"),
        ("2027-10-31T02:30:00+01:00", "2027-10-31T02:30:00+01:00"),
    ])
    func `A start is an instant or a wall time of the location`(_ raw: String, _ expected: String) throws {
        var form = FormReader()
        let fields = try #require(
            AppointmentDraft(patientID: "1", start: raw).read(zone: try vienna(), into: &form)
        )
        #expect(fields.start == (try #require(RFC3339.parse(expected)).instant))
        #expect(fields.end == fields.start + 3_600)
        #expect(fields.status == .booked)
        #expect(fields.explicitKind == nil)
    }

    @Test(arguments: [
        ("", "", "start field.required"), ("12.03.2027 10:30", "", "start field.invalid"),
        ("2027-02-30T10:30", "", "start field.invalid"),
        ("2027-03-12T10:30", "2027-03-12T10:30", "end appointment.end_before_start"),
        ("2027-03-12T10:30", "2027-03-12T09:30:00+01:00", "end appointment.end_before_start"),
        ("2027-03-12T10:30", "later", "end field.invalid"),
        ("2027-03-12T10:30", "2027-03-13T10:31", "end appointment.too_long"),
    ])
    func `A wrong start or end is named`(_ start: String, _ end: String, _ expected: String) throws {
        var form = FormReader()
        #expect(AppointmentDraft(patientID: "1", start: start, end: end).read(zone: try vienna(), into: &form) == nil)
        #expect(form.problems.map { "\($0.field) \($0.code.rawValue)" } == [expected])
    }

    @Test(arguments: [
        ("2027-03-12T10:30", "60", "2027-03-12T11:30:00+01:00"),
        // Where the clocks change, minutes pass all the same.
        ("2027-03-28T01:30", "60", "2027-03-28T03:30:00+02:00"),
        ("2027-03-28T02:30", " 60 ", "2027-03-28T04:30:00+02:00"),
        ("2027-10-31T02:30", "60", "2027-10-31T02:30:00+01:00"),
        ("2027-03-12T10:30", "1440", "2027-03-13T10:30:00+01:00"),
    ])
    func `A duration is minutes that pass`(_ start: String, _ minutes: String, _ expected: String) throws {
        var form = FormReader()
        let draft = AppointmentDraft(patientID: "1", start: start, end: "2027-01-01T00:00", minutes: minutes)
        let fields = try #require(draft.read(zone: try vienna(), into: &form))
        #expect(fields.end == (try #require(RFC3339.parse(expected)).instant))
        let later = fields.later(days: 7)
        #expect(later.end.timeIntervalSince(later.start) == fields.end.timeIntervalSince(fields.start))
    }

    @Test(arguments: [
        ("0", "end appointment.end_before_start"), ("-5", "end appointment.end_before_start"),
        ("1441", "end appointment.too_long"), ("60,5", "end field.invalid"),
        ("99999999999999999999", "end field.invalid"),
    ])
    func `A duration that cannot be is named`(_ minutes: String, _ expected: String) throws {
        var form = FormReader()
        let draft = AppointmentDraft(patientID: "1", start: "2027-03-12T10:30", minutes: minutes)
        #expect(draft.read(zone: try vienna(), into: &form) == nil)
        #expect(form.problems.map { "\($0.field) \($0.code.rawValue)" } == [expected])
    }

    @Test func `One on record that is longer than a day can still be changed otherwise`() throws {
        var old = try appointment()
        old.end = old.start + 100_000
        var draft = AppointmentDraft(existing: old)
        draft.status = "cancelled"
        var form = FormReader()
        #expect(draft.read(zone: try vienna(), editing: old, into: &form)?.end == old.end)
    }

    @Test(
        arguments: [
            (nil, nil, []), ("none", ReminderKind.none, []), (" sms ", .sms, []),
            ("", nil, ["reminderKind field.invalid"]),
            ("fax", nil, ["reminderKind field.invalid"]),
        ] as [(String?, ReminderKind?, [String])]
    )
    func `A kind is one of the words; none said is the patient's, and an empty text is no kind`(
        _ raw: String?,
        _ kind: ReminderKind?,
        _ expected: [String]
    ) throws {
        var form = FormReader()
        let draft = AppointmentDraft(patientID: "1", start: "2027-03-12T10:30", reminderKind: raw)
        let fields = draft.read(zone: try vienna(), into: &form)
        #expect(form.problems.map { "\($0.field) \($0.code.rawValue)" } == expected)
        #expect(fields?.explicitKind == kind)
    }

    @Test(arguments: [
        // The same start in another spelling keeps instant, zone and end.
        ("2027-03-12T10:30", "3", "2027-03-12T10:30:00+01:00", 5_400.0, "Europe/Vienna"),
        ("2027-03-12T10:30", "4", "2027-03-12T10:30:00+01:00", 5_400, "Europe/Vienna"),
        // On the same day the end stays where it was; on another one, or behind it, the duration does.
        ("2027-03-12T11:00", "3", "2027-03-12T11:00:00+01:00", 3_600, "Europe/Vienna"),
        ("2027-03-12T14:00", "3", "2027-03-12T14:00:00+01:00", 5_400, "Europe/Vienna"),
        ("2027-03-11T10:30", "3", "2027-03-11T10:30:00+01:00", 5_400, "Europe/Vienna"),
        // A new start at a new location is read in its zone.
        ("2027-03-12T14:00", "4", "2027-03-12T14:00:00+00:00", 5_400, "Europe/Lisbon"),
    ])
    func `An edited start moves the end with it where it must`(
        _ start: String,
        _ location: String,
        _ expected: String,
        _ duration: Double,
        _ zone: String
    ) throws {
        let old = try appointment()
        var draft = AppointmentDraft(existing: old)
        draft.start = start
        draft.locationID = location
        var form = FormReader()
        let lisbon = try #require(TimeZone(identifier: "Europe/Lisbon"))
        let fields = try #require(draft.read(zone: lisbon, editing: old, into: &form))
        #expect(fields.start == (try #require(RFC3339.parse(expected)).instant))
        #expect(fields.end.timeIntervalSince(fields.start) == duration)
        #expect(fields.timeZone.identifier == zone)
    }
}
