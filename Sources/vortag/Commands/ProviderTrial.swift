import Channels
import Domain
import Foundation
import Logging
import Storage

/// One test message through a provider, outside the log.
struct ProviderTrial {
    /// How long a receipt is waited for, in seconds.
    private static let receiptSeconds = 20

    let installation: Installation
    let provider: Provider

    func run(to rawNumber: String, from rawSender: String) async throws {
        let country = Country.austria
        let number = try MobileNumber.parse(rawNumber, country: country, field: "--to").get()
        let sender = try SenderID.check(rawSender, country: country, field: "--from").get()
        let text = GSM0338.spelled("Vortag: \(provider.name)")
        let composed = ComposedSMS(
            recipient: number.e164,
            sender: sender,
            text: text,
            encoding: SMSEncoding.of(text),
            validitySeconds: 3600
        )
        let channel = try installation.channelFactory().channel(
            for: provider,
            secret: try await installation.storage.providers.secret(of: provider.id)
        )
        try await send(OutgoingSMS(id: Identifier(-1), reference: "trial", composed: composed), over: channel)
    }

    private func send(_ message: OutgoingSMS, over channel: any MessageChannel) async throws {
        Output.note("connecting to \(provider.name)")
        let (receipts, arrived) = AsyncStream.makeStream(of: DeliveryReceipt.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await channel.run { event in
                    guard await keep(event) else { return false }
                    if case .receipts(let receipts) = event { receipts.forEach { arrived.yield($0) } }
                    return true
                }
            }
            defer { group.cancelAll() }
            try await awaitBind(of: channel)
            guard case .accepted(let reference, _) = try report(await channel.send(.sms(message))) else { return }
            group.addTask {
                await Self.ask(channel, about: message, reference) { arrived.yield($0) }
                arrived.finish()
            }
            guard channel.reportsDelivery else { return Output.result("no receipts come from this provider") }
            for await receipt in receipts where receipt.status != .submitted && reference.isMeant(by: receipt) {
                return Output.result("receipt: \(receipt.status.rawValue)")
            }
            throw CommandFailure(.unavailable, "no receipt within \(Self.receiptSeconds) seconds")
        }
    }

    /// A provider hands what it has for the account to whichever connection is there: what concerns the messages of the
    /// engine must not be lost with this one.
    private func keep(_ event: ChannelEvent) async -> Bool {
        let now = installation.clock.now()
        do {
            switch event {
            case .receipts(let receipts):
                try await installation.storage.inbox.store(
                    receipts.map { ReceivedReceipt(provider: provider.id, receipt: $0, at: now) }
                )
            case .inbound(let messages):
                try await installation.storage.inbound.record(messages, from: provider.id, at: now)
            // A late answer is that of the test message, which is on no record.
            case .bound, .lateAnswer: break
            }
            return true
        } catch {
            installation.logger.error(
                "what the provider reported could not be put on record; it will send it again",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
            return false
        }
    }

    private func awaitBind(of channel: any MessageChannel) async throws {
        for _ in 0..<200 {
            if channel.isBound { return Output.note("connected, and the account is known") }
            try await Task.sleep(for: .milliseconds(50))
        }
        // What is sent now is told why it cannot leave.
    }

    /// Asks for receipts where they do not come by themselves, until there was time enough for one.
    private static func ask(
        _ channel: any MessageChannel,
        about message: OutgoingSMS,
        _ reference: ProviderReference,
        _ arrived: (DeliveryReceipt) -> Void
    ) async {
        let sent = SentMessage(
            id: message.id,
            providerMessageID: reference.raw,
            recipient: message.recipient,
            text: message.text,
            startedAt: .distantPast
        )
        for second in 0..<receiptSeconds {
            try? await Task.sleep(for: .seconds(1))
            if channel.polling != nil, second % 3 == 2 { (await channel.statuses(of: [sent])).forEach(arrived) }
        }
    }

    private func report(_ outcome: SendOutcome) throws -> SendOutcome {
        switch outcome {
        case .accepted: Output.note("accepted by the provider; waiting for its receipt")
        case .refused(_, let detail): throw CommandFailure(.unavailable, "refused: \(detail)")
        case .accountRefused(let detail): throw CommandFailure(.unavailable, "the account is refused: \(detail)")
        case .unreachable(let detail): throw CommandFailure(.unavailable, "not reached: \(detail)")
        case .throttled(let detail), .deferred(let detail), .limited(_, let detail):
            throw CommandFailure(.unavailable, "takes no more at present: \(detail)")
        case .unknown(let detail): throw CommandFailure(.unavailable, "outcome unknown: \(detail)")
        }
        return outcome
    }
}

extension ProviderReference {
    /// Whether a receipt speaks of this message, and not of another one of the same account.
    fileprivate func isMeant(by receipt: DeliveryReceipt) -> Bool {
        ([self] + furtherParts).contains { part in
            receipt.reference.raw == part.raw || receipt.reference.spellings.contains(part.key)
        }
    }
}
