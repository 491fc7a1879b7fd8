import NIOConcurrencyHelpers
import NIOCore

/// Who waits for what becomes of a message.
enum SubmitWaiter: Sendable {
    case one(CheckedContinuation<SubmitResult, Never>)
    case member(SubmitBatch, index: Int)

    func resume(_ result: SubmitResult) {
        switch self {
        case .one(let continuation): continuation.resume(returning: result)
        case .member(let batch, let index): batch.note(result, at: index)
        }
    }
}

/// One wait for many messages.
final class SubmitBatch: Sendable {
    private struct State {
        var results: [SubmitResult]
        var missing: Int
    }

    private let state: NIOLockedValueBox<State>
    private let onResult: @Sendable (Int, SubmitResult) -> Void
    private let continuation: CheckedContinuation<[SubmitResult], Never>

    init(
        count: Int,
        onResult: @escaping @Sendable (Int, SubmitResult) -> Void,
        continuation: CheckedContinuation<[SubmitResult], Never>
    ) {
        self.onResult = onResult
        state = NIOLockedValueBox(
            State(results: Array(repeating: .notSent(.cancelled), count: count), missing: count)
        )
        self.continuation = continuation
    }

    func note(_ result: SubmitResult, at index: Int) {
        onResult(index, result)
        let done: [SubmitResult]? = state.withLockedValue { state in
            state.results[index] = result
            state.missing -= 1
            return state.missing == 0 ? state.results : nil
        }
        if let done { continuation.resume(returning: done) }
    }
}

/// A message that waits for a slot of the window.
struct PendingSubmit: Sendable {
    var ticket: UInt64
    var message: SubmitSM
    var tag: SubmitTag?
    var enqueuedAt: NIODeadline
    var waiter: SubmitWaiter
}

/// How long a message waits that has not left; its caller may then try another way.
struct SubmitPatience: Sendable {
    /// Without a session.
    let unbound: TimeAmount
    /// While the session takes none, since one before it has no answer.
    let bound: TimeAmount
}

/// The messages between the callers and the sessions: first in, first out, bounded, and none waits for ever.
///
/// Callers and the event loop meet here under one lock; the sessions are woken once for many messages.
final class SubmitQueue: Sendable {
    private enum Phase {
        case unbound(since: NIODeadline, reason: NotSentReason)
        case bound(wake: @Sendable () -> Void)
        case refusing(NotSentReason)
    }

    private struct State {
        var phase: Phase
        var pending = CircularBuffer<PendingSubmit>()
        var isWakeDue = false
        /// When patience is looked at next; nil where nobody waits.
        var expiryDue: NIODeadline?
    }

    private let state: NIOLockedValueBox<State>
    private let eventLoop: any EventLoop
    private let limit: Int
    private let patience: SubmitPatience

    init(eventLoop: any EventLoop, limit: Int, patience: SubmitPatience) {
        self.eventLoop = eventLoop
        self.limit = limit
        self.patience = patience
        state = NIOLockedValueBox(State(phase: .unbound(since: .now(), reason: .notBound)))
    }

    // MARK: The callers' side

    func enqueue(_ submits: [PendingSubmit]) {
        var refused: [(SubmitWaiter, NotSentReason)] = []
        var wake: (@Sendable () -> Void)?
        let expiry: NIODeadline? = state.withLockedValue { state in
            if case .refusing(let reason) = state.phase {
                refused = submits.map { ($0.waiter, reason) }
                return nil
            }
            for submit in submits {
                if state.pending.count < limit {
                    state.pending.append(submit)
                } else {
                    refused.append((submit.waiter, .queueFull))
                }
            }
            if case .bound(let call) = state.phase, !state.isWakeDue {
                state.isWakeDue = true
                wake = call
            }
            return Self.dueExpiry(&state, patience)
        }
        wake?()
        expiry.map(scheduleExpiry)
        for (waiter, reason) in refused { waiter.resume(.notSent(reason)) }
    }

    /// Takes a message back whose caller was cancelled, if it has not left yet.
    func cancel(_ tickets: Range<UInt64>) {
        let cancelled = state.withLockedValue { state in
            let found = state.pending.filter { tickets.contains($0.ticket) }
            if !found.isEmpty { state.pending.removeAll { tickets.contains($0.ticket) } }
            return found
        }
        for submit in cancelled { submit.waiter.resume(.notSent(.cancelled)) }
    }

    // MARK: The sessions' side

    /// How many messages wait.
    var waiting: Int { state.withLockedValue { $0.pending.count } }

    /// The next messages, at most `count`. Clears the wake: later messages wake again.
    func take(upTo count: Int) -> [PendingSubmit] {
        state.withLockedValue { state in
            state.isWakeDue = false
            guard count > 0, !state.pending.isEmpty else { return [] }
            let taken = Array(state.pending.prefix(count))
            state.pending.removeFirst(taken.count)
            return taken
        }
    }

    func bound(wake: @escaping @Sendable () -> Void) {
        state.withLockedValue { state in
            if case .refusing(.shuttingDown) = state.phase { return }
            state.phase = .bound(wake: wake)
            state.isWakeDue = true
        }
        wake()
    }

    /// There is no session: what waits may wait a little longer, counted from now.
    func unbound(_ reason: NotSentReason, now: NIODeadline) {
        let expiry: NIODeadline? = state.withLockedValue { state in
            switch state.phase {
            case .refusing(.shuttingDown): return nil
            case .unbound(let since, _): state.phase = .unbound(since: since, reason: reason)
            case .bound, .refusing: state.phase = .unbound(since: now, reason: reason)
            }
            return Self.dueExpiry(&state, patience)
        }
        expiry.map(scheduleExpiry)
    }

    /// Nothing can be sent: what waits learns it, and so does what comes.
    func refuse(_ reason: NotSentReason) {
        let waiting = state.withLockedValue { state in
            if case .refusing(.shuttingDown) = state.phase { return [PendingSubmit]() }
            state.phase = .refusing(reason)
            defer { state.pending.removeAll() }
            return Array(state.pending)
        }
        for submit in waiting { submit.waiter.resume(.notSent(reason)) }
    }

    // MARK: Patience

    /// When a message loses patience, and what it learns then; nil where it never does.
    private static func expiry(
        of submit: PendingSubmit,
        _ phase: Phase,
        _ patience: SubmitPatience
    ) -> (deadline: NIODeadline, reason: NotSentReason)? {
        switch phase {
        case .unbound(let since, let reason): (max(submit.enqueuedAt, since) + patience.unbound, reason)
        case .bound: (submit.enqueuedAt + patience.bound, .queueFull)
        case .refusing: nil
        }
    }

    /// When the first of those waiting loses patience; nil where nobody does, or it is known.
    private static func dueExpiry(_ state: inout State, _ patience: SubmitPatience) -> NIODeadline? {
        guard let first = state.pending.first, let expiry = expiry(of: first, state.phase, patience) else { return nil }
        // Without a session patience is shorter than with one, so an earlier look may be due than the one that is set.
        if let due = state.expiryDue, due <= expiry.deadline { return nil }
        state.expiryDue = expiry.deadline
        return expiry.deadline
    }

    private func scheduleExpiry(at deadline: NIODeadline) {
        eventLoop.scheduleTask(deadline: deadline) { self.expire(now: self.eventLoop.now) }
    }

    private func expire(now: NIODeadline) {
        var expired: [(SubmitWaiter, NotSentReason)] = []
        let next: NIODeadline? = state.withLockedValue { state in
            if let due = state.expiryDue, due <= now { state.expiryDue = nil }
            while let first = state.pending.first,
                let expiry = Self.expiry(of: first, state.phase, patience), expiry.deadline <= now
            {
                expired.append((first.waiter, expiry.reason))
                state.pending.removeFirst()
            }
            return Self.dueExpiry(&state, patience)
        }
        next.map(scheduleExpiry)
        for (waiter, reason) in expired { waiter.resume(.notSent(reason)) }
    }
}
