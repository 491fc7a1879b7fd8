import Database
import Domain
import Foundation
import Storage
import Testing

/// Whose numbers a provider carries.
@Suite struct CountryTests {
    private static let austrian = "+436641234500"
    private static let german = "+4915112345678"
    private static let swiss = "+41781234567"

    /// One provider for Austria, one for Germany, beside the world's own, which is switched off.
    private static func world() async throws -> World {
        let world = try await World()
        for (name, country) in [("austria", "AT"), ("germany", "DE")] {
            let draft = ProviderDraft(name: name, kind: "simulator", countries: country)
            _ = try await world.storage.providers.add(draft, now: world.clock.now)
        }
        let first = try await world.storage.providers.find(name: "scripted")
        _ = try await world.storage.providers.change(first.id, now: world.clock.now, edit: { $0.isEnabled = false })
        return world
    }

    @Test func eachNumberGoesByTheProviderOfItsCountry() async throws {
        let world = try await Self.world()
        try await world.book(3, mobile: Self.austrian)
        try await world.book(2, mobile: Self.german)
        try world.set(World.morning)
        let (austria, germany, off) = (ScriptedChannel(), ScriptedChannel(), ScriptedChannel())
        try await world.drain(off, ["austria": austria, "germany": germany])
        #expect(austria.sent.map(\.recipient) == Array(repeating: Self.austrian, count: 3))
        #expect(germany.sent.map(\.recipient) == Array(repeating: Self.german, count: 2))
        #expect(off.sent.isEmpty)
    }

    @Test func aNumberThatNobodyCarriesWaitsForAProvider() async throws {
        let world = try await Self.world()
        let appointment = try await world.book(mobile: Self.swiss)[0]
        try world.set(World.morning)
        let (austria, germany) = (ScriptedChannel(), ScriptedChannel())
        try await world.drain(ScriptedChannel(), ["austria": austria, "germany": germany])
        #expect(austria.sent.isEmpty && germany.sent.isEmpty)
        let reminder = try await world.standing(appointment).reminder
        #expect(reminder.state == .planned && reminder.reason == .noProvider)
    }

    @Test func aNumberWhoseCountryWasNotKnownFindsItsProviderAndKeepsIt() async throws {
        let world = try await Self.world()
        let appointment = try await world.book(mobile: Self.german)[0]
        try await world.driver.write { transaction in
            try transaction.execute("UPDATE reminders SET calling_code = 0")
            _ = try transaction.execute("UPDATE patients SET calling_code = 0")
        }
        try world.set(World.morning)
        let (austria, germany) = (ScriptedChannel(), ScriptedChannel())
        try await world.drain(ScriptedChannel(), ["austria": austria, "germany": germany])
        #expect(germany.sent.count == 1)
        let code = try await world.driver.read { transaction in
            try transaction.first("SELECT calling_code FROM patients WHERE id = $1", appointment.patientID.rawValue)?
                .integer(0)
        }
        #expect(code == 49)
    }

    @Test func theForecastSaysThatNobodyCarriesANumber() async throws {
        let world = try await Self.world()
        let swiss = try await world.book(mobile: Self.swiss)[0]
        let austrian = try await world.book(mobile: Self.austrian)[0]
        #expect(try await world.standing(swiss).reason == .noProvider)
        #expect(try await world.standing(austrian).reason == nil)
    }

    @Test func aProviderThatIsSwitchedOffIsHeardForADayAndSendsNothing() async throws {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel())
        try await world.storage.rescue.bound(Identifier(1), at: world.clock.now)
        _ = try await world.storage.providers.change(
            Identifier(1),
            now: world.clock.now,
            edit: { $0.isEnabled = false }
        )
        #expect(try await world.storage.providers.connected(now: world.clock.now).map(\.isEnabled) == [false])
        #expect(try await world.storage.providers.connected(now: world.clock.now + 86_401).isEmpty)
        try await world.book(1, start: "2027-03-09T10:30:00+01:00")
        try world.set("2027-03-08T07:00:00+01:00")
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
    }

    @Test func aProviderForAllCarriesTheRestAndNothingThatHasAnother() async throws {
        let world = try await Self.world()
        let draft = ProviderDraft(name: "others", kind: "simulator", priority: "200")
        _ = try await world.storage.providers.add(draft, now: world.clock.now)
        try await world.book(mobile: Self.swiss)
        try await world.book(mobile: Self.austrian)
        try world.set(World.morning)
        let (austria, germany, others) = (ScriptedChannel(), ScriptedChannel(), ScriptedChannel())
        try await world.drain(others, ["austria": austria, "germany": germany])
        #expect(austria.sent.map(\.recipient) == [Self.austrian])
        #expect(others.sent.map(\.recipient) == [Self.swiss])
    }

    @Test func aNumberThatChangesItsCountryAfterBookingChangesTheProvider() async throws {
        let world = try await Self.world()
        let appointment = try await world.book(mobile: Self.austrian)[0]
        _ = try await world.storage.patients.change(
            appointment.patientID,
            world.practice.id,
            now: world.clock.now,
            edit: { $0.mobile = Self.german }
        )
        try world.set(World.morning)
        let (austria, germany) = (ScriptedChannel(), ScriptedChannel())
        try await world.drain(ScriptedChannel(), ["austria": austria, "germany": germany])
        #expect(austria.sent.isEmpty)
        #expect(germany.sent.map(\.recipient) == [Self.german])
    }

    @Test func aNumberThatWasTakenForAnotherCountrysFindsItsProvider() async throws {
        let world = try await Self.world()
        try await world.book(mobile: Self.german)
        try await world.driver.write { _ = try $0.execute("UPDATE reminders SET calling_code = 43") }
        try world.set(World.morning)
        let (austria, germany) = (ScriptedChannel(), ScriptedChannel())
        try await world.drain(ScriptedChannel(), ["austria": austria, "germany": germany])
        #expect(austria.sent.isEmpty)
        #expect(germany.sent.map(\.recipient) == [Self.german])
    }
}
