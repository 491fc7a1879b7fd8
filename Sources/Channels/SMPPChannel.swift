import Domain
import Foundation
import Logging
import SMPP
import Synchronization

/// A way to an SMSC over SMPP 3.4.
public final class SMPPChannel: MessageChannel {
    private let settings: SMPPSettings
    private let client: SMPPClient
    private let inbox: Inbox

    init(settings: SMPPSettings, logger: Logger, random: @escaping @Sendable () -> Double) {
        self.settings = settings
        let inbox = Inbox(base: settings.messageID.base, logger: logger)
        self.inbox = inbox
        client = SMPPClient(configuration: settings.client, logger: logger, random: random) { message in
            await inbox.take(message)
        }
    }

    public var window: Int { settings.client.window }
    public var rate: Double? { settings.rate }
    public let reportsDelivery = true

    public func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        inbox.open(report)
        // Detached, since a shutdown of the process must not reach the connection by itself: attempts that are on record
        // still leave by it. Whoever runs this ends it by cancelling, once nothing is on its way.
        let connection = Task.detached { [client] in try await client.run() }
        try await withTaskCancellationHandler {
            try await connection.value
        } onCancel: {
            client.shutDown()
            if case .bound = client.state {} else { connection.cancel() }
        }
    }

    public func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let content = Self.content(of: message) else {
            return .refused(.providerError, detail: "the text cannot be encoded")
        }
        let validity = min(message.validitySeconds, settings.longestValidity)
        let submit = SubmitSM(
            from: Self.source(message.sender),
            to: message.recipient,
            content: content,
            validity: .relative(seconds: validity),
            serviceType: settings.serviceType
        )
        switch await client.submit(submit) {
        case .accepted(let id): return .accepted(ProviderReference(id, base: settings.messageID.base))
        case .refused(let status): return SMPPStatusTable.outcome(status)
        case .notSent(let reason): return SMPPStatusTable.outcome(reason)
        case .unknown(let reason): return .unknown(detail: SMPPStatusTable.detail(reason))
        }
    }

    private static func source(_ sender: SenderID) -> SourceAddress {
        switch sender.kind {
        case .alphanumeric: .alphanumeric(sender.value)
        case .international: .international(sender.value)
        }
    }

    private static func content(of message: OutgoingMessage) -> MessageContent? {
        switch message.encoding.alphabet {
        case .gsm: GSM0338.encode(message.text).map(MessageContent.gsm)
        case .ucs2: .ucs2(message.text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
        }
    }
}

/// Turns deliver_sm into receipts, and gives them to whoever keeps them.
private final class Inbox: Sendable {
    /// A closure that is kept bare in a generic box is wrapped once more each time it is read, so it has a struct.
    private struct Keeper: Sendable {
        let report: @Sendable (ChannelEvent) async -> Bool
    }

    private let base: ReceiptID.Base
    private let logger: Logger
    private let keeper = Mutex<Keeper?>(nil)

    init(base: ReceiptID.Base, logger: Logger) {
        self.base = base
        self.logger = logger
    }

    func open(_ report: @escaping @Sendable (ChannelEvent) async -> Bool) {
        keeper.withLock { $0 = Keeper(report: report) }
    }

    /// True once the message is on record; an unacknowledged one comes again.
    func take(_ message: InboundMessage) async -> Bool {
        guard let receipt = message.receipt else {
            logger.notice("a message that is no receipt came in and was passed over")
            return true
        }
        guard let keeper = keeper.withLock({ $0 }) else { return false }
        let news = DeliveryReceipt(
            reference: ProviderReference(receipt, base: base),
            status: receipt.state.map(SMPPStatusTable.status) ?? .submitted,
            detail: [receipt.state?.word, receipt.errorCode.map { "err:" + $0 }].compactMap { $0 }
                .joined(separator: " "),
            raw: receipt.text
        )
        return await keeper.report(.receipt(news))
    }
}

extension ProviderReference {
    /// An id in lower case and without leading zeros first, then read as decimal and as hexadecimal.
    init(_ id: String, base: ReceiptID.Base) {
        self.init(raw: id, spellings: Self.spellings(id, base))
    }

    /// A receipt may carry two ids, in the TLV and in the text, written in different bases.
    fileprivate init(_ receipt: SMPPReceipt, base: ReceiptID.Base) {
        let ids = [receipt.messageID, receipt.alternativeID].compactMap { $0 }
        self.init(raw: receipt.messageID, spellings: ids.flatMap { Self.spellings($0, base) })
    }

    private static func spellings(_ id: String, _ base: ReceiptID.Base) -> [String] {
        let stripped = id.lowercased().drop { $0 == "0" }
        return ReceiptID.normalForms(stripped.isEmpty ? "0" : String(stripped), base: base)
    }
}
