import Domain
import Foundation
import Logging
import SMPP
import Synchronization

/// A way to an SMSC over SMPP 3.4.
public final class SMPPChannel: MessageChannel {
    private let settings: SMPPSettings
    private let client: SMPPClient
    private let inbox: SMPPInbox
    private let unclear = Mutex(UnclearParts())

    init(settings: SMPPSettings, logger: Logger, random: @escaping @Sendable () -> Double) {
        self.settings = settings
        let inbox = SMPPInbox(base: settings.messageID.base, logger: logger)
        self.inbox = inbox
        client = SMPPClient(
            configuration: settings.client,
            logger: logger,
            random: random,
            onEvent: { await inbox.take($0) },
            onDeliver: { await inbox.take($0) }
        )
    }

    public var window: Int { settings.window }
    public var rate: Double? { settings.rate }
    public var reportsDelivery: Bool { settings.form.asksForReceipts }
    public var isBound: Bool { if case .bound = client.state { true } else { false } }

    public func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        inbox.open(report) { [weak self] in self?.outcome(ofLate: $0, $1) }
        // Detached, since a shutdown of the process must not reach the connection by itself: attempts that are on record
        // still leave by it. Whoever runs this ends it by cancelling, once nothing is on its way.
        let connection = Task.detached { [client, inbox] in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await Self.giveUpParts(of: inbox) }
                try await client.run()
                group.cancelAll()
            }
            await inbox.close()
        }
        try await withTaskCancellationHandler {
            try await connection.value
        } onCancel: {
            client.shutDown()
            if client.boundSessions == 0 { connection.cancel() }
        }
    }

    private static func giveUpParts(of inbox: SMPPInbox) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(30))
            if !Task.isCancelled { await inbox.giveUp(now: .now) }
        }
    }

    public func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let sms = message.sms else { return .carriesSMSOnly }
        return await send(sms)
    }

    func send(_ message: OutgoingSMS) async -> SendOutcome {
        guard let content = settings.form.content(of: message) else {
            return .refused(.providerError, detail: "the text cannot be encoded")
        }
        if settings.form.travelsInParts(content) { return await sendParts(content, of: message) }
        let tag = SubmitTag(id: message.id.rawValue, attempt: message.attempt)
        return outcome(of: await client.submit(submit(content, of: message), tag: tag))
    }

    /// With one wait for all that go in one submit_sm; others go by themselves.
    public func send(_ messages: [OutgoingMessage], answered: @escaping @Sendable (Int, SendOutcome) -> Void) async {
        var submits: [SubmitSM] = []
        var tags: [SubmitTag] = []
        var places: [Int] = []
        var others: [Int] = []
        for (place, message) in messages.enumerated() {
            guard let message = message.sms, let content = settings.form.content(of: message),
                !settings.form.travelsInParts(content)
            else {
                others.append(place)
                continue
            }
            submits.append(submit(content, of: message))
            tags.append(SubmitTag(id: message.id.rawValue, attempt: message.attempt))
            places.append(place)
        }
        await withDiscardingTaskGroup { [places, others] group in
            for place in others {
                group.addTask { answered(place, await self.send(messages[place])) }
            }
            _ = await client.submit(submits, tags: tags) { answered(places[$0], self.outcome(of: $1)) }
        }
    }

    private func submit(_ content: MessageContent, of message: OutgoingSMS) -> SubmitSM {
        settings.form.submit(content, of: message, unixTime: settings.unixTime)
    }

    private func outcome(of result: SubmitResult) -> SendOutcome {
        if case .accepted(let id) = result { return .accepted(ProviderReference(accepted: id)) }
        return SMPPStatusTable.failure(result) ?? .unknown(detail: "")
    }

    /// Hands a long text over in parts. Parts that the SMSC did not take while it took others are offered twice more:
    /// without them the others are of no use to anybody.
    private func sendParts(_ content: MessageContent, of message: OutgoingSMS) async -> SendOutcome {
        guard let submits = settings.form.parts(content, of: message, unixTime: settings.unixTime) else {
            return .refused(.providerError, detail: "the text is too long")
        }
        let key = UnclearParts.Key(message: message.id.rawValue, attempt: message.attempt)
        unclear.withLock { $0.begin(key, parts: submits.count) }
        let tags = submits.indices.map { SubmitTag(id: key.message, attempt: key.attempt, part: $0 + 1) }
        let began = ContinuousClock.now
        var sent = PartedMessage(await client.submit(submits, tags: tags))
        // Not for long, so that the attempt has its outcome before it counts as lost.
        for _ in 0..<2
        where sent.isAcceptedInPart && !sent.open.isEmpty && began.duration(to: .now) < settings.partPatience {
            try? await Task.sleep(for: settings.partPause)
            let open = sent.open
            let results = await client.submit(open.map { submits[$0] }, tags: open.map { tags[$0] })
            for (index, result) in zip(open, results) { sent.set(result, at: index) }
        }
        return unclear.withLock { $0.end(key, with: sent) }.outcome
    }

    /// The attempt's outcome by an answer that came late; nil as long as another part of it is unknown.
    private func outcome(ofLate result: SubmitResult, _ tag: SubmitTag) -> SendOutcome? {
        if tag.part == 0 { return outcome(of: result) }
        let key = UnclearParts.Key(message: tag.id, attempt: tag.attempt)
        return unclear.withLock { unclear in
            unclear.note(result, key, part: tag.part - 1)?.outcome
        }
    }
}
