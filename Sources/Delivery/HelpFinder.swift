import Domain
import Foundation
import Storage

/// Finds the lanes that need help: their provider cannot be reached, or is too slow for what is due until its latest
/// time.
actor HelpFinder {
    /// Seconds between two counts of what is due.
    private static let interval = 5.0
    /// What is due is not counted further than this.
    private static let counted = 100_000
    /// A lane is taken to be done in time only with this much to spare.
    private static let margin = 0.8

    private let world: DeliveryEnvironment
    private var countedAt: Date?
    private var late: Set<Provider.ID> = []

    init(world: DeliveryEnvironment) { self.world = world }

    func needed(by roster: LaneRoster, at now: Date) async throws -> Set<Provider.ID> {
        let lanes = roster.lanes
        guard lanes.count > 1 else { return [] }
        var resting: Set<Provider.ID> = []
        var full: [(lane: Lane, perSecond: Double)] = []
        for lane in lanes {
            let condition = await lane.condition
            if condition.isResting { resting.insert(lane.provider.id) }
            if condition.isFull, let perSecond = condition.perSecond { full.append((lane, perSecond)) }
        }
        if countedAt.map({ !(0..<Self.interval).contains(now.timeIntervalSince($0)) }) ?? true {
            countedAt = now
            late = []
            for (lane, perSecond) in full where try await isLate(lane, perSecond, at: now) {
                late.insert(lane.provider.id)
            }
        }
        return resting.union(late)
    }

    private func isLate(_ lane: Lane, _ perSecond: Double, at now: Date) async throws -> Bool {
        var count = 0
        var earliest: Date?
        for scope in await lane.scopes {
            let backlog = try await world.storage.queue.backlog(scope, at: now, limit: Self.counted)
            count += backlog.count
            earliest = [earliest, backlog.earliestLatest].compactMap { $0 }.min()
        }
        guard let earliest else { return false }
        return Double(count) > perSecond * max(0, earliest.timeIntervalSince(now)) * Self.margin
    }
}
