import NIOCore

/// Where and how an `SMPPClient` binds.
public struct SMPPClientConfiguration: Sendable {
    public var host: String
    public var port: Int
    public var systemID: String
    public var password: String
    public var systemType: String
    /// One session for each, all of the same account: transceivers, or transmitters and receivers.
    public var binds: [BindMode]
    /// nil: everything goes in the clear.
    public var tls: SMPPClientTLS?
    /// Whether a server at this IP address may be talked to, asked once the connection stands; nil: any may.
    public var allowsAddress: (@Sendable (String) -> Bool)?
    /// The most submit_sm unanswered at a time, in each session.
    public var window: Int
    /// The most messages that wait for a slot of the window; more are refused with `.queueFull`.
    public var queueLimit: Int
    /// The most deliver_sm handed over and not yet stored, in each session; more are put off with ESME_RX_T_APPN.
    public var inboundWindow: Int
    public var responseTimeout: Duration
    /// How long a message waits for a slot of the window while a session is bound; nil: twice `responseTimeout`.
    public var patience: Duration?
    public var enquireLinkInterval: Duration
    /// For the TCP connection, and for how long a message waits for a session to be bound.
    public var connectTimeout: Duration
    /// For the answers still open when the client is told to stop.
    public var drainTimeout: Duration
    /// Octets; a longer command_length ends the session.
    public var maximumPDUSize: Int
    public var backoff: ReconnectBackoff

    public init(
        host: String,
        port: Int = 2775,
        systemID: String,
        password: String,
        systemType: String = "",
        binds: [BindMode] = [.transceiver],
        tls: SMPPClientTLS? = nil,
        allowsAddress: (@Sendable (String) -> Bool)? = nil,
        window: Int = 64,
        queueLimit: Int = 10_000,
        inboundWindow: Int = 4_096,
        responseTimeout: Duration = .seconds(10),
        enquireLinkInterval: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(5),
        drainTimeout: Duration = .seconds(10),
        maximumPDUSize: Int = 65_536,
        backoff: ReconnectBackoff = ReconnectBackoff()
    ) {
        self.host = host
        self.port = port
        self.systemID = systemID
        self.password = password
        self.systemType = systemType
        self.binds = binds
        self.tls = tls
        self.allowsAddress = allowsAddress
        self.window = max(1, window)
        self.queueLimit = queueLimit
        self.inboundWindow = max(1, inboundWindow)
        self.responseTimeout = responseTimeout
        self.enquireLinkInterval = enquireLinkInterval
        self.connectTimeout = connectTimeout
        self.drainTimeout = drainTimeout
        self.maximumPDUSize = max(PDUDecoder.headerLength, maximumPDUSize)
        self.backoff = backoff
    }
}

/// How long to wait before connecting again: doubling up to a limit, spread so that clients do not come at once.
public struct ReconnectBackoff: Sendable, Equatable {
    public var initial: Duration
    public var maximum: Duration

    public init(initial: Duration = .milliseconds(500), maximum: Duration = .seconds(60)) {
        self.initial = initial
        self.maximum = maximum
    }

    /// - Parameters:
    ///   - failures: attempts that came to nothing in a row, 0 after a session in which a message was answered.
    ///   - random: 0 ..< 1; the wait is between half and all of the doubled time.
    public func delay(failures: Int, random: Double) -> Duration {
        var full = initial
        for _ in 0..<min(max(failures, 0), 30) where full < maximum { full = full * 2 }
        return min(full, maximum) * (0.5 + 0.5 * random)
    }
}

/// What an `SMPPClient` reports beside inbound messages.
public enum SMPPClientEvent: Sendable, Equatable {
    /// A session is bound, for the first time or again, and none is missing that the client needs to send and to receive.
    case bound
    /// The answer to a message whose result was `.unknown(.responseTimedOut)`.
    case lateAnswer(SubmitTag, SubmitResult)
}

/// How an `SMPPClient` stands with its SMSC.
public enum SMPPClientState: Sendable, Equatable {
    /// Not running, or between two attempts.
    case disconnected
    case connecting
    case bound(smscID: String)
    /// The SMSC refused the last bind; it is tried again.
    case bindRefused(CommandStatus)
    case stopped
}

extension TimeAmount {
    init(clamping duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let limit: Int64 = 1_000_000_000
        self = .nanoseconds(min(max(seconds, 0), limit) * 1_000_000_000 + max(attoseconds, 0) / 1_000_000_000)
    }
}
