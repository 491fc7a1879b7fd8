import NIOCore

/// The bound sessions that take messages; what waits in the queue is shared out among them.
///
/// Belongs to the client's event loop, on which all of its sessions run.
final class SubmitRing {
    private let queue: SubmitQueue
    private var sessions: [SMPPClientHandler] = []
    private var turn = 0

    init(queue: SubmitQueue) { self.queue = queue }

    /// - Parameter wake: called from anywhere when something waits; it comes back here, to `share`.
    func join(_ session: SMPPClientHandler, wake: @escaping @Sendable () -> Void) {
        sessions.append(session)
        queue.bound(wake: wake)
    }

    /// A session has ended, bound or not. Only the last one takes the queue's hope with it.
    func leave(_ session: SMPPClientHandler, _ end: SessionEnd, now: NIODeadline) {
        sessions.removeAll { $0 === session }
        guard sessions.isEmpty else { return }
        switch end {
        case .bindRefused(let status): queue.refuse(.bindRefused(status))
        case .tlsFailed(let problem): queue.unbound(.tlsFailed(problem), now: now)
        case .addressRefused: queue.refuse(.addressRefused)
        default: queue.unbound(.notBound, now: now)
        }
    }

    /// An attempt to connect came to nothing.
    func missed(_ reason: NotSentReason, now: NIODeadline) {
        if sessions.isEmpty { queue.unbound(reason, now: now) }
    }

    /// Fills the windows from the queue: each session gets the same share, and then as much as it can take.
    func share() {
        if sessions.count > 1 {
            turn = (turn + 1) % sessions.count
            let inTurn = Array(sessions[turn...] + sessions[..<turn])
            let share = (queue.waiting + sessions.count - 1) / sessions.count
            for session in inTurn { session.fillWindow(atMost: share) }
            for session in inTurn { session.fillWindow() }
        } else {
            sessions.first?.fillWindow()
        }
    }
}
