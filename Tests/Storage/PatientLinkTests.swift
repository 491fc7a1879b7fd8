import Database
import Domain
import Foundation
import Testing

@testable import Storage

@Suite("The page behind the link")
struct PatientLinkTests {
    static let url = "https://vortag.example"

    private func world() async throws -> World {
        let world = try await World(publicURL: Self.url)
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.linksEnabled = true }
        return world
    }

    private func code(_ appointment: Appointment, _ world: World) throws -> PatientLinkCode {
        try #require(world.storage.links.maker?.code(appointment.id, appointment.patientID))
    }

    private func shown(_ code: PatientLinkCode, _ world: World, at now: Date? = nil) async throws -> LinkedAppointment {
        guard case .appointment(let found) = try await world.storage.links.find(code, now: now ?? world.now) else {
            throw StorageError.notFound
        }
        return found
    }

    @Test("It shows day, time and place, and the first name at most")
    func shows() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let found = try await shown(try code(appointment, world), world)
        #expect(found.firstName == "Anna" && found.start == WallTime(iso: "2027-03-08T10:30"))
        #expect(found.locationName == "Hauptplatz" && found.practiceName == "Praxis am Platz")
        #expect(found.isOpen(at: world.now) && found.answers.isEmpty)
    }

    @Test("No character of a code can be changed")
    func tampered() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let text = try code(appointment, world).text
        for place in text.indices {
            for letter in "0123456789abcdefghjkmnpqrstvwxyz" where letter != text[place] {
                let changed = text[..<place] + String(letter) + text[text.index(after: place)...]
                let code = try #require(PatientLinkCode(String(changed)))
                #expect(try await world.storage.links.find(code, now: world.now) == .unknown, "\(changed)")
                #expect(try await world.storage.links.answer(.confirmed, code, now: world.now) == .unknown)
            }
        }
        #expect(try await world.storage.links.of(appointment.id, world.practice.id).isEmpty)
    }

    @Test("Another installation's code is worth nothing")
    func otherKey() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let other = World.storage(world.driver, key: 8, publicURL: Self.url)
        let foreign = try #require(other.links.maker?.code(appointment.id, appointment.patientID))
        #expect(try await world.storage.links.find(foreign, now: world.now) == .unknown)
    }

    @Test("First halves tell neither how many appointments there are nor which comes next")
    func hidden() async throws {
        let world = try await world()
        let maker = try #require(world.storage.links.maker)
        let names = try (1...3_000).map { try #require(maker.code(Identifier($0), Identifier(1))).name }
        #expect(Set(names).count == 3_000)
        let steps = zip(names, names.dropFirst()).map { Int64($1) - Int64($0) }
        #expect(Set(steps).count > 2_990)
        let upper = names.filter { $0 >= 1 << 34 }.count
        #expect((1_300...1_700).contains(upper))
        #expect(maker.code(Identifier(1 << 35), Identifier(1)) == nil)
        #expect(maker.code(Identifier(1 << 35 - 1), Identifier(1)) != nil)
    }

    @Test("With the appointment's end it shows nothing any more, to the millisecond")
    func expiry() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        #expect(try await shown(code, world, at: appointment.end - 0.001).isOpen(at: appointment.end - 0.001) == false)
        #expect(try await world.storage.links.find(code, now: appointment.end) == .ended(World.hauptplatz))
        #expect(
            try await world.storage.links.answer(.confirmed, code, now: appointment.end) == .ended(World.hauptplatz)
        )
        #expect(try await world.storage.links.of(appointment.id, world.practice.id).isEmpty)
    }

    @Test("Nobody confirms a time or a place that they never saw")
    func unseen() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        let before = try await shown(code, world)
        _ = try await world.change(appointment) { $0.start = "2027-03-09T14:00" }
        let links = world.storage.links
        for kind in [LinkAnswer.Kind.confirmed, .cancelAsked] {
            let finding = try await links.answer(kind, code, seen: before.state, now: world.now)
            guard case .changed(let found) = finding else {
                Issue.record("\(kind) of what was there before is \(finding)")
                continue
            }
            #expect(found.answers.isEmpty && found.state != before.state)
        }
        let now = try await shown(code, world)
        guard case .appointment(let found) = try await links.answer(.confirmed, code, seen: now.state, now: world.now)
        else { throw StorageError.notFound }
        #expect(found.answers == [.confirmed])
        _ = try await links.answer(.wrongNumber, code, seen: before.state, now: world.now)
        #expect(try await shown(code, world).isStrange)
    }

    @Test("After a move it shows the new date, and what was said about the old one counts no more")
    func moved() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        _ = try await world.storage.links.answer(.confirmed, code, now: world.now)
        #expect(try await world.agendaAnswer(appointment) == .confirmed)
        let moved = try await world.change(appointment) { $0.start = "2027-03-09T14:00" }.appointment
        let found = try await shown(code, world)
        #expect(found.start == WallTime(iso: "2027-03-09T14:00") && found.answers.isEmpty)
        #expect(try await world.agendaAnswer(moved) == nil)
        #expect(try await world.storage.links.of(moved.id, world.practice.id).isEmpty)
        let rows = try await world.storage.links.of(moved.patientID, world.practice.id)
        #expect(rows.map(\.isOutdated) == [true])
        _ = try await world.storage.links.answer(.confirmed, code, now: world.now)
        #expect(try await shown(code, world).answers == [.confirmed])
    }

    @Test("A cancelled appointment is shown as cancelled, and takes no answers")
    func cancelled() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        _ = try await world.change(appointment) { $0.status = "cancelled" }
        guard case .appointment(let found) = try await world.storage.links.answer(.confirmed, code, now: world.now)
        else {
            Issue.record("not shown")
            return
        }
        #expect(found.isCancelled && found.answers.isEmpty && !found.isOpen(at: world.now))
    }

    @Test("Once the appointment is another patient's, the old link is worth nothing, and the new one is clean")
    func otherPatient() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let old = try code(appointment, world)
        _ = try await world.storage.links.answer(.wrongNumber, old, now: world.now)
        let other = try await world.patient("Moser")
        let changed = try await world.change(appointment) { $0.patientID = other.id.description }.appointment
        #expect(try await world.storage.links.find(old, now: world.now) == .unknown)
        #expect(try await world.storage.links.answer(.confirmed, old, now: world.now) == .unknown)
        #expect(try await shown(try code(changed, world), world).answers.isEmpty)
    }

    @Test("Saying it twice is saying it once; after a confirmation one can still ask to cancel, and not the reverse")
    func idempotent() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        let links = world.storage.links
        for kind in [LinkAnswer.Kind.confirmed, .confirmed, .cancelAsked, .cancelAsked] {
            _ = try await links.answer(kind, code, now: world.now)
        }
        var rows = try await links.of(appointment.id, world.practice.id)
        #expect(rows.map(\.answer.kind) == [.cancelAsked, .confirmed])
        #expect(rows.map { $0.answer.doneAt != nil } == [false, true], "a confirmation asks for nothing")
        #expect(try await links.openCount(world.practice.id) == 1)
        #expect(try await world.agendaAnswer(appointment) == .cancelAsked)
        await #expect(throws: StorageError.notFound) {
            try await links.setDone(rows[1].answer.id, world.practice.id, false, now: world.now)
        }
        let second = try await world.book(try await world.patient("Zweiter")).appointment
        _ = try await links.answer(.cancelAsked, try self.code(second, world), now: world.now)
        _ = try await links.answer(.confirmed, try self.code(second, world), now: world.now)
        rows = try await links.of(second.id, world.practice.id)
        #expect(rows.map(\.answer.kind) == [.cancelAsked])
        let state = try await world.storage.appointments.find(second.id, world.practice.id)
        #expect(state.status == .booked, "a patient's wish cancels nothing")
    }

    @Test("Who is not the patient sees nothing by this link any more, also after a move")
    func stranger() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        let code = try code(appointment, world)
        _ = try await world.storage.links.answer(.wrongNumber, code, now: world.now)
        _ = try await world.change(appointment) { $0.start = "2027-03-09T14:00" }
        let found = try await shown(code, world)
        #expect(found.isStrange && !found.isOpen(at: world.now))
        for kind in LinkAnswer.Kind.allCases { _ = try await world.storage.links.answer(kind, code, now: world.now) }
        #expect(try await world.storage.links.of(appointment.patientID, world.practice.id).count == 1)
    }

    @Test("A practice that switched links off, and a patient whose data was erased, show nothing")
    func withdrawn() async throws {
        let world = try await world()
        let patient = try await world.patient()
        let appointment = try await world.book(patient).appointment
        let code = try code(appointment, world)
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.linksEnabled = false }
        #expect(try await world.storage.links.find(code, now: world.now) == .ended(World.hauptplatz))
        _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.linksEnabled = true }
        _ = try await shown(code, world)
        try await world.storage.patients.delete(patient.id, world.practice.id, knowing: .everything, now: world.now)
        #expect(try await world.storage.links.find(code, now: world.now) == .ended(World.hauptplatz))
    }

    @Test("Answers are one practice's")
    func strangers() async throws {
        let world = try await world()
        let appointment = try await world.book(try await world.patient()).appointment
        _ = try await world.storage.links.answer(.cancelAsked, try code(appointment, world), now: world.now)
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let row = try #require(try await world.storage.links.list(world.practice.id, open: true).items.first)
        #expect(try await world.storage.links.list(other.id).items.isEmpty)
        #expect(try await world.storage.links.of(appointment.id, other.id).isEmpty)
        await #expect(throws: StorageError.notFound) { try await world.storage.links.find(row.answer.id, other.id) }
        await #expect(throws: StorageError.notFound) {
            try await world.storage.links.setDone(row.answer.id, other.id, true, now: world.now)
        }
    }
}

extension World {
    /// Whom to ask once an appointment is over.
    fileprivate static let hauptplatz = LinkedPlace(
        practiceName: "Praxis am Platz",
        locationName: "Hauptplatz",
        address: ""
    )

    /// What the calendar shows of what the patient said.
    fileprivate func agendaAnswer(_ appointment: Appointment) async throws -> LinkAnswer.Kind? {
        try await storage.appointments.agendaRow(appointment.id, practice.id, now: now).answer
    }
}
