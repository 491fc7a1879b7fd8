import Domain

/// What the codes and states of websms mean in the log.
enum WebsmsTables {
    /// Sent, queued, simulated.
    static let accepted = 2000...2002

    /// A code of the answer; nil for one that nothing is known of, also beyond 5999 or below 4000.
    static func outcome(_ code: Int) -> SendOutcome? {
        if let (word, kind) = codes[code] { return kind("\(code) \(word)") }
        // Faults of the request by the ordering of the codes, whatever the fault.
        return (4000...4999).contains(code) ? .refused(.providerError, detail: "\(code)") : nil
    }

    /// "Status codes" of the reference as AM-WD/LinkMobility (`StatusCodes.cs`) and AMANDA-Technology/WebSmsNet give
    /// them; those that only websmscom-java (`StatusCodes.java`) knows are from older versions. 4030 and 4031 stand for
    /// the same in the one and in the other.
    static let codes: [Int: (word: String, outcome: @Sendable (String) -> SendOutcome)] = [
        4000: ("malformed", { .refused(.providerError, detail: $0) }),
        4001: ("credentials", { .accountRefused(detail: $0) }),
        4002: ("recipient", { .refused(.undeliverable, detail: $0) }),
        4003: ("sender", { .refused(.providerRefused, detail: $0) }),
        4004: ("message type", { .refused(.providerError, detail: $0) }),
        4005: ("alphabet", { .refused(.providerError, detail: $0) }),
        4006: ("class", { .refused(.providerError, detail: $0) }),
        4007: ("data", { .refused(.providerError, detail: $0) }),
        4008: ("message id", { .refused(.providerError, detail: $0) }),
        4009: ("text", { .refused(.providerError, detail: $0) }),
        4010: ("segments", { .refused(.providerError, detail: $0) }),
        4011: ("cash on delivery", { .refused(.providerError, detail: $0) }),
        4012: ("throttling", { .throttled(detail: $0) }),
        4013: ("message limit", { .accountRefused(detail: $0) }),
        4014: ("address of this server", { .accountRefused(detail: $0) }),
        4015: ("priority", { .refused(.providerError, detail: $0) }),
        4016: ("callback address", { .refused(.providerError, detail: $0) }),
        4017: ("segments", { .refused(.providerError, detail: $0) }),
        4018: ("method not allowed", { .accountRefused(detail: $0) }),
        4019: ("parameter missing", { .refused(.providerError, detail: $0) }),
        4020: ("key", { .accountRefused(detail: $0) }),
        4021: ("account", { .accountRefused(detail: $0) }),
        4022: ("access denied", { .accountRefused(detail: $0) }),
        4023: ("throttling of this server", { .throttled(detail: $0) }),
        4024: ("throttling", { .throttled(detail: $0) }),
        // One recipient a request is never too many: too many in a time, then.
        4025: ("throttling", { .throttled(detail: $0) }),
        4026: ("segments", { .refused(.providerError, detail: $0) }),
        4027: ("segment", { .refused(.providerError, detail: $0) }),
        4029: ("recipient not allowed", { .refused(.providerRefused, detail: $0) }),
        4030: ("recipient on a black list", { .refused(.rejectedByRecipient, detail: $0) }),
        4031: ("recipient on a black list", { .refused(.rejectedByRecipient, detail: $0) }),
        4035: ("SMS disabled", { .accountRefused(detail: $0) }),
        4040: ("category", { .refused(.providerError, detail: $0) }),
        4041: ("validity", { .refused(.providerError, detail: $0) }),
        4042: ("quality rating", { .refused(.providerRefused, detail: $0) }),
        4043: ("spam check", { .refused(.providerRefused, detail: $0) }),
        5000: ("internal error", { .refused(.providerError, detail: $0) }),
        5003: ("not available", { .unreachable(detail: $0) }),
    ]

    /// `deliveryReportMessageStatus`. After `undelivered` it may be tried again, and `delivered` may follow.
    static let states: [String: MessageStatus] = [
        "delivered": .delivered,
        "undelivered": .undeliverable,
        "expired": .expired,
        "deleted": .undeliverable,
        "accepted": .submitted,
        "rejected": .rejectedByRecipient,
    ]
}
