import Database
import Domain
import Foundation
import Testing

@testable import Storage

@Suite("What patients said by a link, and how long it counts")
struct LinkAnswerTests {
    /// An appointment whose patient has a link.
    private struct Desk {
        let world: World
        let patient: Patient
        let appointment: Appointment
        let code: PatientLinkCode

        init() async throws {
            world = try await World(publicURL: "https://vortag.example")
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.linksEnabled = true }
            patient = try await world.patient()
            appointment = try await world.book(patient).appointment
            code = try #require(world.storage.links.maker?.code(appointment.id, patient.id))
        }

        var links: LinkStore { world.storage.links }

        func say(_ kind: LinkAnswer.Kind, by link: PatientLinkCode? = nil, after seconds: Double = 0) async throws {
            _ = try await links.answer(kind, link ?? code, now: world.now + seconds)
        }

        func shown(_ link: PatientLinkCode? = nil) async throws -> LinkedAppointment {
            guard case .appointment(let found) = try await links.find(link ?? code, now: world.now) else {
                throw StorageError.notFound
            }
            return found
        }

        /// What the calendar shows.
        func word() async throws -> LinkAnswer.Kind? {
            try await world.storage.appointments.agendaRow(appointment.id, world.practice.id, now: world.now).answer
        }

        func open() async throws -> [LinkAnswerRow] {
            try await links.list(world.practice.id, open: true).items
        }

        func setDone(_ isDone: Bool = true) async throws {
            for row in try await links.of(patient.id, world.practice.id) where row.answer.kind != .confirmed {
                try await links.setDone(row.answer.id, world.practice.id, isDone, now: world.now)
            }
        }

        @discardableResult
        func change(
            undoable: Bool = false,
            _ edit: @escaping @Sendable (inout AppointmentDraft) -> Void
        ) async throws -> Appointment {
            try await world.storage.appointments.change(
                appointment.id,
                world.practice.id,
                undoable: undoable,
                now: world.now,
                edit: edit
            ).appointment
        }

        /// The code in the link that the appointment's reminder carries now.
        func next() async throws -> PatientLinkCode? {
            let standing = try await world.standings(appointment).first
            let reminder = try #require(standing?.reminder)
            let text = try await world.driver.read { transaction in
                try ReminderContextReader.contexts(ids: [reminder.id], links.maker, in: transaction).first?.link
            }
            return text.flatMap { PatientLinkCode(String($0.suffix(PatientLinkCode.length))) }
        }
    }

    @Test("Nobody has confirmed another place than was shown")
    func otherPlace() async throws {
        let desk = try await Desk()
        try await desk.say(.confirmed)
        #expect(try await desk.word() == .confirmed)
        let other = try await desk.world.storage.locations.create(
            desk.world.practice.id,
            LocationDraft(name: "Nebenstelle", closingText: ""),
            now: desk.world.now
        )
        try await desk.change { $0.locationID = other.id.description }
        #expect(try await desk.shown().answers.isEmpty)
        #expect(try await desk.word() == nil)
        #expect(try await desk.links.of(desk.appointment.id, desk.world.practice.id).isEmpty)
        let rows = try await desk.links.of(desk.patient.id, desk.world.practice.id)
        #expect(rows.map(\.isOutdated) == [true])
        try await desk.say(.confirmed)
        #expect(try await desk.shown().answers == [.confirmed])
        #expect(try await desk.word() == .confirmed)
    }

    @Test("A move after one that was taken back is not confirmed by what was said in between")
    func afterUndo() async throws {
        let desk = try await Desk()
        try await desk.change(undoable: true) { $0.start = "2027-03-09T14:00" }
        try await desk.say(.confirmed)
        _ = try await desk.world.storage.appointments.undo(
            desk.appointment.id,
            desk.world.practice.id,
            now: desk.world.now
        )
        #expect(try await desk.word() == nil)
        try await desk.change { $0.start = "2027-03-10T15:00" }
        #expect(try await desk.word() == nil)
        #expect(try await desk.shown().answers.isEmpty)
        try await desk.say(.confirmed)
        #expect(try await desk.word() == .confirmed)
    }

    @Test("A cancellation settles the wish for it, and taking it back opens the wish again")
    func settled() async throws {
        let desk = try await Desk()
        try await desk.say(.cancelAsked)
        #expect(try await desk.open().count == 1)
        try await desk.change(undoable: true) { $0.status = "cancelled" }
        #expect(try await desk.open().isEmpty)
        let row = try #require(try await desk.links.list(desk.world.practice.id).items.first)
        #expect(row.answer.doneAt == desk.world.now && row.isCancelled)
        _ = try await desk.world.storage.appointments.undo(
            desk.appointment.id,
            desk.world.practice.id,
            now: desk.world.now
        )
        #expect(try await desk.open().count == 1)
        #expect(try await desk.word() == .cancelAsked)
    }

    @Test("A wish that was dealt with is told so, and can be said again")
    func askedAgain() async throws {
        let desk = try await Desk()
        try await desk.say(.cancelAsked)
        #expect(try await !desk.shown().isWishSeenTo)
        try await desk.setDone()
        let seen = try await desk.shown()
        #expect(seen.isWishSeenTo && seen.answers.isEmpty)
        #expect(try await desk.word() == nil)
        try await desk.say(.cancelAsked, after: 60)
        let again = try #require(try await desk.open().first)
        #expect(again.answer.receivedAt == desk.world.now + 60)
        #expect(try await desk.shown().answers == [.cancelAsked])
        try await desk.setDone()
        try await desk.say(.confirmed, after: 120)
        #expect(try await desk.shown().answers == [.confirmed])
        #expect(try await !desk.shown().isWishSeenTo)
        #expect(try await desk.word() == .confirmed)
    }

    @Test("With another number the patient gets another link; the one that went astray stays dead")
    func newLink() async throws {
        let desk = try await Desk()
        #expect(try await desk.next() == desk.code)
        try await desk.say(.wrongNumber)
        #expect(try await desk.next() == desk.code, "nobody dealt with it")
        _ = try await desk.world.storage.patients.change(desk.patient.id, desk.world.practice.id, now: desk.world.now) {
            $0.mobile = "0664 7654321"
        }
        #expect(try await desk.open().isEmpty, "another number settles it")
        #expect(try await desk.shown().isStrange)
        let next = try #require(try await desk.next())
        #expect(next != desk.code)
        #expect(try await desk.shown(next).answers.isEmpty)
        try await desk.say(.confirmed, by: next)
        #expect(try await desk.shown(next).answers == [.confirmed])
        #expect(try await desk.word() == .confirmed)
        try await desk.say(.wrongNumber, by: next)
        #expect(try await desk.word() == .wrongNumber)
        #expect(try await desk.shown(next).isStrange)
        try await desk.setDone()
        let third = try #require(try await desk.next())
        #expect(try await !desk.shown(third).isStrange)
        #expect(try await desk.shown(next).isStrange)
        #expect(try await desk.shown().isStrange)
        try await desk.setDone(false)
        #expect(try await !desk.shown(third).isStrange, "what was sent once is known")
    }
}
