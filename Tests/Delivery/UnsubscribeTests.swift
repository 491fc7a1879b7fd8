import Delivery
import Domain
import Foundation
import Storage
import Testing

/// One click ends e-mails: by a word that stands in the e-mail and nowhere else.
@Suite struct UnsubscribeTests {
    private static func sent() async throws -> (World, word: String) {
        let world = try await World()
        try await world.mailbox("praxis@example.at")
        try await world.bookMail()
        try world.set(World.morning)
        try await world.drain(ScriptedMailbox())
        return (world, try #require(try await world.mailRows().first).word)
    }

    @Test func theWordShowsThePracticeAndAMaskedAddressAndChangesNothing() async throws {
        let (world, word) = try await Self.sent()
        let shown = try await world.storage.unsubscribe.find(word)
        #expect(shown.practiceName == "Praxis" && shown.maskedAddress == "a…@example.org" && !shown.isDone)
        #expect(try await world.storage.patients.list(world.practice.id).items.map(\.emailConsent) == [.unknown])
    }

    @Test func withdrawingStopsWhatIsPlannedAndDoingItTwiceChangesNothing() async throws {
        let (world, word) = try await Self.sent()
        let before = try #require(try await world.storage.patients.list(world.practice.id).items.first)
        var draft = AppointmentDraft()
        draft.patientID = before.id.description
        draft.start = "2027-03-05T10:30:00+01:00"
        _ = try await world.storage.appointments.create(world.practice.id, draft, now: world.clock.now)
        for _ in 0..<2 { try await world.storage.unsubscribe.withdraw(word, now: world.clock.now) }
        let after = try await world.storage.patients.find(before.id, world.practice.id)
        #expect(after.emailConsent == .withdrawn && after.smsConsent == .unknown)
        #expect(after.version == before.version + 1)
        #expect(try await world.storage.unsubscribe.find(word).isDone)
        let mailbox = ScriptedMailbox()
        try world.set("2027-03-04T07:00:01+01:00")
        try await world.drain(mailbox)
        #expect(mailbox.mails.isEmpty)
    }

    @Test func whoHasTheSameAddressInThePracticeGetsNoneEither() async throws {
        let (world, word) = try await Self.sent()
        try world.set(World.saved)
        try await world.bookMail(to: "ANNA@example.org")
        try await world.bookMail(to: "berta@example.org")
        try await world.storage.unsubscribe.withdraw(word, now: world.clock.now)
        let consents = try await world.storage.patients.list(world.practice.id).items.reversed().map(\.emailConsent)
        #expect(consents == [.withdrawn, .withdrawn, .unknown])
    }

    @Test func anUnknownWordAndThatOfAnErasedPatientAreNotFound() async throws {
        let (world, word) = try await Self.sent()
        for strange in ["", "nothing", word.lowercased() + "x"] {
            await #expect(throws: StorageError.notFound) { _ = try await world.storage.unsubscribe.find(strange) }
            await #expect(throws: StorageError.notFound) {
                try await world.storage.unsubscribe.withdraw(strange, now: world.clock.now)
            }
        }
        let patient = try #require(try await world.storage.patients.list(world.practice.id).items.first)
        try await world.storage.patients.delete(
            patient.id,
            world.practice.id,
            knowing: .everything,
            now: world.clock.now
        )
        await #expect(throws: StorageError.notFound) { _ = try await world.storage.unsubscribe.find(word) }
    }
}
