/// What became of a submit_sm.
public enum SubmitResult: Sendable, Equatable {
    /// The SMSC took it and gave it this id (empty where the SMSC names none).
    case accepted(messageID: String)
    /// The SMSC refused it with this status.
    case refused(CommandStatus)
    /// Surely not one octet of it left.
    case notSent(NotSentReason)
    /// It may have been taken: octets left, and no answer came.
    case unknown(UnknownReason)
}

/// Why a message surely did not leave.
public enum NotSentReason: Sendable, Equatable {
    /// No session was bound within the connect time-out.
    case notBound
    /// The last attempt to connect failed, and no other succeeded in time.
    case connectFailed
    /// The last attempt to connect met with no TLS that can be trusted.
    case tlsFailed(TLSProblem)
    /// The SMSC lies at an address that may not be talked to.
    case addressRefused
    /// The SMSC refuses our account.
    case bindRefused(CommandStatus)
    /// Too many messages wait for the window.
    case queueFull
    /// The client is stopping, or has stopped.
    case shuttingDown
    /// The caller was cancelled before the message's turn.
    case cancelled
    /// A field breaks the format of SMPP 3.4.
    case invalidMessage(PDUEncodingError)
}

/// Why nobody knows.
public enum UnknownReason: Sendable, Equatable {
    case responseTimedOut
    case connectionLost
    case unreadableResponse
}

/// Why a session ended.
public enum SessionEnd: Sendable, Equatable {
    case bindRefused(CommandStatus)
    case bindTimedOut
    case tlsFailed(TLSProblem)
    case addressRefused
    case connectionLost
    /// enquire_link went unanswered.
    case linkSilent
    case peerUnbound
    /// The peer sent a length that cannot be right.
    case protocolError
    case shutDown
}
