import Domain
import Foundation
import Logging
import Storage

/// Looks at how a provider does: whether it rests, and whether receipts come for what it takes. Tells the lane, so that
/// another provider goes first meanwhile, and puts it on record for pages and `doctor`.
struct HealthWatch: Sendable {
    /// Seconds between two looks.
    private static let interval = 5.0
    /// It is put on record anew at least so often, in seconds.
    private static let repeated = 300.0

    let lane: Lane
    let world: DeliveryEnvironment

    func run() async {
        var last: (state: ProviderHealth.State, detail: String, at: Date)?
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(Self.interval))
            if Task.isCancelled { return }
            let now = world.now()
            await judgeSilence(at: now)
            let (state, detail) = await lane.health
            if let last, last.state == state, last.detail == detail,
                (0..<Self.repeated).contains(now.timeIntervalSince(last.at))
            {
                continue
            }
            do {
                try await world.storage.health.note(state, of: lane.provider.id, detail: detail, at: now)
                last = (state, detail, now)
            } catch {
                world.logger.error("a provider's health could not be noted", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Notes how a mailbox did before its lane ends, which may have been open for less than one look.
    func noteLast() async {
        guard await lane.hasSent else { return }
        let (state, detail) = await lane.health
        do {
            try await world.storage.health.note(state, of: lane.provider.id, detail: detail, at: world.now())
        } catch {
            world.logger.error("a provider's health could not be noted", metadata: ["error": "\(error)"])
        }
    }

    private func judgeSilence(at now: Date) async {
        guard let sample = await lane.sampleToJudge(at: now) else { return }
        do {
            let unanswered = try await world.storage.health.unanswered(sample)
            await lane.judge(unanswered: unanswered, of: sample.count, at: now)
        } catch {
            world.logger.error("receipts could not be counted", metadata: ["error": "\(error)"])
        }
    }
}
