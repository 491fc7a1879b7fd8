import Domain
import Foundation
import Logging
import Synchronization
import Transfer

/// A way to a gateway that is spoken to over HTTP, one request a message. What is particular to it stands in its
/// ``GatewaySpec``.
public final class HTTPChannel: MessageChannel {
    /// Questions that are asked at the same time.
    private static let questionsAtOnce = 4

    private let settings: GatewaySettings
    private let spec: GatewaySpec
    private let client: HTTPClient
    private let logger: Logger
    private let now: @Sendable () -> ContinuousClock.Instant
    /// Until then the gateway wants to be left alone.
    private let rest = Mutex<ContinuousClock.Instant?>(nil)
    private let accepted = Mutex(AcceptedIDs())
    private let leaving = Mutex(LeavingAttempts())

    /// - Parameter now: what a pause is measured with.
    init(
        _ settings: GatewaySettings,
        _ spec: GatewaySpec,
        logger: Logger,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.settings = settings
        self.spec = spec
        self.logger = logger
        self.now = now
        client = HTTPClient(settings.client)
    }

    public var window: Int { settings.window }
    public var rate: Double? { settings.rate }
    public let isBound = true
    public var polling: Polling? { spec.inquiry?.polling }
    /// Where the gateway can be asked. Whether it calls us shows once it did.
    public var reportsDelivery: Bool { spec.inquiry != nil }

    public func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        _ = await report(.bound)
        // There is no connection to keep; whoever runs this ends it.
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    public func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let sms = message.sms else { return .carriesSMSOnly }
        return await send(sms)
    }

    func send(_ message: OutgoingSMS) async -> SendOutcome {
        if isResting { return .throttled(detail: "the provider asked for a pause") }
        leaving.withLock { $0.begin(message.attemptName) }
        let outcome = await submit(message)
        let overtaking = leaving.withLock { $0.end(message.attemptName) }
        if case .accepted(let reference, let price) = outcome {
            return accepted(message, reference, price: price)
        }
        // Whoever reported on this very attempt has taken it, whatever became of the answer.
        return overtaking.map { accepted(message, $0, price: nil) } ?? outcome
    }

    private func submit(_ message: OutgoingSMS) async -> SendOutcome {
        do throws(HTTPFailure) {
            let response = try await client.answer(to: spec.submission(message))
            noteRest(response)
            return spec.outcome(response, message)
        } catch {
            return SendOutcome(error)
        }
    }

    private func accepted(_ message: OutgoingSMS, _ reference: ProviderReference, price: Price?) -> SendOutcome {
        .accepted(
            unambiguous(reference, of: message),
            price: price ?? settings.price?.times(message.encoding.segments)
        )
    }

    public func statuses(of messages: [SentMessage]) async -> [DeliveryReceipt] {
        guard let inquiry = spec.inquiry, !isResting else { return [] }
        return await withTaskGroup(of: DeliveryReceipt?.self) { group in
            var news: [DeliveryReceipt] = []
            for (place, message) in messages.enumerated() {
                if place >= Self.questionsAtOnce, let receipt = await group.next() ?? nil { news.append(receipt) }
                guard let request = inquiry.request(message) else { continue }
                group.addTask {
                    guard !self.isResting, let response = await self.ask(request) else { return nil }
                    return inquiry.news(response, message)
                }
            }
            for await receipt in group { if let receipt { news.append(receipt) } }
            return news
        }
    }

    public func lookUp(_ message: SentMessage) async -> LookUp {
        guard let search = spec.search, !isResting else { return .notTold }
        var request = search.request(message)
        for page in 1...GatewaySpec.Search.longest {
            guard let response = await ask(request) else { return .notTold }
            switch search.step(response, message, page) {
            case .end(.found(let reference, _)) where isOwnedByAnother(reference, than: message.id): return .notTold
            case .end(let result): return result
            case .next(let following): request = following
            }
        }
        return .notTold
    }

    /// A late answer is passed over where its attempt is known to have been accepted. One whose attempt still waits for
    /// its own answer is kept, and counts where that does not say that the message was taken: a call is read once.
    public func events(in hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        try spec.events(hook).filter { event in
            guard case .lateAnswer(let late) = event, case .accepted(let reference, _) = late.outcome else {
                return true
            }
            let isKept = leaving.withLock { $0.note(reference, of: AttemptName(late.message, late.attempt)) }
            if isKept { return false }
            return accepted.withLock { $0.owner(of: reference.key) } != late.message
        }
    }

    /// The answer to a question, where there is one.
    private func ask(_ request: HTTPRequest) async -> HTTPResponse? {
        guard let response = try? await client.answer(to: request) else { return nil }
        noteRest(response)
        return response.isSuccess ? response : nil
    }

    private var isResting: Bool {
        rest.withLock { until in
            guard let end = until, end > now() else {
                until = nil
                return false
            }
            return true
        }
    }

    private func noteRest(_ response: HTTPResponse) {
        guard response.status == 429 || response.status == 503, let pause = response.retryAfter else { return }
        let end = now().advanced(by: pause)
        rest.withLock { $0 = max($0 ?? end, end) }
    }

    private func isOwnedByAnother(_ reference: ProviderReference, than message: Message.ID) -> Bool {
        accepted.withLock { $0.owner(of: reference.key).map { $0 != message } ?? false }
    }

    /// An id that was given to another message before says nothing of this one: what is reported under it is never
    /// taken for this message's.
    private func unambiguous(_ reference: ProviderReference, of message: OutgoingSMS) -> ProviderReference {
        let isKnown = accepted.withLock { ids in
            if let owner = ids.owner(of: reference.key) { return owner != message.id }
            ids.add(reference.key, message.id)
            return false
        }
        guard isKnown else { return reference }
        logger.warning("the provider gave an id twice", metadata: ["message": "\(message.id)"])
        return ProviderReference(raw: reference.raw, spellings: [reference.key + " of " + message.reference])
    }
}

/// Attempts whose answer is awaited, and what was reported of them meanwhile.
struct LeavingAttempts: Sendable {
    private var names: Set<AttemptName> = []
    private var overtaking: [AttemptName: ProviderReference] = [:]

    mutating func begin(_ name: AttemptName) { names.insert(name) }

    /// Keeps under which id the provider reported on an attempt; false where no answer to it is awaited.
    mutating func note(_ reference: ProviderReference, of name: AttemptName) -> Bool {
        guard names.contains(name) else { return false }
        overtaking[name] = reference
        return true
    }

    /// What was reported of the attempt, where anything was.
    mutating func end(_ name: AttemptName) -> ProviderReference? {
        names.remove(name)
        return overtaking.removeValue(forKey: name)
    }
}

/// The ids that a gateway gave of late, and to which message. Bounded, the oldest go first.
struct AcceptedIDs: Sendable {
    static let limit = 10_000
    private var owners: [String: Message.ID] = [:]
    private var order: [String] = []
    private var oldest = 0

    func owner(of id: String) -> Message.ID? { owners[id] }

    mutating func add(_ id: String, _ message: Message.ID) {
        guard owners.updateValue(message, forKey: id) == nil else { return }
        guard order.count == Self.limit else { return order.append(id) }
        owners[order[oldest]] = nil
        order[oldest] = id
        oldest = (oldest + 1) % Self.limit
    }
}
