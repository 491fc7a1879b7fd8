import Domain

/// What seven's codes and states mean in the log.
enum SevenTables {
    /// Codes in the field `success`, in a message's `error`, or alone. Where seven's own libraries agree: php-client
    /// (`StatusCode.php`), go-client (`sms77api.go`) and js-client (`ErrorCode.ts`). nil for what none of them knows.
    static func outcome(_ code: Int) -> SendOutcome? {
        guard let (word, kind) = codes[code] else { return nil }
        return kind("\(code) \(word)")
    }

    static let codes: [Int: (word: String, outcome: @Sendable (String) -> SendOutcome)] = [
        11: ("carrier unavailable", { .unreachable(detail: $0) }),
        // Taken, but by an answer that names no id.
        100: ("taken without an id", { .unknown(detail: $0) }),
        101: ("some failed", { .unknown(detail: $0) }),
        201: ("sender", { .refused(.providerRefused, detail: $0) }),
        202: ("recipient", { .refused(.undeliverable, detail: $0) }),
        300: ("no key", { .accountRefused(detail: $0) }),
        301: ("recipient missing", { .refused(.providerError, detail: $0) }),
        304: ("type missing", { .refused(.providerError, detail: $0) }),
        305: ("text missing", { .refused(.providerError, detail: $0) }),
        306: ("sender", { .refused(.providerRefused, detail: $0) }),
        307: ("address missing", { .refused(.providerError, detail: $0) }),
        400: ("type", { .refused(.providerError, detail: $0) }),
        401: ("text too long", { .refused(.providerError, detail: $0) }),
        // The same text to the same number within 180 seconds: it passes later.
        402: ("reload lock", { .throttled(detail: $0) }),
        403: ("limit of this number for today", { .refused(.providerRefused, detail: $0) }),
        500: ("no credit", { .accountRefused(detail: $0) }),
        600: ("carrier", { .refused(.providerError, detail: $0) }),
        // "Unknown" leaves open whether it was taken; the journal tells.
        700: ("unknown", { .unknown(detail: $0) }),
        801: ("logo", { .refused(.providerError, detail: $0) }),
        802: ("ringtone", { .refused(.providerError, detail: $0) }),
        803: ("ringtone", { .refused(.providerError, detail: $0) }),
        900: ("key", { .accountRefused(detail: $0) }),
        901: ("signature", { .accountRefused(detail: $0) }),
        902: ("no rights", { .accountRefused(detail: $0) }),
        903: ("address of this server", { .accountRefused(detail: $0) }),
    ]

    /// States in receipts and in the journal (docs.seven.io/en/rest-api/endpoints/status-reports); `UNKNOWN` stands in
    /// the OpenAPI file alone. What is not listed is no end.
    static let states: [String: MessageStatus] = [
        "DELIVERED": .delivered,
        "NOTDELIVERED": .undeliverable,
        "BUFFERED": .submitted,
        "TRANSMITTED": .submitted,
        "ACCEPTED": .submitted,
        "EXPIRED": .expired,
        "REJECTED": .rejectedByRecipient,
        "FAILED": .providerError,
        "UNKNOWN": .submitted,
    ]
}
