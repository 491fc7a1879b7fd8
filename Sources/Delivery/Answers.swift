import Domain
import Foundation
import Storage
import Synchronization

/// What became of an attempt, as the provider's connection told it.
struct Answer: Sendable {
    let attempt: StartedAttempt
    let outcome: SendOutcome
    let at: Date
}

/// Answers on their way from the connection's thread to the lane that notes them. They are bounded by the window.
final class Answers: Sendable {
    private struct State {
        var waiting: [Answer] = []
        var isClosed = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func put(_ answer: Answer) {
        state.withLock { state in
            state.waiting.append(answer)
            return state.reader.take()
        }?.resume()
    }

    /// Nothing more will come.
    func close() {
        state.withLock { state in
            state.isClosed = true
            return state.reader.take()
        }?.resume()
    }

    /// All that are there; none where there are none.
    func take() -> [Answer] {
        state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
    }

    /// Waits until some are there; false once all was taken and nothing more will come. Does not end by cancellation:
    /// each attempt that is on its way gets its answer, and that is to be noted. One reader waits at a time.
    func wait() async -> Bool {
        await withCheckedContinuation { reader in
            let isOver = state.withLock { state in
                if state.isClosed || !state.waiting.isEmpty { return true }
                state.reader = reader
                return false
            }
            if isOver { reader.resume() }
        }
        return state.withLock { !$0.waiting.isEmpty }
    }
}
