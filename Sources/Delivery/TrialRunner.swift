import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Tries providers and mailboxes that somebody wants tried: one message, each step put on record as it is reached.
public struct TrialRunner: Service {
    /// So many at the same time.
    private static let atOnce = 4
    /// Seconds in which the way to the provider has to open.
    private static let bindPatience = 20.0
    /// Seconds for which a receipt is waited for.
    private static let receiptPatience = 90.0

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            let signal = Signal()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await _ in world.storage.trials.asked() { signal.ring() }
                }
                while !Task.isCancelled {
                    await runAll()
                    await signal.wait(seconds: 5)
                }
                group.cancelAll()
            }
        }
    }

    /// Runs what waits, a few at a time: one that waits for its receipt does not hold up others.
    public func runAll() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.atOnce {
                group.addTask { await runOneByOne() }
            }
        }
    }

    private func runOneByOne() async {
        do {
            while !Task.isCancelled, let trial = try await world.storage.trials.take(now: world.now()) {
                try await run(trial)
            }
        } catch {
            world.logger.error("a provider could not be tried", metadata: ["error": "\(error)"])
        }
    }

    private func run(_ trial: Trial) async throws {
        if let channel = world.channels.channel(of: trial.providerID), trial.isSMS {
            // An account may allow one connection at a time: the one that is open is tried.
            return try await send(trial, over: channel)
        }
        let provider: Provider
        do { provider = try await world.storage.providers.find(trial.providerID) } catch StorageError.notFound {
            return try await MailTrial(trial, world: world).run()
        }
        let channel: any MessageChannel
        do {
            channel = try world.makeChannel(provider, try await world.storage.providers.secrets(of: provider.id))
        } catch {
            return try await note(.failed, of: trial, "\(error)")
        }
        let intake = LaneIntake(provider.id, world: world)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await channel.run { event in
                    switch event {
                    case .receipts(let receipts): await intake.store(receipts)
                    case .inbound(let messages): await intake.store(messages)
                    case .bound, .lateAnswer: true
                    }
                }
            }
            if provider.kind.isCalledBack {
                group.addTask {
                    await HookReader(provider: provider.id, channel: channel, intake: intake, world: world).run {}
                }
            }
            defer { group.cancelAll() }
            try await send(trial, over: channel)
        }
    }

    private func send(_ trial: Trial, over channel: any MessageChannel) async throws {
        guard await isBound(channel) else { return try await note(.failed, of: trial, "not connected") }
        try await note(.bound, of: trial)
        guard let message = message(of: trial) else { return try await note(.failed, of: trial, "interrupted") }
        switch await channel.send(.sms(message)) {
        case .accepted(let reference, _):
            try await note(.accepted, of: trial)
            try await awaitReceipt(of: reference, message, trial, over: channel)
        case let outcome: try await note(.failed, of: trial, outcome.trouble)
        }
    }

    private func isBound(_ channel: any MessageChannel) async -> Bool {
        let end = world.now() + Self.bindPatience
        while !channel.isBound {
            guard !Task.isCancelled, world.now() < end else { return false }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return true
    }

    private func awaitReceipt(
        of reference: ProviderReference,
        _ message: OutgoingSMS,
        _ trial: Trial,
        over channel: any MessageChannel
    ) async throws {
        let began = world.now()
        var askedAt = began
        let intake = LaneIntake(trial.providerID, world: world)
        while !Task.isCancelled, world.now() < began + Self.receiptPatience {
            if channel.polling != nil, world.now() >= askedAt + 3 {
                askedAt = world.now()
                let sent = SentMessage(
                    id: message.id,
                    providerMessageID: reference.raw,
                    recipient: message.recipient,
                    text: message.text,
                    startedAt: began
                )
                _ = await intake.store(await channel.statuses(of: [sent]))
            }
            switch try await world.storage.trials.receipt(of: reference, trial.providerID) {
            case nil, .submitted: break
            case .delivered: return try await note(.delivered, of: trial)
            case .some(let status): return try await note(.failed, of: trial, "receipt: " + status.rawValue)
            }
            try? await Task.sleep(for: .milliseconds(300))
        }
        try await note(.noNews, of: trial)
    }

    /// Its reference is one that no message of the log has.
    private func message(of trial: Trial) -> OutgoingSMS? {
        guard let sender = SenderID(stored: trial.sender), !trial.recipient.isEmpty else { return nil }
        let text = "Vortag: Test"
        return OutgoingSMS(
            id: Identifier(-trial.id.rawValue),
            reference: "trial-\(trial.id)",
            composed: ComposedSMS(
                recipient: trial.recipient,
                sender: sender,
                text: text,
                encoding: SMSEncoding.of(text),
                validitySeconds: 3600
            )
        )
    }

    private func note(_ step: Trial.Step, of trial: Trial, _ detail: String = "") async throws {
        try await world.storage.trials.note(step, of: trial.id, detail: detail, now: world.now())
    }
}

extension SendOutcome {
    /// Why a trial failed, with the other side's words.
    var trouble: String {
        switch self {
        case .accepted: ""
        case .unreachable(let detail): "not reached: " + detail
        case .throttled(let detail), .deferred(let detail), .limited(_, let detail):
            "takes no more at present: " + detail
        case .accountRefused(let detail): "the account is refused: " + detail
        case .refused(_, let detail): "refused: " + detail
        case .unknown(let detail): "no answer: " + detail
        }
    }
}
