/// Gathers items for a few milliseconds, and while the previous batch is being written, and writes them together: a
/// durable commit costs the same for one item as for hundreds. Whoever comes first writes; then the next in line takes
/// over.
actor Batcher<Item: Sendable> {
    private enum Turn: Sendable {
        case written(Bool)
        case lead
    }

    private let limit: Int
    private let gathering: Duration
    private let write: @Sendable ([Item]) async throws -> Void
    private var waiting: [(items: [Item], turn: CheckedContinuation<Turn, Never>)] = []
    private var isWriting = false

    /// - Parameters:
    ///   - gathering: how long the first of a batch waits for others.
    ///   - write: makes a batch durable; when it throws, every item of the batch is told so.
    init(limit: Int, gathering: Duration = .milliseconds(20), write: @escaping @Sendable ([Item]) async throws -> Void)
    {
        self.limit = limit
        self.gathering = gathering
        self.write = write
    }

    /// Returns true once the items are durable, false where they could not be written.
    func add(_ items: [Item]) async -> Bool {
        if isWriting {
            let turn = await withCheckedContinuation { waiting.append((items, $0)) }
            if case .written(let isDurable) = turn { return isDurable }
        }
        isWriting = true
        if waiting.reduce(items.count, { $0 + $1.items.count }) < limit / 2 { try? await Task.sleep(for: gathering) }
        var batch = items
        var others = 0
        while others < waiting.count, batch.count + waiting[others].items.count <= limit {
            batch += waiting[others].items
            others += 1
        }
        let written = waiting.prefix(others)
        waiting.removeFirst(others)
        let isDurable = await isWritten(batch)
        for (_, turn) in written { turn.resume(returning: .written(isDurable)) }
        if waiting.isEmpty {
            isWriting = false
        } else {
            waiting.removeFirst().turn.resume(returning: .lead)
        }
        return isDurable
    }

    private func isWritten(_ batch: [Item]) async -> Bool {
        do {
            try await write(batch)
            return true
        } catch {
            return false
        }
    }
}
