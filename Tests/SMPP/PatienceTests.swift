import SMPP
import Testing

/// Nobody waits for a silent SMSC much longer than for its answer.
@Suite struct PatienceTests {
    @Test("what waits behind an unanswered message after trouble is told in time that it did not leave")
    func nobodyWaitsForASlotForEver() async throws {
        try await LoopbackWorld.run(
            configure: {
                $0.responseTimeout = .milliseconds(300)
                $0.connectTimeout = .milliseconds(300)
            },
            script: { _ in }
        ) { world in
            // A session that answered nothing, so that the next begins with one message.
            await world.sessions.next()?.cut()
            _ = await world.sessions.next()
            let began = ContinuousClock.now
            let results = await world.client.submit((0..<20).map { _ in LoopbackWorld.message() })
            #expect(began.duration(to: .now) < .seconds(4), "a lease would be over ten times")
            let unknown = results.count { if case .unknown = $0 { true } else { false } }
            #expect(unknown < 5, "the others never left")
        }
    }
}
