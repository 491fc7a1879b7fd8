/// A way to a provider. It holds the connection; it knows neither appointments nor the database.
public protocol MessageChannel: Sendable {
    /// How many messages may be on their way to the provider at once.
    var window: Int { get }

    /// Messages a second at most; nil for as many as the window lets through.
    var rate: Double? { get }

    /// Whether the provider can be reached at this moment, as far as is known. A channel that holds no connection is
    /// always bound.
    var isBound: Bool { get }

    /// Whether receipts can come at all. Where they cannot, a message stays handed over and never counts as expired.
    var reportsDelivery: Bool { get }

    /// Keeps the connection until the task is cancelled, and closes it in good order then. What comes of itself is
    /// given to `report`, several at once, in no certain order. True means "on record": receipts and inbound messages are
    /// acknowledged to the provider only then, and come again otherwise. The answer to other events changes nothing.
    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws

    /// When the provider is to be asked what became of its messages; nil where it cannot be asked.
    var polling: Polling? { get }

    /// Asks what became of messages that the provider accepted. Those without news are left out; what could not be asked
    /// is asked again later.
    func statuses(of messages: [SentMessage]) async -> [DeliveryReceipt]

    /// Asks whether the provider has a message whose outcome is unknown, by our reference or by what it says.
    func lookUp(_ message: SentMessage) async -> LookUp

    /// Reads a call of the provider that was verified and kept.
    ///
    /// - Throws: ``HookProblem`` where it is not of the documented form; nothing of it is taken then.
    func events(in hook: StoredHook) throws(HookProblem) -> [ChannelEvent]

    /// Puts a copy of an e-mail that left into the mailbox's own Sent folder.
    ///
    /// - Parameter isAgain: an earlier try may have got through, so it is looked for first.
    func keepCopy(_ mail: OutgoingMail, isAgain: Bool) async -> CopyOutcome

    /// What stands new in the mailbox and reports of e-mails; nothing else is opened, moved or marked as seen.
    ///
    /// - Parameter position: up to where it was read; nil for never: then only the present end is told.
    /// - Throws: ``MailboxTrouble``
    func news(after position: MailboxPosition?) async throws(MailboxTrouble) -> MailboxNews

    /// Opens a connection and signs in, for a trial; nothing is sent.
    ///
    /// - Returns: nil where it worked, or where there is nothing to sign in to.
    func signIn() async -> SendOutcome?

    /// Hands one message over. Never throws: whatever happened is an outcome.
    func send(_ message: OutgoingMessage) async -> SendOutcome

    /// Hands several messages over, and returns when each has its outcome.
    ///
    /// - Parameter answered: called once for each message with its place, as soon as its outcome is known; on any
    ///   thread, so it must not wait for anything.
    func send(_ messages: [OutgoingMessage], answered: @escaping @Sendable (Int, SendOutcome) -> Void) async
}

extension MessageChannel {
    public var polling: Polling? { nil }

    public func statuses(of messages: [SentMessage]) async -> [DeliveryReceipt] { [] }

    public func lookUp(_ message: SentMessage) async -> LookUp { .notTold }

    public func events(in hook: StoredHook) throws(HookProblem) -> [ChannelEvent] { throw .unreadable }

    public func keepCopy(_ mail: OutgoingMail, isAgain: Bool) async -> CopyOutcome { .failed(detail: "no mailbox") }

    public func news(after position: MailboxPosition?) async throws(MailboxTrouble) -> MailboxNews {
        throw MailboxTrouble("no mailbox")
    }

    public func signIn() async -> SendOutcome? { nil }

    /// Each by itself, all at the same time.
    public func send(_ messages: [OutgoingMessage], answered: @escaping @Sendable (Int, SendOutcome) -> Void) async {
        await withDiscardingTaskGroup { group in
            for (place, message) in messages.enumerated() {
                group.addTask { answered(place, await send(message)) }
            }
        }
    }
}

/// What a channel reports of itself.
public enum ChannelEvent: Hashable, Sendable {
    /// The provider can be reached from now on, for the first time or again: receipts that it kept for us come now, so
    /// evidence of unknown outcomes is awaited from here on. A channel that holds no connection reports it once.
    case bound
    /// What became of messages, together on record or not at all; one may come before the answer to its submission, more
    /// than once, or days later.
    case receipts([DeliveryReceipt])
    /// What people sent to us; together on record or not at all.
    case inbound([InboundSMS])
    /// The answer to an attempt whose outcome was given as unknown.
    case lateAnswer(LateAnswer)
}

/// The provider's answer to an attempt, come after the response time-out.
public struct LateAnswer: Hashable, Sendable {
    public let message: Message.ID
    /// The attempt's number, as in ``OutgoingMessage/attempt``.
    public let attempt: Int
    /// Never unknown.
    public let outcome: SendOutcome

    public init(message: Message.ID, attempt: Int, outcome: SendOutcome) {
        self.message = message
        self.attempt = attempt
        self.outcome = outcome
    }
}
