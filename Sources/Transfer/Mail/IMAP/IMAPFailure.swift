/// Why something could not be done in a mailbox. Its description says what to do and names no address and no secret.
public struct IMAPFailure: Error, Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// There is no connection on which we are signed in.
        case connection(MailFailure)
        /// The server said NO or BAD; its code in brackets (RFC 9051 §7.1), such as `OVERQUOTA`, or empty.
        case refused(code: String)
        case lost
        case timeOut
        case cancelled
        /// What came is no IMAP.
        case unreadable
        /// Far more came than was asked for.
        case tooLarge
        /// No folder takes copies of what was sent.
        case noSentFolder
    }

    public enum Step: String, Hashable, Sendable {
        case signIn, list, open, append, search, fetch
    }

    public let cause: Cause
    public let step: Step

    public init(_ cause: Cause, _ step: Step) {
        self.cause = cause
        self.step = step
    }
}

extension IMAPFailure: CustomStringConvertible {
    public var description: String {
        switch cause {
        case .connection(let failure): "IMAP: \(failure.description)"
        case .refused(let code): "IMAP: \(Self.refusal(code.uppercased(), step))"
        case .lost: "IMAP: the server closed the connection (\(step.rawValue)); it is tried again"
        case .timeOut: "IMAP: no answer in time (\(step.rawValue)); it is tried again"
        case .cancelled: "stopped"
        case .unreadable: "IMAP: the answer cannot be read (\(step.rawValue)); check the server's address and port"
        case .tooLarge: "IMAP: the answer is larger than allowed (\(step.rawValue))"
        case .noSentFolder:
            "IMAP: no Sent folder was found; make one in the mailbox, or name yours by the option sent-folder"
        }
    }

    private static func refusal(_ code: String, _ step: Step) -> String {
        switch code {
        case "OVERQUOTA": return "the mailbox is full; make room in it"
        case "TRYCREATE", "NONEXISTENT":
            return "the folder is not there; make it, or name yours by the option sent-folder"
        case "NOPERM": return "the account may not do this (\(step.rawValue)); check its rights"
        case "LIMIT", "TOOBIG": return "the server's limits are reached (\(step.rawValue)); it is tried again"
        case "UNAVAILABLE", "INUSE", "SERVERBUG", "CONTACTADMIN":
            return "the server cannot do this at present (\(step.rawValue)); it is tried again"
        default: return "the server refuses this (\(step.rawValue)); it is tried again"
        }
    }
}

extension IMAPFailure {
    /// What a command's trouble means.
    init(_ trouble: IMAPCommand.Trouble, _ step: Step) {
        let cause: Cause =
            switch trouble {
            case .ended(.timeOut, _): .timeOut
            case .ended(.cancelled, _): .cancelled
            case .ended: .lost
            case .fault(.tooLarge): .tooLarge
            case .fault(.malformed): .unreadable
            }
        self.init(cause, step)
    }

    /// Whether the fault lies in what the server said, so that the same question brings it again.
    var isAboutContent: Bool { cause == .unreadable || cause == .tooLarge || isRefusal }

    private var isRefusal: Bool { if case .refused = cause { true } else { false } }
}
