import Domain
import Foundation
import SMPP

/// The built-in simulator as a provider: no network, the fate of each message stands in the last two digits of its
/// number. It shares its fates with the simulated SMSC.
public final class SimulatorChannel: MessageChannel {
    static let knownOptions = ["delay", "receipts", "rate", "response-timeout"]

    private enum Receipts: String, CaseIterable {
        case yes, no
    }

    private struct Owed: Sendable {
        let id: String
        let state: MessageState
        let after: Duration
    }

    public let window = 64
    public let rate: Double?
    public let isBound = true
    public let reportsDelivery: Bool
    private let delay: Duration
    private let responseTimeout: Duration
    private let owed: AsyncStream<Owed>
    private let owe: AsyncStream<Owed>.Continuation

    init(options: ProviderOptions) throws(ProviderProblem) {
        reportsDelivery = try options.word("receipts", else: Receipts.yes) == .yes
        delay = .milliseconds(try options.integer("delay", in: 0...3_600_000, else: 2000))
        responseTimeout = .milliseconds(try options.integer("response-timeout", in: 1...20_000, else: 10_000))
        rate = try options.number("rate", in: 0.1...100_000)
        // Bounded by what a delay lets pile up; the oldest are kept.
        (owed, owe) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(100_000))
    }

    public func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        _ = await report(.bound)
        await withDiscardingTaskGroup { group in
            for await owed in owed {
                group.addTask {
                    try? await Task.sleep(for: owed.after)
                    if Task.isCancelled { return }
                    _ = await report(.receipts([Self.receipt(owed)]))
                }
            }
        }
    }

    public func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let sms = message.sms else { return .carriesSMSOnly }
        return await send(sms)
    }

    func send(_ message: OutgoingSMS) async -> SendOutcome {
        let fate = SimulatedFate(destination: message.recipient)
        let id = "sim-" + message.reference
        guard let response = fate.response else {
            try? await Task.sleep(for: responseTimeout)
            return .unknown(detail: "no answer in time")
        }
        guard response == .ok else { return SMPPStatusTable.outcome(response) }
        if reportsDelivery, let state = fate.receipt {
            owe.yield(Owed(id: id, state: state, after: fate == .receiptBeforeResponse ? .zero : delay))
        }
        if fate == .receiptBeforeResponse { try? await Task.sleep(for: .milliseconds(50)) }
        return .accepted(ProviderReference(raw: id))
    }

    private static func receipt(_ owed: Owed) -> DeliveryReceipt {
        DeliveryReceipt(
            reference: ProviderReference(raw: owed.id),
            status: SMPPStatusTable.status(owed.state),
            detail: owed.state.word,
            raw: "id:\(owed.id) stat:\(owed.state.word)"
        )
    }
}
