import Database
import Domain
import Foundation
import Storage
import Testing

@Suite("Texts of e-mails")
struct MailTextTests {
    @Test func `A practice's texts are kept, and an empty one gives way to the product's own`() async throws {
        let world = try await World()
        #expect(world.practice.emailSubject == nil && world.practice.emailBody == nil)
        let change = { (subject: String, body: String) in
            try await world.storage.practices.change(world.practice.id, now: world.now) {
                $0.emailSubject = subject
                $0.emailBody = body
            }
        }
        let own = try await change("  Termin am {Datum} ", "Grüße\r\n{praxis}")
        #expect(own.emailSubject?.source == "Termin am {Datum}")
        #expect(own.emailBody?.source == "Grüße\n{praxis}")
        #expect(own.version == world.practice.version + 1)
        #expect(try await world.storage.practices.find(world.practice.id) == own)
        let none = try await change(" ", "\n")
        #expect(none.emailSubject == nil && none.emailBody == nil)
    }

    @Test func `A location has texts of its own, or none`() async throws {
        let world = try await World(location: { $0.emailSubject = "Termin: {ort}" })
        #expect(world.location.emailSubject?.source == "Termin: {ort}" && world.location.emailBody == nil)
        let changed = try await world.storage.locations.change(world.location.id, world.practice.id, now: world.now) {
            $0.emailSubject = ""
            $0.emailBody = "{therapeut}"
        }
        #expect(changed.emailSubject == nil && changed.emailBody?.source == "{therapeut}")
        #expect(try await world.storage.locations.find(world.location.id, world.practice.id) == changed)
        #expect(changed.closingText == world.location.closingText && changed.name == world.location.name)
    }

    @Test func `A text that breaks a rule is refused, of the practice and of a location`() async throws {
        let world = try await World()
        let practice = try await codes {
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) {
                $0.emailSubject = "{uhr}\n"
                $0.emailBody = "{vorname"
                $0.name = ""
            }
        }
        #expect(
            practice == [
                "name field.required", "emailSubject text.unknown_placeholder", "emailBody text.stray_brace",
            ]
        )
        let location = try await codes {
            _ = try await world.storage.locations.change(world.location.id, world.practice.id, now: world.now) {
                $0.emailSubject = String(repeating: "x", count: 151)
            }
        }
        #expect(location == ["emailSubject field.too_long"])
    }

    @Test func `The other way is off until somebody wants it`() async throws {
        let world = try await World()
        #expect(!world.practice.fallsBack)
        let changed = try await world.storage.practices.change(world.practice.id, now: world.now) {
            $0.fallsBack = true
        }
        #expect(changed.fallsBack)
    }

    @Test func `The preview is of the next booked appointment, of the location where one is asked for`() async throws {
        let world = try await World(location: { $0.address = "Hauptplatz 1" })
        let facts = { (location: Location.ID?) in
            try await world.storage.appointments.mailFacts(world.practice.id, at: location, now: world.now)
        }
        #expect(try await facts(nil) == nil)
        let next = try await world.book(try await world.patient("Huber")).appointment
        _ = try await world.book(try await world.patient("Berger"), start: "2027-03-09T08:00")
        let found = try #require(try await facts(nil))
        #expect(found.lastName == "Huber" && found.firstName == "Anna" && found.start.iso == "2027-03-08T10:30")
        #expect(found.location == "Hauptplatz" && found.address == "Hauptplatz 1" && found.practitioner.isEmpty)
        #expect(found.practice == "Praxis am Platz" && found.language == .german)
        _ = try await world.change(next) { $0.status = "cancelled" }
        #expect(try await facts(world.location.id)?.lastName == "Berger")
        #expect(try await facts(Location.ID(999)) == nil)
    }
}
