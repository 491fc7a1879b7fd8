import Domain
import SMPP

/// What an SMSC's answers and states mean in the log.
enum SMPPStatusTable {
    /// command_status of a submit_sm_resp (SMPP 3.4 §5.1.3). What is not listed is a failure of the provider.
    static func outcome(_ status: CommandStatus) -> SendOutcome {
        let detail = status.description
        switch status {
        case .throttled, .messageQueueFull:
            return .throttled(detail: detail)
        case .temporaryApplicationError:
            return .unreachable(detail: detail)
        case .invalidPassword, .invalidSystemID, .bindFailed, .incorrectBindStatus:
            return .accountRefused(detail: detail)
        case .invalidDestinationAddress, .invalidDestinationTON, .invalidDestinationNPI:
            return .refused(.undeliverable, detail: detail)
        case .invalidSourceAddress, .invalidSourceTON, .invalidSourceNPI:
            return .refused(.providerRefused, detail: detail)
        default:
            return .refused(.providerError, detail: detail)
        }
    }

    /// message_state of a receipt (SMPP 3.4 §5.2.28 and Appendix B).
    static func status(_ state: MessageState) -> MessageStatus {
        switch state {
        case .scheduled, .enroute, .accepted: .submitted
        case .delivered: .delivered
        case .expired: .expired
        case .deleted, .undeliverable, .unknown, .skipped: .undeliverable
        case .rejected: .rejectedByRecipient
        }
    }

    /// A message that surely did not leave: account trouble is told apart from a missing connection.
    static func outcome(_ reason: NotSentReason) -> SendOutcome {
        switch reason {
        case .bindRefused(let status):
            switch status {
            case .invalidPassword, .invalidSystemID, .bindFailed: .accountRefused(detail: status.description)
            default: .unreachable(detail: status.description)
            }
        case .invalidMessage: .refused(.providerError, detail: "the message does not fit SMPP 3.4")
        case .notBound: .unreachable(detail: "not bound")
        case .connectFailed: .unreachable(detail: "no connection")
        case .queueFull: .unreachable(detail: "window full")
        case .shuttingDown, .cancelled: .unreachable(detail: "stopped before sending")
        }
    }

    /// What became of a message that was not accepted; nil for one that was.
    static func failure(_ result: SubmitResult) -> SendOutcome? {
        switch result {
        case .accepted: nil
        case .refused(let status): outcome(status)
        case .notSent(let reason): outcome(reason)
        case .unknown(let reason): .unknown(detail: detail(reason))
        }
    }

    static func detail(_ reason: UnknownReason) -> String {
        switch reason {
        case .responseTimedOut: "no answer in time"
        case .connectionLost: "connection lost before the answer"
        case .unreadableResponse: "unreadable answer"
        }
    }
}
