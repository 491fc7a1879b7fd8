import Synchronization

/// Who waits for announcements in this process.
final class Bells: Sendable {
    private struct State {
        var waiting: [Int: (topic: Topic, bell: AsyncStream<Void>.Continuation)] = [:]
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    func stream(of topic: Topic) -> AsyncStream<Void> {
        // One ring that nobody has looked at stands for all.
        let (stream, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed else { return nil }
            state.next += 1
            state.waiting[state.next] = (topic, bell)
            return state.next
        }
        guard let number else {
            bell.finish()
            return stream
        }
        bell.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.waiting.removeValue(forKey: number) }
        }
        return stream
    }

    func ring(_ topics: Set<Topic>) {
        guard !topics.isEmpty else { return }
        let bells = state.withLock { state in
            state.waiting.values.filter { topics.contains($0.topic) }.map(\.bell)
        }
        for bell in bells { bell.yield() }
    }

    /// Ends all streams.
    func close() {
        let bells = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting.values.map(\.bell)
        }
        for bell in bells { bell.finish() }
    }
}
