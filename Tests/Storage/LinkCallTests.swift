import Database
import Domain
import Foundation
import Storage
import Testing

@Suite("What patients said by a link, and whom to call")
struct LinkCallTests {
    /// An appointment on 2 March that was reminded of on 1 March at 07:00; it is 10:00 then.
    private struct House {
        let world: World
        let patient: Patient
        let appointment: Appointment
        let code: PatientLinkCode

        init(_ status: String?, unclear: Bool = false) async throws {
            let world = try await World(publicURL: "https://vortag.example")
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.linksEnabled = true }
            _ = try await world.storage.providers.add(ProviderDraft(name: "p", kind: "simulator"), now: world.now)
            patient = try await world.patient()
            let saved = world.now - 4 * 86_400
            appointment = try await world.book(patient, start: "2027-03-02T10:30", now: saved).appointment
            code = try #require(world.storage.links.maker?.code(appointment.id, patient.id))
            self.world = world
            try await message(status, unclear: unclear, hoursAgo: 3)
        }

        func message(_ status: String?, unclear: Bool = false, hoursAgo: Double) async throws {
            let reminder = try #require(try await world.standings(appointment).first?.reminder)
            let id = try await world.attempt(reminder, at: world.now - hoursAgo * 3_600, outcome: nil)
            try await world.driver.write { transaction in
                _ = try transaction.execute(
                    "UPDATE messages SET status = $1, unclear = $2 WHERE id = $3",
                    status,
                    unclear,
                    id.rawValue
                )
            }
        }

        func say(_ kind: LinkAnswer.Kind) async throws {
            _ = try await world.storage.links.answer(kind, code, now: world.now - 60)
        }

        func calls() async throws -> [CallEntry] {
            try await world.storage.calls.list(world.practice.id, now: world.now)
        }

        func counts() async throws -> DayCounts {
            let day = WallTime.of(world.now, in: world.practice.timeZone).date
            return try await world.storage.today.counts(
                world.practice.id,
                day,
                in: world.practice.timeZone,
                now: world.now
            )
        }

        func mobile(_ number: String) async throws {
            _ = try await world.storage.patients.change(patient.id, world.practice.id, now: world.now) {
                $0.mobile = number
            }
        }

        func settle() async throws {
            for row in try await world.storage.links.of(patient.id, world.practice.id) {
                try await world.storage.links.setDone(row.answer.id, world.practice.id, true, now: world.now)
            }
        }
    }

    @Test("Whose message reached somebody else is called, also once the number is another one")
    func strayed() async throws {
        let house = try await House("delivered")
        #expect(try await house.calls().isEmpty)
        try await house.say(.wrongNumber)
        let entry = try #require(try await house.calls().first)
        #expect(entry.hasStrayed && entry.isNumberWrong)
        let zone = house.world.practice.timeZone
        #expect(entry.strayedReminder(of: WallTime.of(house.world.now, in: zone).date, in: zone) != nil)
        try await house.mobile("0664 7654321")
        let mended = try #require(try await house.calls().first)
        #expect(mended.hasStrayed && !mended.isNumberWrong)
        let actor = Actor.command
        try await house.world.storage.calls.tick(
            mended.id,
            house.world.practice.id,
            by: actor,
            note: "erreicht",
            now: house.world.now
        )
        #expect(try await house.calls().map { $0.tick?.note } == ["erreicht"])
    }

    @Test("An e-mail that reached somebody else says nothing of the number, and another address settles it")
    func strayedMail() async throws {
        let house = try await House("delivered")
        try await house.world.driver.write { transaction in
            _ = try transaction.execute("UPDATE reminders SET channel = 'email'")
            _ = try transaction.execute("UPDATE messages SET channel = 'email'")
            _ = try transaction.execute("UPDATE patients SET email = 'fremd@example.org'")
        }
        try await house.say(.wrongNumber)
        let entry = try #require(try await house.calls().first)
        #expect(entry.hasStrayed && !entry.isNumberWrong)
        let practice = house.world.practice.id
        let told = { try await house.world.storage.links.of(house.patient.id, practice).map(\.answer.doneAt) }
        try await house.mobile("0664 7654321")
        #expect(try await told() == [nil])
        _ = try await house.world.storage.patients.change(house.patient.id, practice, now: house.world.now) {
            $0.email = "eva@example.org"
        }
        #expect(try await told() == [house.world.now])
        #expect(try await house.calls().first?.hasStrayed == true)
    }

    @Test("Where the number was found to be right, nobody is called")
    func dismissed() async throws {
        let house = try await House("delivered")
        try await house.say(.wrongNumber)
        try await house.settle()
        #expect(try await house.calls().isEmpty)
    }

    @Test("A failed message to a number that is somebody else's is called for, and the number is known to be wrong")
    func failedAndWrong() async throws {
        let house = try await House("undeliverable")
        try await house.say(.wrongNumber)
        let entry = try #require(try await house.calls().first)
        #expect(!entry.hasStrayed && entry.isNumberWrong)
    }

    @Test(
        "Who answered by the link has the message, whatever is unclear about it",
        arguments: [
            LinkAnswer.Kind.confirmed, .cancelAsked,
        ]
    )
    func answered(kind: LinkAnswer.Kind) async throws {
        let house = try await House(nil, unclear: true)
        #expect(try await house.calls().count == 1)
        #expect(try await house.counts().unclear == 1)
        try await house.say(kind)
        #expect(try await house.calls().isEmpty)
        let counts = try await house.counts()
        #expect(counts.unclear == 0 && counts.answered == [.sms: 1] && counts.arrivedOrHandedOver == 1)
    }

    @Test("What was said about another place settles nothing")
    func answeredElsewhere() async throws {
        let house = try await House(nil, unclear: true)
        try await house.say(.confirmed)
        let other = try await house.world.storage.locations.create(
            house.world.practice.id,
            LocationDraft(name: "Nebenstelle", closingText: ""),
            now: house.world.now
        )
        _ = try await house.world.change(house.appointment, answer: .acknowledged(sendCorrection: false)) {
            $0.locationID = other.id.description
        }
        #expect(try await house.calls().count == 1)
        #expect(try await house.counts().unclear == 1)
    }
}
