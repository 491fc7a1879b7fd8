/// Gathers items for as long as more come, for some milliseconds at most, and while the previous batch is being written,
/// and writes them together: a durable commit costs the same for one item as for hundreds. Whoever comes first writes;
/// then the next in line takes over.
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
    ///   - limit: items that are written together, at most.
    ///   - gathering: how long the first of a batch waits for others at most; a fifth of that without any ends it. Whoever
    ///     sends the items may wait for the first ones to be durable before it goes on.
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
        await gather(with: items.count)
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

    private func gather(with own: Int) async {
        var count = 0
        for _ in 0..<5 {
            let before = count
            count = waiting.reduce(own) { $0 + $1.items.count }
            // Half of what fits is worth a commit.
            if count >= limit / 2 || count == before { return }
            try? await Task.sleep(for: gathering / 5)
        }
    }

    /// A list that is longer than the limit is durable once all of its parts are.
    private func isWritten(_ batch: [Item]) async -> Bool {
        do {
            for start in stride(from: 0, to: batch.count, by: limit) {
                try await write(Array(batch[start..<min(start + limit, batch.count)]))
            }
            return true
        } catch {
            // Whoever writes has logged why.
            return false
        }
    }
}
