import Database
import Domain
import Foundation
import Storage
import Testing

/// A person's form that comes twice: by a second press, a retry, or going back.
struct SentFormTests {
    private let key = FormKey(word: "einmal", ["Neu", "2027-03-08T10:30"])

    private func newcomer(_ lastName: String = "Neu") -> BookingDraft {
        BookingDraft(
            AppointmentDraft(patientID: "", start: "2027-03-08T10:30"),
            newPatient: PatientDraft(lastName: lastName, mobile: "0664 1234567", reminderKind: "sms")
        )
    }

    private func book(_ world: World, _ draft: BookingDraft, _ key: FormKey?, seen: Set<String> = []) async throws
        -> Booking
    {
        let sent = SentForm(key: key, seen: seen)
        return try await world.storage.appointments.book(world.practice.id, draft, sent: sent, now: world.now)
    }

    @Test func `Sent three times at once it books once, for one new patient`() async throws {
        let world = try await World()
        let bookings = try await withThrowingTaskGroup(of: Booking.self) { group in
            for _ in 0..<3 { group.addTask { try await book(world, newcomer(), key) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(bookings.map { $0.outcomes.map(\.appointment.id) }).count == 1)
        #expect(bookings.filter(\.isRepeated).count == 2)
        for table in ["patients", "appointments", "reminders"] {
            #expect(try await world.count("SELECT COUNT(*) FROM \(table)") == 1, "\(table)")
        }
    }

    @Test func `A series comes back whole, with what it lacks`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        var draft = BookingDraft(AppointmentDraft(patientID: patient.id.description, start: "2027-03-02T10:30"))
        draft.series = SeriesDraft(weeksApart: "1", count: "3")
        let first = try await book(world, draft, key)
        let second = try await book(world, draft, key)
        #expect(second.isRepeated && second.outcomes.map(\.appointment.id) == first.outcomes.map(\.appointment.id))
        #expect(second.outcomes.map(\.notices.isEmpty) == first.outcomes.map(\.notices.isEmpty))
    }

    @Test func `With something else in it, or from another opening, it is another wish`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let draft = BookingDraft(AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30"))
        for key in [key, FormKey(word: "einmal", ["Neu"]), FormKey(word: "zweimal", ["Neu"]), nil, nil] {
            let isRepeated = try await book(world, draft, key).isRepeated
            #expect(!isRepeated)
        }
        #expect(try await world.count("SELECT COUNT(*) FROM appointments") == 5)
    }

    @Test func `What was taken back can be booked anew from the same form`() async throws {
        let world = try await World()
        let patient = try await world.patient()
        let draft = BookingDraft(AppointmentDraft(patientID: patient.id.description, start: "2027-03-08T10:30"))
        let first = try await book(world, draft, key).outcomes[0].appointment
        _ = try await world.storage.appointments.cancel(first.id, world.practice.id, now: world.now)
        let again = try await book(world, draft, key)
        #expect(!again.isRepeated)
        let third = try await book(world, draft, key)
        #expect(third.isRepeated && third.outcomes[0].appointment.id == again.outcomes[0].appointment.id)
    }

    @Test func `Two desks that add the same person at once are asked`() async throws {
        let world = try await World()
        let results = await withTaskGroup(of: String.self) { group in
            for word in ["eins", "zwei"] {
                group.addTask {
                    do {
                        _ = try await book(world, newcomer(), FormKey(word: word, []))
                        return "booked"
                    } catch let unseen as UnseenLookalikes {
                        return "asked about \(unseen.found.count)"
                    } catch {
                        return "\(error)"
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted()
        }
        #expect(results == ["asked about 1", "booked"])
        #expect(try await world.count("SELECT COUNT(*) FROM patients") == 1)
    }

    @Test func `Who was shown is not asked about again`() async throws {
        let world = try await World()
        let other = try await world.patient("Neubauer", mobile: "")
        await #expect(throws: UnseenLookalikes.self) { _ = try await book(world, newcomer("Neubaur"), nil) }
        let booking = try await book(world, newcomer("Neubaur"), nil, seen: [other.id.description])
        #expect(booking.patient.id != other.id)
    }

    @Test func `A patient's form creates one patient, and a second of the name only once they were shown`() async throws
    {
        let world = try await World()
        let draft = PatientDraft(firstName: "Zwei", lastName: "Mal", mobile: "0664 1234567")
        func create(_ word: String, seen: Set<String> = []) async throws -> (patient: Patient, isRepeated: Bool) {
            let sent = SentForm(key: FormKey(word: word, []), seen: seen, byNameOnly: true)
            return try await world.storage.patients.create(world.practice.id, draft, sent: sent, now: world.now)
        }
        let made = try await withThrowingTaskGroup(of: Patient.ID.self) { group in
            for _ in 0..<3 { group.addTask { try await create("eins").patient.id } }
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(made.count == 1)
        await #expect(throws: UnseenLookalikes.self) { _ = try await create("zwei") }
        #expect(try await !create("zwei", seen: Set(made.map(\.description))).isRepeated)
        #expect(try await world.count("SELECT COUNT(*) FROM patients") == 2)
    }
}
