/// What became of a message, as the log shows it (rule 10). E-mail uses `submitted`, `bounced` and the last three.
public enum MessageStatus: String, CaseIterable, Sendable {
    case submitted, delivered, undeliverable, expired, bounced
    case rejectedByRecipient = "rejected_by_recipient"
    case serviceUnreachable = "service_unreachable"
    case providerError = "provider_error"
    case providerRefused = "provider_refused"
}

extension Message {
    /// The part of a message that changes with what is heard of it.
    public struct State: Hashable, Sendable {
        /// nil until the first outcome, and while the outcome is unclear.
        public var status: MessageStatus?
        /// Bytes left, and no answer came: it may have been sent.
        public var unclear: Bool
        /// The status was set for want of news, not by it, and a late receipt may correct it.
        public var presumed: Bool

        public init(status: MessageStatus? = nil, unclear: Bool = false, presumed: Bool = false) {
            self.status = status
            self.unclear = unclear
            self.presumed = presumed
        }

        /// The state after a receipt reports `status`; nil where the report changes nothing.
        ///
        /// Delivered never moves again. What was presumed, and what was unclear, follows any receipt. Undeliverable may
        /// still become delivered. Nothing else leaves a final status.
        public func moving(to reported: MessageStatus) -> State? {
            let next = State(status: reported)
            switch status {
            case nil, .submitted: return self == next ? nil : next
            case .delivered: return nil
            case .undeliverable: return reported == .delivered ? next : nil
            case .expired, .providerError, .serviceUnreachable, .providerRefused, .rejectedByRecipient, .bounced:
                return presumed ? next : nil
            }
        }
    }
}
