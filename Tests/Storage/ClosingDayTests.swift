import Domain
import Storage
import Testing

struct ClosingDayTests {
    @Test func `Closing days are listed until they are over`() async throws {
        let world = try await World()
        let store = world.storage.closingDays
        let today = try day("2027-03-01")
        for (name, first, last) in [
            ("Umbau", "2027-02-01", "2027-02-03"), ("Heute", "2027-03-01", ""), ("Urlaub", "2027-02-27", "2027-03-12"),
            ("Sommer", "2027-08-02", "2027-08-13"), ("Silvester", "2026-12-31", ""),
        ] { _ = try await store.add(world.practice.id, ClosingDayDraft(name: name, firstDay: first, lastDay: last)) }
        let upcoming = try await store.upcoming(world.practice.id, on: today)
        #expect(upcoming.map(\.name) == ["Urlaub", "Heute", "Sommer"])
        #expect(upcoming[1].lastDay == today)
        #expect(try await store.past(world.practice.id, on: today).map(\.name) == ["Umbau", "Silvester"])
    }

    @Test func `Each day of a span says why it is closed, and where`() async throws {
        let world = try await World()
        let store = world.storage.closingDays
        let place = world.location.id
        _ = try await store.add(
            world.practice.id,
            ClosingDayDraft(
                name: "Ostern",
                firstDay: "2027-03-28",
                lastDay: "2027-03-30",
                locationID: place.description
            )
        )
        let found = try await store.days(world.practice, from: try day("2027-03-29"), to: try day("2027-04-30"))
        #expect(found.map(\.day.iso) == ["2027-03-29", "2027-03-29", "2027-03-30"])
        #expect(found[0].reason == .holiday(.easterMonday) && found[0].locationID == nil)
        #expect(found.dropFirst().allSatisfy { $0.locationID == place })
        guard case .closing(_, let name) = found[2].reason else { throw Unexpected() }
        #expect(name == "Ostern")
        #expect(try await store.days(world.practice, from: try day("2027-04-01"), to: try day("2027-04-30")).isEmpty)
    }

    @Test func `Holidays follow the practice's region`() async throws {
        let world = try await World(practice: {
            $0.country = "DE"
            $0.region = "DE-SN"
            $0.timeZone = "Europe/Berlin"
        })
        let span = (try day("2027-11-01"), try day("2027-11-30"))
        let saxon = try await world.storage.closingDays.days(world.practice, from: span.0, to: span.1)
        #expect(saxon.map(\.reason) == [.holiday(.repentance)])
        let bavarian = try await world.storage.practices.change(world.practice.id, now: world.now) {
            $0.region = " de-by "
        }
        #expect(bavarian.region == "DE-BY")
        let found = try await world.storage.closingDays.days(bavarian, from: span.0, to: span.1)
        #expect(found.map(\.reason) == [.holiday(.allSaints)])
    }

    @Test func `A region is one of the country's, and goes with the country`() async throws {
        let world = try await World(practice: {
            $0.country = "DE"
            $0.region = "DE-BY"
        })
        let wrong = try await codes {
            _ = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.region = "AT-6" }
        }
        #expect(wrong == ["region field.invalid"])
        let moved = try await world.storage.practices.change(world.practice.id, now: world.now) { $0.country = "AT" }
        #expect(moved.region.isEmpty)
    }

    @Test(arguments: [
        ("", "2027-08-02", "", "", ["name field.required"]),
        ("Urlaub", "", "", "", ["firstDay field.required"]),
        ("Urlaub", "2027-02-30", "", "", ["firstDay field.invalid"]),
        ("Urlaub", "2027-08-02", "2027-08-01", "", ["lastDay field.invalid"]),
        ("Urlaub", "2027-08-02", "2028-08-02", "", ["lastDay field.invalid"]),
        ("Urlaub", "2027-08-02", "2028-08-01", "", []),
        ("Urlaub", "2027-08-02", "", "x", ["locationId reference.unknown"]),
        ("Urlaub", "2027-08-02", "", "999", ["locationId reference.unknown"]),
        (
            "", "", "morgen", "x",
            [
                "name field.required", "firstDay field.required", "lastDay field.invalid",
                "locationId reference.unknown",
            ]
        ),
    ])
    func `What is wrong with closing days is said at once`(
        _ name: String,
        _ first: String,
        _ last: String,
        _ place: String,
        _ expected: [String]
    ) async throws {
        let world = try await World()
        let draft = ClosingDayDraft(name: name, firstDay: first, lastDay: last, locationID: place)
        #expect(try await codes { _ = try await world.storage.closingDays.add(world.practice.id, draft) } == expected)
    }

    @Test func `Another practice's closing days and locations are not there`() async throws {
        let world = try await World()
        let store = world.storage.closingDays
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        let own = try await store.add(world.practice.id, ClosingDayDraft(name: "Urlaub", firstDay: "2027-08-02"))
        await #expect(throws: StorageError.notFound) { try await store.remove(own.id, other.id) }
        #expect(try await store.upcoming(other.id, on: try day("2027-03-01")).isEmpty)
        #expect(try await store.days(other, from: try day("2027-08-02"), to: try day("2027-08-02")).isEmpty)
        let place = ClosingDayDraft(name: "U", firstDay: "2027-08-02", locationID: world.location.id.description)
        #expect(try await codes { _ = try await store.add(other.id, place) } == ["locationId reference.unknown"])
        try await store.remove(own.id, world.practice.id)
        #expect(try await store.upcoming(world.practice.id, on: try day("2027-03-01")).isEmpty)
    }

    @Test func `A location that is deleted takes its closing days along`() async throws {
        let world = try await World()
        let place = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Am Park"),
            now: world.now
        )
        let draft = ClosingDayDraft(name: "Urlaub", firstDay: "2027-08-02", locationID: place.id.description)
        _ = try await world.storage.closingDays.add(world.practice.id, draft)
        try await world.storage.locations.delete(place.id, world.practice.id)
        #expect(try await world.count("SELECT COUNT(*) FROM closing_days") == 0)
    }

    private struct Unexpected: Error {}

    private func day(_ text: String) throws -> LocalDate { try #require(LocalDate(iso: text)) }
}
