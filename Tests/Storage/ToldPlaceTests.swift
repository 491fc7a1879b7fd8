import Domain
import Foundation
import Storage
import Testing

/// A correction names the place that the last message told, not the one of the change before it.
struct ToldPlaceTests {
    private static let correct = LateChangeAnswer.acknowledged(sendCorrection: true)
    private static let silent = LateChangeAnswer.acknowledged(sendCorrection: false)

    private struct Scene {
        let world: World
        let appointment: Appointment
        let second: Location
        let third: Location
        let night: Date

        func move(to place: Location, _ answer: LateChangeAnswer, start: String? = nil, after: Double = 0) async throws
        {
            _ = try await world.change(appointment, answer: answer, now: night + after) {
                $0.locationID = place.id.description
                if let start { $0.start = start }
            }
        }

        func correction() async throws -> Reminder? {
            try await world.standings(appointment).map(\.reminder).last { $0.purpose == .correction }
        }
    }

    /// An appointment at the first place whose SMS left; it is night, so that corrections wait for the morning.
    private func told(knownPlace: Bool = true) async throws -> Scene {
        let world = try await World()
        let places = try await ["Zweite", "Dritte"].asyncMap {
            try await world.storage.locations.create(world.practice.id, LocationDraft(name: $0), now: world.now)
        }
        let draft = AppointmentDraft(
            patientID: try await world.patient().id.description,
            locationID: world.location.id.description,
            start: "2027-03-08T10:30"
        )
        let appointment = try await world.storage.appointments.create(world.practice.id, draft, now: world.now)
            .appointment
        let reminder = try #require(try await world.standings(appointment).first).reminder
        try await world.attempt(
            reminder,
            at: try world.instant("2027-03-07T07:00:00+01:00"),
            outcome: "accepted",
            says: "2027-03-08T10:30",
            at: knownPlace ? world.location : nil
        )
        return Scene(
            world: world,
            appointment: appointment,
            second: places[0],
            third: places[1],
            night: try world.instant("2027-03-07T22:00:00+01:00")
        )
    }

    @Test func `After a silent change of place the correction names the place that the patient knows`() async throws {
        let scene = try await told()
        try await scene.move(to: scene.second, Self.silent)
        try await scene.move(to: scene.third, Self.correct, after: 60)
        let correction = try #require(try await scene.correction())
        #expect(correction.toldLocation == "Hauptplatz" && correction.toldStart?.iso == "2027-03-08T10:30")
    }

    @Test func `Back at the place that was told, a waiting correction is pointless`() async throws {
        let scene = try await told()
        try await scene.move(to: scene.second, Self.correct)
        try await scene.move(to: scene.world.location, Self.correct, after: 60)
        #expect(try await scene.world.lines(scene.appointment).last == "sms correction 1 skipped moved")
    }

    @Test func `At the old time but another place, a waiting correction stays`() async throws {
        let scene = try await told()
        try await scene.move(to: scene.second, Self.correct, start: "2027-03-08T12:00")
        try await scene.move(to: scene.second, Self.silent, start: "2027-03-08T10:30", after: 60)
        #expect(try await scene.correction()?.state == .planned)
    }

    @Test func `Where nobody knows which place was told, none is named`() async throws {
        let scene = try await told(knownPlace: false)
        try await scene.move(to: scene.second, Self.correct)
        let correction = try #require(try await scene.correction())
        #expect(correction.toldLocation == nil && correction.state == .planned)
    }
}

extension Sequence {
    fileprivate func asyncMap<Value>(_ body: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
