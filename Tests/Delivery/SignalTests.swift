import Foundation
import Testing

@testable import Delivery

@Suite struct SignalTests {
    private func seconds(_ body: () async -> Void) async -> Double {
        let (seconds, attoseconds) = await ContinuousClock().measure(body).components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    @Test func aRingBeforeTheWaitIsNotLostAndCountsOnce() async {
        let signal = Signal()
        signal.ring()
        signal.ring()
        #expect(await seconds { await signal.wait(seconds: 3600) } < 1800)
        #expect(await seconds { await signal.wait(seconds: 0.05) } >= 0.05)
    }

    @Test func afterATimeOutItStillWaitsAndStillWakes() async {
        let signal = Signal()
        for _ in 0..<3 { #expect(await seconds { await signal.wait(seconds: 0.03) } >= 0.03) }
        async let waited = seconds { await signal.wait(seconds: 3600) }
        signal.ring()
        #expect(await waited < 1800)
    }

    @Test func cancellationEndsTheWait() async {
        let signal = Signal()
        let task = Task { await seconds { await signal.wait(seconds: 3600) } }
        task.cancel()
        #expect(await task.value < 1800)
    }
}
