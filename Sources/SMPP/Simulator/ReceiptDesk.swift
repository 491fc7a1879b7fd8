import NIOConcurrencyHelpers
import NIOCore

/// Keeps the receipts that are due later, that found no session, or that the client put off; bounded.
final class ReceiptDesk: Sendable {
    private struct State {
        var receivers: [String: [SMPPServerSession]] = [:]
        /// In the order in which they fall due, since the delay is the same for all.
        var due = CircularBuffer<(at: NIODeadline, receipt: SimulatedReceipt)>()
        var putOff = CircularBuffer<(at: NIODeadline, receipt: SimulatedReceipt)>()
        var homeless: [String: [SimulatedReceipt]] = [:]
        var owed = 0
    }

    /// How long a receipt waits that the client could not store.
    private static let retryDelay = TimeAmount.seconds(1)
    private static let maximumRefusals = 60

    private let delay: TimeAmount
    private let limit: Int
    private let unixTime: @Sendable () -> Int64
    private let state = NIOLockedValueBox(State())

    init(delay: TimeAmount, limit: Int, unixTime: @escaping @Sendable () -> Int64) {
        self.delay = delay
        self.limit = limit
        self.unixTime = unixTime
    }

    /// Receipts not yet taken by a client.
    var owed: Int { state.withLockedValue { $0.owed } }

    func bound(_ session: SMPPServerSession) {
        guard session.mode.mayReceive else { return }
        let waiting = state.withLockedValue { state in
            state.receivers[session.systemID, default: []].append(session)
            return state.homeless.removeValue(forKey: session.systemID) ?? []
        }
        for receipt in waiting { send(receipt) }
    }

    func ended(_ session: SMPPServerSession) {
        state.withLockedValue { $0.receivers[session.systemID]?.removeAll { $0.id == session.id } }
    }

    /// Takes a receipt in; false where too many are owed already and it is dropped.
    func take(_ receipt: SimulatedReceipt, atOnce: Bool, now: NIODeadline) -> Bool {
        let sendsNow = atOnce || delay <= .zero
        let taken = state.withLockedValue { state in
            guard state.owed < limit else { return false }
            state.owed += 1
            if !sendsNow { state.due.append((now + delay, receipt)) }
            return true
        }
        if taken, sendsNow { send(receipt) }
        return taken
    }

    /// Sends what has fallen due.
    func tick(now: NIODeadline) {
        let ready = state.withLockedValue { state in
            Self.pop(&state.due, now: now) + Self.pop(&state.putOff, now: now)
        }
        for receipt in ready { send(receipt) }
    }

    private static func pop(
        _ queue: inout CircularBuffer<(at: NIODeadline, receipt: SimulatedReceipt)>,
        now: NIODeadline
    ) -> [SimulatedReceipt] {
        var ready: [SimulatedReceipt] = []
        while let first = queue.first, first.at <= now {
            ready.append(first.receipt)
            queue.removeFirst()
        }
        return ready
    }

    /// To the session that submitted it where that receives, else to another of the same system_id.
    private func send(_ receipt: SimulatedReceipt) {
        let receiver: SMPPServerSession? = state.withLockedValue { state in
            let receivers = state.receivers[receipt.systemID] ?? []
            guard let receiver = receivers.first(where: { $0.id == receipt.session }) ?? receivers.first else {
                state.homeless[receipt.systemID, default: []].append(receipt)
                return nil
            }
            return receiver
        }
        receiver?.deliver(receipt.message(doneAt: unixTime())) { status in self.answered(receipt, status) }
    }

    private func answered(_ receipt: SimulatedReceipt, _ status: CommandStatus?) {
        let now = NIODeadline.now()
        state.withLockedValue { state in
            guard status != .ok, receipt.refusals < Self.maximumRefusals else {
                state.owed -= 1
                return
            }
            var again = receipt
            again.refusals += 1
            state.putOff.append((now + Self.retryDelay, again))
        }
    }
}
