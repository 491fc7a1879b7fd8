import Database
import Domain
import Foundation
import Storage
import Testing

/// The sender that is allowed: registration, fallback number, warnings; and the monthly limit.
struct SenderTests {
    private func place(_ world: World, edit: @escaping @Sendable (inout LocationDraft) -> Void) async throws -> Location
    {
        try await world.storage.locations.change(world.location.id, world.practice.id, now: world.now, edit: edit)
    }

    private func practice(
        _ world: World,
        edit: @escaping @Sendable (inout PracticeDraft) -> Void
    ) async throws -> Practice {
        try await world.storage.practices.change(world.practice.id, now: world.now, edit: edit)
    }

    private func senderWarnings(_ world: World) async throws -> [ForecastWarning] {
        try await world.storage.forecast.warnings(world.practice.id, now: world.now).filter {
            $0.code == .senderUnregistered || $0.code == .senderGeneric
        }
    }

    @Test func `Registration, fallback numbers and limit are kept`() async throws {
        let world = try await World()
        let changed = try await place(world) {
            $0.senderRegistered = true
            $0.senderRegisteredOn = "2026-09-04"
            $0.fallbackSenderID = "00436761234567"
        }
        #expect(changed.senderRegistered && changed.senderRegisteredOn == LocalDate(iso: "2026-09-04"))
        #expect(try await world.storage.locations.find(world.location.id, world.practice.id) == changed)
        let settings = try await practice(world) {
            $0.fallbackSenderID = "00431234567"
            $0.smsMonthlyLimit = "300"
        }
        #expect(settings.fallbackSender?.value == "00431234567" && settings.smsMonthlyLimit == 300)
        #expect(try await world.storage.practices.find(world.practice.id) == settings)
        let cleared = try await practice(world) {
            $0.fallbackSenderID = ""
            $0.smsMonthlyLimit = ""
        }
        #expect(cleared.fallbackSender == nil && cleared.smsMonthlyLimit == nil)
        let new = LocationDraft(name: "Zweite", senderRegistered: true, senderRegisteredOn: "2027-01-02")
        let created = try await world.storage.locations.create(world.practice.id, new, now: world.now)
        #expect(created.senderRegistered && created.senderRegisteredOn == LocalDate(iso: "2027-01-02"))
    }

    @Test func `Another sender is not registered unless the same edit says so`() async throws {
        let world = try await World()
        _ = try await place(world) { $0.senderRegistered = true }
        #expect(try await place(world) { $0.name = "Am Platz" }.senderRegistered)
        #expect(try await !place(world) { $0.senderID = "Ordination" }.senderRegistered)
        let said = try await place(world) {
            $0.senderID = "Am Platz"
            $0.senderRegistered = true
            $0.saysRegistration = true
        }
        #expect(said.senderRegistered)
        let same = try await place(world) { $0.saysRegistration = true }
        #expect(same.version == said.version)
    }

    @Test func `Another sender of the practice is not registered at the locations that use it`() async throws {
        let world = try await World()
        let inherits = try await place(world) {
            $0.senderRegistered = true
            $0.senderRegisteredOn = "2026-09-04"
        }
        let draft = LocationDraft(name: "Eigene", senderID: "Ordination", senderRegistered: true)
        let own = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
        _ = try await practice(world) { $0.name = "Praxis am Eck" }
        #expect(try await world.storage.locations.find(inherits.id, world.practice.id) == inherits)
        _ = try await practice(world) { $0.senderID = "Neu" }
        let after = try await world.storage.locations.find(inherits.id, world.practice.id)
        #expect(!after.senderRegistered && after.senderRegisteredOn == nil && after.version == inherits.version + 1)
        #expect(try await world.storage.locations.find(own.id, world.practice.id) == own)
    }

    @Test func `The warning names the locations, and those with a fallback number apart`() async throws {
        let world = try await World()
        for draft in [
            LocationDraft(name: "Registriert", senderRegistered: true),
            LocationDraft(name: "Nummer", senderID: "00436761234567"),
            LocationDraft(name: "Ersatz", fallbackSenderID: "00436761234567"),
            LocationDraft(name: "Bald", senderRegistered: true, senderRegisteredOn: "2027-03-02"),
        ] {
            _ = try await world.storage.locations.create(world.practice.id, draft, now: world.now)
        }
        let warnings = try await senderWarnings(world)
        #expect(warnings.map(\.code) == [.senderUnregistered, .senderUnregistered])
        #expect(warnings.map { $0.locations.map(\.name) } == [["Bald", "Hauptplatz"], ["Ersatz"]])
        #expect(warnings.map(\.isReplaced) == [false, true])
        #expect(warnings.first?.rule?.registry == "RTR")
        #expect(warnings.flatMap(\.apart).map { $0.locations.map(\.name) } == [["Bald"], ["Hauptplatz"], ["Ersatz"]])
        _ = try await practice(world) { $0.smsEnabled = false }
        #expect(try await senderWarnings(world).isEmpty)
    }

    @Test func `Nothing is warned of before the rule began`() async throws {
        let world = try await World()
        let before = try world.instant("2026-09-30T10:00:00+02:00")
        #expect(
            try await world.storage.forecast.warnings(world.practice.id, now: before).map(\.code)
                == [.smsWithoutProvider, .emailWithoutMailbox]
        )
    }

    @Test func `A German practice is warned once an SMS goes to Austria, an Austrian one with a vague name to Germany`()
        async throws
    {
        let german = try await World(practice: { $0.country = "DE" })
        let patient = try await german.patient(mobile: "0170 1234567")
        _ = try await german.book(patient)
        #expect(try await german.storage.forecast.recipients(german.practice) == [.germany])
        #expect(try await senderWarnings(german).isEmpty)
        _ = try await german.book(try await german.patient("Maier", mobile: "+43 664 1234500"))
        #expect(try await german.storage.forecast.recipients(german.practice) == [.germany, .austria])
        #expect(try await senderWarnings(german).map(\.code) == [.senderUnregistered])

        let austrian = try await World(practice: { $0.senderID = "INFO" }, location: { $0.senderRegistered = true })
        _ = try await austrian.book(try await austrian.patient())
        #expect(try await senderWarnings(austrian).isEmpty)
        _ = try await austrian.book(try await austrian.patient("Maier", mobile: "+49 170 1234567"))
        #expect(try await senderWarnings(austrian).map(\.code) == [.senderGeneric])
    }

    @Test(arguments: [
        ("300", "301", true), ("300", "", true), ("300", "299", false), ("300", "300", false), ("", "300", false),
    ])
    func `A limit that is raised or gone has what waited for it looked at again`(
        _ before: String,
        _ after: String,
        _ isWoken: Bool
    ) async throws {
        let world = try await World(practice: { $0.smsMonthlyLimit = before })
        _ = try await world.book(try await world.patient())
        try await world.driver.write { transaction in
            _ = try transaction.execute("UPDATE reminders SET next_at = due_at + 1, reason = 'monthly_limit'")
        }
        _ = try await practice(world) {
            $0.name = "Praxis am Eck"
            $0.smsMonthlyLimit = after
        }
        #expect(
            try await world.count("SELECT count(*) FROM reminders WHERE reason IS NULL AND next_at = due_at")
                == (isWoken ? 1 : 0)
        )
    }

    @Test func `A country's refused names do not stop a practice that has one already`() async throws {
        let world = try await World(practice: { $0.country = "DE" })
        #expect(
            try await codes { _ = try await practice(world) { $0.senderID = "Info" } } == ["senderId sender.generic"]
        )
        try await world.driver.write { transaction in
            _ = try transaction.execute("UPDATE practices SET sender = 'Info'")
        }
        #expect(try await practice(world) { $0.smsSendTime = "08:00" }.smsSendTime == .eight)
    }
}
