import Synchronization

/// Wakes one waiting loop; ringing it many times before it waits counts once.
final class Signal: Sendable {
    private struct State {
        var isRung = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        state.withLock { state in
            state.isRung = state.waiter == nil
            return state.waiter.take()
        }?.resume()
    }

    /// Waits for a ring, or for the task to be cancelled. One loop waits at a time.
    func wait() async { await park() }

    /// Waits for a ring, or for the seconds to pass, or for the task to be cancelled. One loop waits at a time.
    ///
    /// For short times only: a sleep that is cancelled keeps its memory until it would have ended.
    func wait(seconds: Double) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await Task.sleep(for: .seconds(seconds))
                // A ring, since it may come before the wait below is set up.
                if !Task.isCancelled { self.ring() }
            }
            await park()
            group.cancelAll()
        }
    }

    private func park() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiter = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            letGo()
        }
    }

    /// Ends the waiting without a ring.
    private func letGo() {
        state.withLock { $0.waiter.take() }?.resume()
    }
}
