/// A conversation with a mail server over a connection that stands: bytes in, steps out. It touches no socket and no
/// clock.
public protocol MailDialogue: Sendable {
    associatedtype Outcome: Sendable

    /// Called once at first.
    mutating func begin(_ greeting: MailGreeting) -> MailStep<Outcome>

    /// Bytes came, cut anywhere. Never empty.
    mutating func received(_ bytes: [UInt8]) -> MailStep<Outcome>

    /// It ended before the dialogue said that it was done.
    ///
    /// - Parameter unsent: how many bytes at the end of the last ``MailStep/send(_:within:)`` surely did not leave; of
    ///   the others nobody knows how far they got.
    mutating func ended(_ end: MailEnd, unsent: Int) -> Outcome
}

/// What a dialogue wants next.
public enum MailStep<Outcome: Sendable>: Sendable {
    /// Sends these bytes, then waits for an answer. The time counts from when all of them have left, and for sending
    /// them as well.
    case send([UInt8], within: Duration)
    /// Waits on, with what is left of the time.
    case wait
    /// Waits on, with the time counted anew.
    case waitAnew(within: Duration)
    /// - Parameter reusable: whether the next dialogue may be held on the same connection.
    case done(Outcome, reusable: Bool)
}

/// Why a dialogue ended before it was done.
public enum MailEnd: Hashable, Sendable {
    case timeOut
    /// The server closed the connection, or it broke.
    case lost
    /// The task was cancelled.
    case cancelled
    /// The connection was closed already when the dialogue was to begin: nothing of it left.
    case closed
}

/// What the server said until we were signed in.
public struct MailGreeting: Hashable, Sendable {
    /// Its lines without their ends, challenges of the sign-in left out.
    public let lines: [String]
    /// Whether the connection is protected by TLS.
    public let isSecure: Bool
    /// The first dialogue on this connection, or a later one.
    public let isFirst: Bool

    public init(lines: [String], isSecure: Bool, isFirst: Bool = true) {
        self.lines = lines
        self.isSecure = isSecure
        self.isFirst = isFirst
    }
}
