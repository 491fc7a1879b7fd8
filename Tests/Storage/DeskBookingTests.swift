import Database
import Domain
import Foundation
import Storage
import Testing

/// What a desk writes in one form, and saves in one transaction.
struct DeskBookingTests {
    private func book(_ world: World, _ draft: BookingDraft) async throws -> Booking {
        try await world.storage.appointments.book(world.practice.id, draft, now: world.now)
    }

    @Test func `A new patient is saved together with the appointment`() async throws {
        let world = try await World()
        let booking = try await book(
            world,
            BookingDraft(
                AppointmentDraft(patientID: "", start: "2027-03-08T10:30"),
                newPatient: PatientDraft(lastName: "Neu", mobile: "0664 1234567", reminderKind: "sms")
            )
        )
        #expect(booking.patient.lastName == "Neu")
        let appointment = try #require(booking.outcomes.first?.appointment)
        #expect(appointment.patientID == booking.patient.id && appointment.reminderKind == .sms)
        #expect(appointment.seriesID == nil)
        #expect(try await world.lines(appointment) == ["sms reminder 1 planned"])
    }

    @Test func `Everything wrong with patient and appointment is said at once, and neither is kept`() async throws {
        let world = try await World()
        let draft = BookingDraft(
            AppointmentDraft(patientID: "", start: "", reminderKind: "fax"),
            newPatient: PatientDraft(lastName: "", mobile: "01 5550100", email: "neu"),
            series: SeriesDraft(weeksApart: "1", count: "1")
        )
        let expected = [
            "lastName field.required", "mobile mobile.landline", "email email.invalid", "times field.invalid",
            "start field.required", "reminderKind field.invalid",
        ]
        #expect(try await codes { _ = try await book(world, draft) } == expected)
        #expect(try await world.count("SELECT COUNT(*) FROM patients") == 0)
    }

    @Test func `A new patient is not kept where the appointment is refused`() async throws {
        let world = try await World()
        let draft = BookingDraft(
            AppointmentDraft(patientID: "", start: "2027-03-02T08:00", reminderKind: "sms"),
            newPatient: PatientDraft(lastName: "Neu", mobile: "0664 1234567")
        )
        #expect(try await codes { _ = try await book(world, draft) } == ["reminderKind reminder.too_late"])
        #expect(try await world.count("SELECT COUNT(*) FROM patients") == 0)
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 0)
    }

    @Test func `A number that was missing is saved with the appointment and lets SMS be chosen`() async throws {
        let world = try await World()
        let patient = try await world.patient(mobile: "", kind: "none")
        let booking = try await book(
            world,
            BookingDraft(
                AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30", reminderKind: "sms"),
                contact: ContactDraft(mobile: "0664 7654321")
            )
        )
        #expect(booking.outcomes[0].appointment.reminderKind == .sms)
        let kept = try await world.storage.patients.find(patient.id, world.practice.id)
        #expect(kept.mobile?.e164 == "+436647654321" && kept.email == patient.email)
    }

    @Test func `A landline number is refused, and neither it nor the appointment is kept`() async throws {
        let world = try await World()
        let patient = try await world.patient(mobile: "")
        let draft = BookingDraft(
            AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30"),
            contact: ContactDraft(mobile: "01 5550100")
        )
        #expect(try await codes { _ = try await book(world, draft) } == ["mobile mobile.landline"])
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 0)
    }

    @Test(arguments: [false, true])
    func `A number is added only where none is by now, and otherwise nothing of the form is kept`(_ isContact: Bool)
        async throws
    {
        let world = try await World()
        let patient = try await world.patient(mobile: isContact ? "" : "0664 1234567") {
            if isContact { ($0.contactName, $0.contactMobile, $0.reachesContact) = ("Vera", "0664 1234567", true) }
        }
        func draft(_ mobile: String, _ email: String = "") -> BookingDraft {
            BookingDraft(
                AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30"),
                contact: ContactDraft(mobile: mobile, email: email)
            )
        }
        let known = try await codes { _ = try await book(world, draft("0664 7777777")) }
        #expect(known == ["mobile contact.known"])
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 0)
        let kept = try await world.storage.patients.find(patient.id, world.practice.id)
        #expect(kept.reached.mobile?.e164 == "+436641234567")
        _ = try await book(world, draft("+43 664 1234567", isContact ? "vera@example.org" : ""))
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 1)
    }

    @Test func `A number that was missing goes to whom messages go to, and so does what is wrong with it`() async throws
    {
        let world = try await World()
        let child = try await world.patient(mobile: "", kind: "none") {
            $0.contactName = "Vera Huber"
            $0.reachesContact = true
        }
        func draft(_ mobile: String) -> BookingDraft {
            BookingDraft(
                AppointmentDraft(patientID: child.id.description, start: "2027-03-08T10:30", reminderKind: "sms"),
                contact: ContactDraft(mobile: mobile)
            )
        }
        #expect(try await codes { _ = try await book(world, draft("01 5550100")) } == ["contactMobile mobile.landline"])
        let booking = try await book(world, draft("0664 7654321"))
        #expect(booking.outcomes[0].appointment.reminderKind == .sms)
        let kept = try await world.storage.patients.find(child.id, world.practice.id)
        #expect(kept.contact.mobile?.e164 == "+436647654321" && kept.mobile == nil)
    }

    @Test func `A number that was missing can come with a change, which is kept whole or not at all`() async throws {
        let world = try await World()
        let patient = try await world.patient(mobile: "", kind: "none")
        let appointment = try await world.book(patient).appointment
        let store = world.storage.appointments
        let refused = try await codes {
            _ = try await store.change(
                appointment.id,
                world.practice.id,
                contact: ContactDraft(mobile: "0664 7654321"),
                now: world.now,
                edit: { $0.end = "gestern" }
            )
        }
        #expect(refused == ["end field.invalid"])
        #expect(try await world.storage.patients.find(patient.id, world.practice.id).mobile == nil)
        let outcome = try await store.change(
            appointment.id,
            world.practice.id,
            contact: ContactDraft(mobile: "0664 7654321"),
            now: world.now,
            edit: { $0.reminderKind = "sms" }
        )
        #expect(outcome.appointment.reminderKind == .sms)
    }

    @Test func `A patient of another practice is nobody, whatever number comes along`() async throws {
        let world = try await World()
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let stranger = try await world.storage.patients.create(
            other.id,
            PatientDraft(lastName: "Fremd"),
            now: world.now
        )
        let draft = BookingDraft(
            AppointmentDraft(patientID: stranger.id.description, start: "2027-03-08T10:30"),
            contact: ContactDraft(mobile: "0664 7654321")
        )
        #expect(try await codes { _ = try await book(world, draft) } == ["patientId reference.unknown"])
        #expect(try await world.storage.patients.find(stranger.id, other.id).mobile == nil)
    }

    @Test func `What lies beside a time is told: overlaps, the patient's day, closing days`() async throws {
        let world = try await World()
        let practitioner = try await world.storage.practitioners.create(
            world.practice.id,
            PractitionerDraft(name: "Ada"),
            now: world.now
        )
        let patient = try await world.patient()
        let other = try await world.patient("Maier")
        for (whose, start) in [
            (other, "2027-03-08T10:00"), (patient, "2027-03-08T16:00"), (patient, "2027-03-09T00:00"),
        ] {
            let draft = AppointmentDraft(
                patientID: whose.id.description,
                practitionerID: practitioner.id.description,
                start: start
            )
            _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
        }
        _ = try await world.driver.write { transaction in
            try transaction.execute(
                """
                INSERT INTO closing_days (practice_id, location_id, first_day, last_day, name)
                VALUES ($1, NULL, '2027-03-08', '2027-03-09', 'Urlaub'), ($1, $2, '2027-03-01', '2027-03-02', 'Umbau')
                """,
                world.practice.id.rawValue,
                world.location.id.rawValue
            )
        }
        func beside(_ start: String, _ end: String) async throws -> Neighbourhood {
            let span = AppointmentSpan(
                start: try world.instant(start),
                end: try world.instant(end),
                timeZone: world.practice.timeZone,
                locationID: world.location.id,
                practitionerID: practitioner.id,
                patientID: patient.id
            )
            return try #require(
                try await world.storage.appointments.neighbourhoods(world.practice, [span]).first
            )
        }
        let busy = try await beside("2027-03-08T10:30:00+01:00", "2027-03-08T11:30:00+01:00")
        #expect(busy.overlapping.map(\.patient.lastName) == ["Maier"])
        #expect(busy.sameDay.map(\.appointment.wallStart.clock) == ["16:00"])
        let names = busy.closings.map { closed in if case .closing(_, let name) = closed.reason { name } else { "" } }
        #expect(names == ["Urlaub"])
        let holiday = try await beside("2027-03-29T11:00:00+02:00", "2027-03-29T12:00:00+02:00")
        #expect(holiday.closings.map(\.reason) == [.holiday(.easterMonday)])
        let free = try await beside("2027-03-10T11:00:00+01:00", "2027-03-10T12:00:00+01:00")
        #expect(free == Neighbourhood(overlapping: [], sameDay: [], closings: []))
        let touching = try await beside("2027-03-08T11:00:00+01:00", "2027-03-08T12:00:00+01:00")
        #expect(touching.overlapping.isEmpty)
    }
}
