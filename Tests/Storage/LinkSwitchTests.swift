import Database
import Domain
import Foundation
import Storage
import Testing

@Suite("Switching links on, and what they do to messages")
struct LinkSwitchTests {
    private static let url = "https://vortag.example"

    private func problem(_ work: () async throws -> Void) async throws -> FieldProblem {
        do { try await work() } catch let list as ProblemList { return try #require(list.problems.first) }
        throw StorageError.notFound
    }

    private func switchOn(_ world: World, _ storage: Storage? = nil) async throws {
        _ = try await (storage ?? world.storage).practices.change(world.practice.id, now: world.now) {
            $0.linksEnabled = true
        }
    }

    /// What would leave for an appointment on the day before.
    private func sms(_ world: World, _ storage: Storage? = nil) async throws -> [String] {
        let attempts = try await (storage ?? world.storage).queue.startDue(
            .all(.sms),
            by: Carrier(try await provider(world)),
            limit: 10,
            worker: "w",
            now: try world.instant("2027-03-07T07:00:00+01:00")
        ).attempts
        return attempts.compactMap(\.message.sms?.text)
    }

    private func provider(_ world: World) async throws -> Provider.ID {
        try await world.storage.providers.add(ProviderDraft(name: "sim", kind: "simulator"), now: world.now).id
    }

    @Test(
        "Without an address or a key it is refused, with the way to mend it",
        arguments: [nil, "http://vortag.example"]
    )
    func unavailable(url: String?) async throws {
        let world = try await World(publicURL: url)
        let problem = try await problem { try await switchOn(world) }
        #expect(problem.field == "linksEnabled" && problem.code == .linksUnavailable)
        let keyless = Storage(driver: world.driver, secrets: nil, random: { _ in [] }, publicURL: Self.url)
        #expect(try await self.problem { try await switchOn(world, keyless) }.code == .linksUnavailable)
        #expect(try await world.storage.practices.find(world.practice.id).linksEnabled == false)
    }

    @Test("Where a location's text is too long it is refused, and the locations are named")
    func tooLong() async throws {
        let world = try await World(publicURL: Self.url)
        for (name, length) in [("Nord", 84), ("Mitte", 83), ("Süd", 124)] {
            let draft = LocationDraft(name: name, closingText: String(repeating: "x", count: length))
            _ = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
        }
        let problem = try await problem { try await switchOn(world) }
        #expect(problem.field == "linksEnabled" && problem.code == .linksTextTooLong)
        #expect(problem.arguments == ["locations": "Nord, Süd", "maximum": "83"])
    }

    @Test("While links are on, a location's text has the room that they leave; one that stays as it is may stay")
    func room() async throws {
        let world = try await World(publicURL: Self.url)
        try await switchOn(world)
        let locations = world.storage.locations
        let full = String(repeating: "x", count: 83)
        let changed = try await locations.change(world.location.id, world.practice.id, now: world.now) {
            $0.closingText = full
        }
        #expect(changed.closingText.septets == 83)
        let problem = try await problem {
            _ = try await locations.change(world.location.id, world.practice.id, now: world.now) {
                $0.closingText = full + "x"
            }
        }
        #expect(problem.field == "closingText" && problem.arguments["maximum"] == "83")
        // The installation's address has become longer.
        let longer = World.storage(world.driver, key: 7, publicURL: "https://erinnerungen.vortag.example")
        let kept = try await longer.locations.change(world.location.id, world.practice.id, now: world.now) {
            $0.address = "Hauptplatz 1"
        }
        #expect(kept.closingText.value == full && kept.address == "Hauptplatz 1")
        let warnings = try await longer.forecast.warnings(world.practice.id, now: world.now)
        #expect(warnings.first { $0.code == .linksLeftOut }?.locations.map(\.name) == ["Hauptplatz"])
        let away = World.storage(world.driver, key: 7)
        let codes = try await away.forecast.warnings(world.practice.id, now: world.now).map(\.code)
        #expect(codes.contains(.linksUnavailable) && !codes.contains(.linksLeftOut))
        let well = try await world.storage.forecast.warnings(world.practice.id, now: world.now).map(\.code)
        #expect(!well.contains(.linksUnavailable) && !well.contains(.linksLeftOut))
    }

    @Test("The key that links are made with is the installation's from then on")
    func key() async throws {
        let world = try await World(publicURL: Self.url)
        #expect(try await world.storage.holdsSecrets() == false)
        try await switchOn(world)
        #expect(try await world.storage.holdsSecrets())
        await #expect(throws: StorageError.wrongKey) { try await World.storage(world.driver, key: 8).checkKey() }
    }

    @Test("An SMS carries the link that opens its appointment; without the switch it carries none")
    func sent() async throws {
        let world = try await World(publicURL: Self.url)
        _ = try await world.book(try await world.patient())
        try await switchOn(world)
        let appointment = try await world.book(try await world.patient("Moser")).appointment
        let texts = try await sms(world)
        #expect(texts.count == 2 && Set(texts).count == 2)
        let code = try #require(world.storage.links.maker?.code(appointment.id, appointment.patientID))
        #expect(
            texts.contains("Terminerinnerung 08.03.2027, 10:30. Bis morgen! https://vortag.example/t/" + code.text)
        )
        let other = try await World(publicURL: Self.url)
        _ = try await other.book(try await other.patient())
        #expect(try await sms(other) == ["Terminerinnerung 08.03.2027, 10:30. Bis morgen!"])
    }

    @Test("Where the text leaves no room after all, the link stays away rather than that a second SMS is paid")
    func leftOut() async throws {
        let full = String(repeating: "x", count: 83)
        let world = try await World(publicURL: Self.url, location: { $0.closingText = full })
        try await switchOn(world)
        _ = try await world.book(try await world.patient())
        let longer = World.storage(world.driver, key: 7, publicURL: "https://erinnerungen.vortag.example")
        #expect(try await sms(world, longer) == ["Terminerinnerung 08.03.2027, 10:30. " + full])
    }
}
