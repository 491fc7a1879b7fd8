/// Why an e-mail came back.
public enum BounceReason: String, CaseIterable, Sendable {
    /// There is no such address, or no longer.
    case unknownRecipient = "unknown_recipient"
    /// There is no such domain, or it takes no mail.
    case unknownDomain = "unknown_domain"
    case mailboxFull = "mailbox_full"
    /// The recipient's server took it for unwanted, or refuses this sender.
    case refused
    case tooLarge = "too_large"
    /// It could not be delivered for too long.
    case notReached = "not_reached"
    case other

    /// Whether the address itself is at fault, so that a new one is needed (hard bounce).
    public var isHard: Bool {
        switch self {
        case .unknownRecipient, .unknownDomain: true
        case .mailboxFull, .refused, .tooLarge, .notReached, .other: false
        }
    }

    /// By a mail server's answer that refused the recipient at once, such as `550 5.1.1 no such user`. Without an enhanced
    /// code it is not known whether the address is at fault.
    public init(refusal words: String) {
        let code = words.split(separator: " ").dropFirst().first ?? ""
        let isCode = code.split(separator: ".").count == 3 && code.allSatisfy { $0.isNumber || $0 == "." }
        self = isCode ? BounceReason(enhancedCode: String(code)) : .refused
    }

    /// By the enhanced status code of the report (RFC 3463), such as `5.1.1`.
    public init(enhancedCode code: String) {
        let parts = code.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 3 else {
            self = .other
            return
        }
        switch (parts[1], parts[2]) {
        case (1, 2), (1, 10): self = .unknownDomain
        case (1, 0), (1, 1), (1, 3), (1, 6), (2, 1): self = parts[0] == 5 ? .unknownRecipient : .notReached
        case (2, 2): self = .mailboxFull
        case (2, 3), (3, 4): self = .tooLarge
        case (7, _): self = .refused
        case (4, _): self = .notReached
        default: self = parts[0] == 4 ? .notReached : .other
        }
    }
}
