// The engine: from a due reminder to a line in the log. It starts attempts, hands over, notes outcomes, takes receipts
// in, and mends what a lost worker left behind. Each part is a Service or runs inside one.
// No provider's protocol, no page, no SQL lives here: Channels and Storage have those.
import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// What the engine needs from outside, and how it paces itself. Times in seconds.
public struct DeliverySettings: Sendable {
    /// After so long an attempt without an outcome has lost its worker; longer than any provider's response time-out.
    public var lease = 30.0
    /// How often the queue is looked at while nothing is due.
    public var tick = 0.5
    /// How often the providers' table is read.
    public var providerTick = 2.0
    /// How often lost attempts and overdue news are looked for.
    public var rescueTick = 5.0
    /// How long evidence of an unknown outcome is awaited before one more try.
    public var evidenceWindow = 3600.0
    /// So long a provider must have been bound before anything that it may bring evidence of is sent once more; never
    /// longer than the evidence window.
    public var bindGrace = 60.0
    /// A reminder that fell due so long before the start is overdue.
    public var overdueAge = 7200.0
    /// More overdue ones than this are not sent before somebody says so.
    public var overdueLimit = 200
    /// So many mailboxes send at the same time, whichever they are: thousands of practices fall due at the same moment, and
    /// each one's connection is a file that the process holds open.
    public var mailboxesAtOnce = 256
    /// How often copies for Sent folders are looked for.
    public var copyTick = 5.0
    /// How often it is looked which mailboxes are to be read.
    public var readTick = 5.0
    /// From one reading to the next of a mailbox that has just sent, and of one that sent some days ago.
    public var readings = ReadingPauses()
    /// That an e-mail is not in a Sent folder is believed only so long after its attempt began; never longer than the
    /// evidence window.
    public var absencePatience = 600.0

    public init() {}
}

/// The world as the engine sees it: everything that a test sets.
public struct DeliveryEnvironment: Sendable {
    public let storage: Storage
    public let settings: DeliverySettings
    /// Opens the way to a provider; throws where its settings do not make sense.
    public let makeChannel: @Sendable (Provider, ProviderSecrets) throws -> any MessageChannel
    public let now: @Sendable () -> Date
    /// 0..<1
    public let random: @Sendable () -> Double
    /// How e-mails are written.
    public let mail: MailDesk
    /// Random, new with each process: tells whose attempts are ours.
    public let worker: String
    public let logger: Logger
    /// The channels that this process holds.
    let channels = OpenChannels()
    /// Taken by a mailbox while it sends.
    let sendingMailboxes: Permits
    /// Asked before anything is started or judged by the clock.
    public let gate: SendingGate

    /// - Parameter uptime: monotonic time, by which jumps of the clock are noticed; nil where it is set by hand.
    public init(
        storage: Storage,
        settings: DeliverySettings,
        makeChannel: @escaping @Sendable (Provider, ProviderSecrets) throws -> any MessageChannel,
        now: @escaping @Sendable () -> Date,
        random: @escaping @Sendable () -> Double,
        worker: String,
        mail: MailDesk,
        logger: Logger,
        uptime: (@Sendable () -> Duration)? = nil
    ) {
        self.storage = storage
        self.settings = settings
        self.makeChannel = makeChannel
        self.now = now
        self.random = random
        self.worker = worker
        sendingMailboxes = Permits(settings.mailboxesAtOnce)
        self.mail = mail
        self.logger = logger
        gate = SendingGate(
            holds: storage.holds,
            settings: settings,
            startedAt: now(),
            uptime: uptime,
            logger: logger
        )
    }
}
