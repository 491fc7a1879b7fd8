import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

/// The record of who changed or looked at what.
struct AuditTests {
    private func user(_ world: World, _ email: String, _ practice: Practice? = nil) async throws -> User {
        try await world.storage.users.create(
            (practice ?? world.practice).id,
            email: email,
            role: "staff",
            password: "ein gutes Wort",
            now: world.now
        )
    }

    @Test func `Lines come newest first, page by page, and with the patient's present name`() async throws {
        let world = try await World()
        let audit = world.storage.audit
        let anna = Actor(try await user(world, "anna@example.org"))
        let patient = try await world.patient("Huber")
        let booked = try await world.book(patient).appointment
        try await audit.note(world.practice.id, anna, .looked, .patient, patient.id.rawValue, now: world.now)
        try await audit.note(world.practice.id, anna, .changed, .appointment, booked.id.rawValue, now: world.now + 1)
        try await audit.note(world.practice.id, anna, .changed, .practice, now: world.now + 2)

        let first = try await audit.list(world.practice.id, AuditFilter(), PageRequest(limit: 2))
        #expect(first.items.map(\.entry.subject) == [.practice, .appointment])
        #expect(first.items.map(\.patientName) == ["", "Huber, Anna"])
        #expect(first.items[1].appointmentStart == WallTime(iso: "2027-03-08T10:30"))
        let second = try await audit.list(world.practice.id, AuditFilter(), PageRequest(limit: 2, cursor: first.next))
        #expect(second.items.map(\.entry.subject) == [.patient])
        #expect(second.items.map(\.entry.actor) == ["anna@example.org"])
        #expect(second.next == nil)
    }

    @Test func `The list narrows to a person, a deed, or one record`() async throws {
        let world = try await World()
        let audit = world.storage.audit
        let (anna, bert) = (try await user(world, "anna@example.org"), try await user(world, "bert@example.org"))
        for (doer, deed, id) in [(anna, AuditEntry.Deed.looked, Int64(1)), (bert, .looked, 2), (bert, .changed, 1)] {
            try await audit.note(world.practice.id, Actor(doer), deed, .patient, id, now: world.now)
        }
        func deeds(_ filter: AuditFilter) async throws -> [String] {
            try await audit.list(world.practice.id, filter).items.map { "\($0.entry.deed) \($0.entry.subjectID ?? 0)" }
        }
        #expect(try await deeds(AuditFilter(userID: bert.id)) == ["changed 1", "looked 2"])
        #expect(try await deeds(AuditFilter(deed: .looked)) == ["looked 2", "looked 1"])
        #expect(try await deeds(AuditFilter(subject: .patient, subjectID: 1)) == ["changed 1", "looked 1"])
        #expect(try await deeds(AuditFilter(subject: .location)).isEmpty)
    }

    @Test func `What a page asks for by itself is noted once in a while, and of an account what it was`() async throws {
        let world = try await World()
        let anna = Actor(try await user(world, "anna@example.org"))
        let audit = world.storage.audit
        func look(_ id: Int64, _ seconds: Double) async throws {
            try await audit.note(world.practice.id, anna, .looked, .message, id, pause: 60, now: world.now + seconds)
        }
        for (id, seconds) in [(Int64(1), 0.0), (1, 59), (2, 59), (1, 60), (1, 119)] { try await look(id, seconds) }
        #expect(try await audit.list(world.practice.id).items.map(\.entry.subjectID) == [1, 2, 1])
        try await audit.note(world.practice.id, anna, .changed, .user, 1, .secondFactorOff, now: world.now)
        #expect(try await audit.list(world.practice.id).items[0].entry.detail == .secondFactorOff)
    }

    @Test(.enabled(if: TestDatabase.engine == .sqlite, "EXPLAIN QUERY PLAN is SQLite's"))
    func `Each filter of the record reads its own lines only, in order`() async throws {
        let world = try await World()
        let filters = [
            "": "audit_by_practice", "AND user_id = 1": "audit_by_user", "AND deed = 'looked'": "audit_by_deed",
            "AND subject = 'user'": "audit_by_subjects", "AND subject = 'user' AND subject_id = 1": "audit_by_subject",
        ]
        for (filter, index) in filters {
            let plan = try await world.driver.read { transaction in
                try transaction.query(
                    "EXPLAIN QUERY PLAN SELECT at FROM audit WHERE practice_id = 1 \(filter) ORDER BY id DESC LIMIT 51"
                ).map { try $0.text(3) }
            }
            #expect(plan.count == 1 && plan[0].contains("INDEX \(index) "), "\(filter): \(plan)")
        }
    }

    @Test func `Another practice's lines are not seen, nor its patients' names`() async throws {
        let world = try await World()
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let patient = try await world.patient("Huber")
        let stranger = Actor(try await user(world, "eva@example.org", other))
        try await world.storage.audit.note(other.id, stranger, .looked, .patient, patient.id.rawValue, now: world.now)
        #expect(try await world.storage.audit.list(world.practice.id).items.isEmpty)
        #expect(try await world.storage.audit.list(other.id).items.map(\.patientName) == [""])
    }

    @Test func `What is older than asked for is forgotten`() async throws {
        let world = try await World()
        let anna = Actor(try await user(world, "anna@example.org"))
        for seconds in [0.0, 10, 20] {
            try await world.storage.audit.note(world.practice.id, anna, .signedIn, .session, now: world.now + seconds)
        }
        #expect(try await world.storage.audit.drop(before: world.now + 10) == 1)
        #expect(try await world.storage.audit.list(world.practice.id).items.count == 2)
    }
}
