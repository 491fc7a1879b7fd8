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
    private var waiting: [(item: Item, turn: CheckedContinuation<Turn, Never>)] = []
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

    /// Returns true once the item is durable, false where it could not be written.
    func add(_ item: Item) async -> Bool {
        if isWriting {
            let turn = await withCheckedContinuation { waiting.append((item, $0)) }
            if case .written(let isDurable) = turn { return isDurable }
        }
        isWriting = true
        if waiting.count < limit / 2 { try? await Task.sleep(for: gathering) }
        let others = waiting.prefix(limit - 1)
        waiting.removeFirst(others.count)
        let isDurable = await isWritten([item] + others.map(\.item))
        for (_, turn) in others { turn.resume(returning: .written(isDurable)) }
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
