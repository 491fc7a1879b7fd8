import Domain
import Foundation
import Testing

struct ReminderPlannerTests {
    private func appointment(
        _ start: String,
        zone: String = "Europe/Vienna",
        kind: ReminderKind = .sms,
        status: Appointment.Status = .booked
    ) throws -> Appointment {
        let zone = try #require(TimeZone(identifier: zone))
        let instant = try #require(WallTime(iso: start)).instant(in: zone)
        return Appointment(
            id: Appointment.ID(1),
            practiceID: Practice.ID(1),
            patientID: Patient.ID(1),
            locationID: Location.ID(1),
            practitionerID: nil,
            start: instant,
            end: instant + 3_600,
            timeZone: zone,
            status: status,
            reminderKind: kind,
            generation: 3
        )
    }

    private let practice = Practice(
        id: Practice.ID(1),
        name: "Praxis",
        timeZone: .gmt,
        country: .austria,
        language: .german,
        smsSendTime: .seven,
        emailSendTime: .nine
    )

    @Test(arguments: [
        ("2027-03-12T10:30", "2027-03-11T07:00:00+01:00"), ("2027-03-12T00:00", "2027-03-11T07:00:00+01:00"),
        ("2027-03-12T23:59", "2027-03-11T07:00:00+01:00"), ("2027-01-01T08:00", "2026-12-31T07:00:00+01:00"),
        ("2028-03-01T08:00", "2028-02-29T07:00:00+01:00"),
        // The clocks go forward on 28 March 2027 and back on 31 October 2027.
        ("2027-03-28T10:30", "2027-03-27T07:00:00+01:00"), ("2027-03-29T10:30", "2027-03-28T07:00:00+02:00"),
        ("2027-10-31T10:30", "2027-10-30T07:00:00+02:00"), ("2027-11-01T10:30", "2027-10-31T07:00:00+01:00"),
    ])
    func `A reminder leaves on the day before at the send time`(_ start: String, _ due: String) throws {
        let planned = ReminderPlanner.plan(try appointment(start), practice: practice)
        #expect(planned.map(\.dueAt) == [try #require(RFC3339.parse(due)).instant])
        #expect(planned.map(\.generation) == [3])
        #expect(planned.map(\.purpose) == [.reminder])
    }

    @Test func `Each channel has its own send time`() throws {
        let planned = ReminderPlanner.plan(try appointment("2027-03-12T10:30", kind: .both), practice: practice)
        #expect(planned.map(\.channel) == [.sms, .email])
        let hours = planned.map { WallTime.of($0.dueAt, in: TimeZone(identifier: "Europe/Vienna") ?? .gmt).hour }
        #expect(hours == [7, 9])
    }

    @Test(arguments: [Appointment.Status.cancelled, .arrived, .noShow])
    func `Only a booked appointment is reminded of`(_ status: Appointment.Status) throws {
        #expect(ReminderPlanner.plan(try appointment("2027-03-12T10:30", status: status), practice: practice).isEmpty)
    }

    @Test(arguments: [
        ("2027-03-11T06:59", "2027-03-11T07:00"), ("2027-03-11T07:00", "2027-03-11T07:00"),
        ("2027-03-11T20:59", "2027-03-11T20:59"), ("2027-03-11T21:00", "2027-03-12T07:00"),
        ("2027-03-11T23:30", "2027-03-12T07:00"),
    ])
    func `A correction leaves at once, but never at night`(_ now: String, _ due: String) throws {
        let appointment = try appointment("2027-03-12T10:30")
        let zone = appointment.timeZone
        let planned = ReminderPlanner.correction(
            .sms,
            for: appointment,
            toldStart: appointment.start,
            now: try #require(WallTime(iso: now)).instant(in: zone)
        )
        #expect(WallTime.of(planned.dueAt, in: zone).iso == due)
        #expect(planned.day.iso == String(due.prefix(10)))
        #expect(planned.latestAt == appointment.start)
        #expect(planned.purpose == .correction)
    }
}
