import Domain

/// What Twilio's codes and states mean in the log.
enum TwilioTables {
    /// Codes of error answers: twilio.com/docs/api/errors, each with a page of its own. nil for others: the HTTP status
    /// decides then.
    static func outcome(_ code: Int) -> SendOutcome? {
        guard let kind = codes[code] else { return nil }
        return kind("\(code)")
    }

    static let codes: [Int: @Sendable (String) -> SendOutcome] = [
        // Authentication, account closed or without funds, rights, a wrong SID in the path or of the service.
        20003: { .accountRefused(detail: $0) },
        20005: { .accountRefused(detail: $0) },
        20403: { .accountRefused(detail: $0) },
        20404: { .accountRefused(detail: $0) },
        70051: { .accountRefused(detail: $0) },
        21701: { .accountRefused(detail: $0) },
        // Too many requests at a time: "never processed". Then: the sender's queue is full; limits of an hour or a day;
        // limits of the account and of the channel.
        20429: { .throttled(detail: $0) },
        21611: { .throttled(detail: $0) },
        60728: { .throttled(detail: $0) },
        63038: { .throttled(detail: $0) },
        63017: { .throttled(detail: $0) },
        63018: { .throttled(detail: $0) },
        20500: { .refused(.providerError, detail: $0) },
        // The recipient: malformed, a short code, the sender itself, no mobile number, a landline.
        21211: { .refused(.undeliverable, detail: $0) },
        21265: { .refused(.undeliverable, detail: $0) },
        21266: { .refused(.undeliverable, detail: $0) },
        21614: { .refused(.undeliverable, detail: $0) },
        21635: { .refused(.undeliverable, detail: $0) },
        // Has answered STOP.
        21610: { .refused(.rejectedByRecipient, detail: $0) },
        // The sender: malformed or generic, no alphanumeric one possible, not ours, not for this country.
        21212: { .refused(.providerRefused, detail: $0) },
        21267: { .refused(.providerRefused, detail: $0) },
        21401: { .refused(.providerRefused, detail: $0) },
        21601: { .refused(.providerRefused, detail: $0) },
        21606: { .refused(.providerRefused, detail: $0) },
        21612: { .refused(.providerRefused, detail: $0) },
        21616: { .refused(.providerRefused, detail: $0) },
        21657: { .refused(.providerRefused, detail: $0) },
        21659: { .refused(.providerRefused, detail: $0) },
        21660: { .refused(.providerRefused, detail: $0) },
        // The account may not send to this country, or in a trial to this number; it may to others.
        21408: { .refused(.providerRefused, detail: $0) },
        21608: { .refused(.providerRefused, detail: $0) },
        // Our own faults: text, sender or recipient missing, too long, a validity out of range.
        21602: { .refused(.providerError, detail: $0) },
        21603: { .refused(.providerError, detail: $0) },
        21604: { .refused(.providerError, detail: $0) },
        21617: { .refused(.providerError, detail: $0) },
        21624: { .refused(.providerError, detail: $0) },
        90007: { .refused(.providerError, detail: $0) },
    ]

    /// States of the interface (`message.status` in twilio-oai), with the error code that explains the last two.
    static func status(_ word: String, error: Int?) -> MessageStatus {
        switch word {
        case "delivered", "read": .delivered
        case "failed", "undelivered": error.flatMap { failures[$0] } ?? .undeliverable
        case "canceled": .undeliverable
        // accepted, scheduled, queued, sending, sent, partially_delivered, and what nobody has heard of.
        default: .submitted
        }
    }

    static let states = [
        "accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "receiving",
        "received", "canceled", "read", "partially_delivered",
    ]

    /// Error codes of a message that was taken at first; those that are not listed leave it undeliverable.
    static let failures: [Int: MessageStatus] = [
        // Queue overflow; carrier's rate limit.
        30001: .providerError,
        30022: .providerError,
        // Account suspended; filtered as spam; number not registered; sender blocked; held for fraud.
        30002: .providerRefused,
        30007: .providerRefused,
        30034: .providerRefused,
        30042: .providerRefused,
        30450: .providerRefused,
        // Handset unreachable, unknown, a landline; the carrier does not say.
        30003: .undeliverable,
        30005: .undeliverable,
        30006: .undeliverable,
        30008: .undeliverable,
        30004: .rejectedByRecipient,
        21610: .rejectedByRecipient,
        30036: .expired,
    ]
}
