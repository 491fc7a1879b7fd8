import Domain
import SMPP

/// What an SMSC's answers and states mean in the log.
enum SMPPStatusTable {
    /// What an answer to submit_sm is about.
    enum Meaning: Hashable, Sendable {
        /// Passes by itself: surely not sent, tried again.
        case temporary
        /// Too fast or too much: tried again, and more slowly.
        case throttled
        /// Our account, or how it is set up: no message gets through, so it is tried again and the operator is warned.
        case account
        case destination
        case source
        /// This message, or how it is written: final.
        case message
        /// The provider's own failure: final.
        case provider
    }

    /// The statuses of SMPP 3.4 §5.1.3 but ESME_ROK, one by one.
    static let meanings: [CommandStatus: Meaning] = [
        .invalidMessageLength: .message,
        .invalidCommandLength: .message,
        .invalidCommandID: .provider,
        .incorrectBindStatus: .account,
        .alreadyBound: .account,
        .invalidPriority: .message,
        .invalidRegisteredDelivery: .message,
        .systemError: .provider,
        .invalidSourceAddress: .source,
        .invalidDestinationAddress: .destination,
        .invalidMessageID: .provider,
        .bindFailed: .account,
        .invalidPassword: .account,
        .invalidSystemID: .account,
        .cancelFailed: .provider,
        .replaceFailed: .provider,
        .messageQueueFull: .throttled,
        .invalidServiceType: .account,
        .invalidDestinationCount: .message,
        .invalidDistributionListName: .message,
        .invalidDestinationFlag: .message,
        .invalidSubmitWithReplace: .message,
        .invalidESMClass: .message,
        .cannotSubmitToDistributionList: .message,
        .submitFailed: .provider,
        .invalidSourceTON: .source,
        .invalidSourceNPI: .source,
        .invalidDestinationTON: .destination,
        .invalidDestinationNPI: .destination,
        .invalidSystemType: .account,
        .invalidReplaceFlag: .message,
        .invalidNumberOfMessages: .message,
        .throttled: .throttled,
        .invalidScheduledDelivery: .message,
        .invalidExpiry: .message,
        .invalidDefaultMessageID: .message,
        .temporaryApplicationError: .temporary,
        .permanentApplicationError: .provider,
        .rejectedByApplication: .message,
        .queryFailed: .provider,
        .invalidOptionalParameterStream: .message,
        .optionalParameterNotAllowed: .message,
        .invalidParameterLength: .message,
        .missingOptionalParameter: .message,
        .invalidOptionalParameterValue: .message,
        .deliveryFailure: .provider,
        .unknownError: .provider,
    ]

    /// Reserved codes, and those that vendors make up (0x400 to 0x4FF), tell nothing but that the provider failed.
    static func meaning(_ status: CommandStatus) -> Meaning { meanings[status] ?? .provider }

    /// command_status of a submit_sm_resp.
    static func outcome(_ status: CommandStatus) -> SendOutcome {
        let detail = status.description
        return switch meaning(status) {
        case .temporary: .unreachable(detail: detail)
        case .throttled: .throttled(detail: detail)
        case .account: .accountRefused(detail: detail)
        case .destination: .refused(.undeliverable, detail: detail)
        case .source: .refused(.providerRefused, detail: detail)
        case .message, .provider: .refused(.providerError, detail: detail)
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
            meaning(status) == .account
                ? .accountRefused(detail: status.description) : .unreachable(detail: status.description)
        case .tlsFailed(let problem): .unreachable(detail: problem.description)
        case .addressRefused: .unreachable(detail: "an address that is not allowed")
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
