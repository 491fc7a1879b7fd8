import Domain
import Transfer

/// What a mail server's refusal means for the message and for the account. Read from top to bottom: the first row that
/// fits holds.
enum SMTPOutcomeTable {
    enum Meaning: Hashable, Sendable {
        /// The server takes no more at present.
        case throttled
        /// This message alone, for now.
        case deferred
        /// The account has sent all that it may.
        case limited(SendingLimit)
        /// The account, or its address as the sender: no message gets through.
        case account
        /// The address does not exist or takes nothing.
        case address
        /// This message, by a rule of the server.
        case message
    }

    struct Row: Sendable {
        /// In answer to what; empty for anything.
        var verbs: Set<SMTPVerb> = []
        var codes = 400...599
        /// Patterns of the enhanced code, `*` for any number and `-` for none; empty for anything.
        var enhanced: [String] = []
        /// Of each list one word stands in the reply, in whatever case.
        var words: [[String]] = []
        let meaning: Meaning
        let source: String
    }

    static func meaning(_ reply: SMTPReply, of verb: SMTPVerb) -> Meaning {
        let text = reply.text.lowercased()
        return rows.first { $0.fits(reply, verb, text) }?.meaning ?? (reply.isTransient ? .throttled : .message)
    }

    private static let permanent = 500...599
    private static let transient = 400...499
    private static let google = "support.google.com/a/answer/3726730"
    private static let ionos = "ionos.com/help: What are the mass mailing limits"
    private static let microsoft = "learn.microsoft.com/exchange: smtp-submission-improvements"
    private static let throttling = "learn.microsoft.com/exchange: continuous-error-throttling-smtp-auth-submissions"
    private static let rejections = "learn.microsoft.com/exchange: non-delivery reports in Exchange Online"

    static let rows: [Row] = limits + accounts + rates + recipients + rest

    /// How much an account may send.
    private static let limits = [
        Row(enhanced: ["*.4.5"], words: [["limit", "quota"]], meaning: .limited(.day), source: google),
        Row(enhanced: ["*.7.28"], meaning: .limited(.hour), source: google),
        Row(enhanced: ["5.1.90"], meaning: .limited(.day), source: rejections),
        Row(words: [["submissionquotaexceeded"]], meaning: .limited(.day), source: microsoft),
        Row(
            enhanced: ["5.2.251", "5.2.252", "5.2.253", "5.2.254", "5.2.255"],
            words: [["throttled"]],
            meaning: .limited(.hour),
            source: throttling
        ),
        Row(enhanced: ["*.5.127"], meaning: .limited(.hour), source: rejections),
        Row(words: [["mail send limit exceeded"]], meaning: .limited(.hour), source: ionos),
        Row(words: [["mail limit has been reached"]], meaning: .limited(.hour), source: "support.startmail.com"),
        Row(
            words: [["message count quota exceeded"]],
            meaning: .limited(.hour),
            source: "policyd (cluebringer), Quotas"
        ),
        Row(
            words: [["limit", "exceed", "quota", "max"], ["per day", "daily", "24 hours", "24h"]],
            meaning: .limited(.day),
            source: "Exim's and postfwd's texts as hosts set them"
        ),
        Row(
            words: [["limit", "exceed", "quota", "max"], ["per hour", "/hour", "hourly", "per 1h"]],
            meaning: .limited(.hour),
            source: "cPanel: has exceeded the max emails per hour; postfwd: Number messages per hour exceeded"
        ),
    ]

    /// Who we are, and as whom we may send.
    private static let accounts = [
        Row(codes: 530...530, meaning: .account, source: "RFC 4954 §6"),
        Row(codes: 534...538, meaning: .account, source: "RFC 4954 §6"),
        Row(
            codes: permanent,
            enhanced: ["5.7.8", "5.7.9", "5.7.57"],
            meaning: .account,
            source: "RFC 4954 §6; " + rejections
        ),
        Row(
            codes: permanent,
            enhanced: ["5.1.7", "5.1.8", "5.7.60"],
            meaning: .account,
            source: "RFC 3463 §3.2; " + rejections
        ),
        Row(
            codes: permanent,
            words: [["sender address", "sendasdenied", "send as this sender", "not owned by user", "from address"]],
            meaning: .account,
            source: "Postfix smtpd_reject_unlisted_sender, reject_sender_login_mismatch; GMX and IONOS; Exchange"
        ),
        Row(
            verbs: [.end],
            codes: permanent,
            enhanced: ["5.2.2"],
            meaning: .account,
            source: microsoft + ": our own is full"
        ),
    ]

    /// Too fast.
    private static let rates = [
        Row(words: [["greylist", "graylist", "grey-list", "gray-list"]], meaning: .deferred, source: "RFC 6647 §5.1"),
        Row(codes: 421...421, meaning: .throttled, source: "RFC 5321 §3.8"),
        Row(codes: 432...432, enhanced: ["4.3.2"], meaning: .throttled, source: microsoft),
        Row(
            verbs: [.recipient],
            enhanced: ["4.2.1"],
            words: [["too quickly", "at a rate"]],
            meaning: .deferred,
            source: google + ": the recipient is receiving too quickly"
        ),
        Row(
            codes: transient,
            words: [["too many", "too much", "too fast", "rate limit", "throttl", "concurrent", "submission rate"]],
            meaning: .throttled,
            source: "Postfix anvil(8): Error: too much mail from; Exchange: Message submission rate"
        ),
    ]

    private static let recipients = [
        Row(verbs: [.recipient], codes: transient, enhanced: ["4.2.2"], meaning: .deferred, source: "RFC 3463 §3.3"),
        Row(verbs: [.recipient], codes: 452...452, meaning: .throttled, source: "RFC 5321 §4.5.3.1.10"),
        Row(
            verbs: [.recipient],
            codes: transient,
            enhanced: ["4.7.*", "4.5.3"],
            meaning: .throttled,
            source: "RFC 3463 §3.8"
        ),
        Row(verbs: [.recipient], codes: transient, meaning: .deferred, source: "RFC 5321 §4.2.1"),
        Row(
            verbs: [.recipient],
            codes: permanent,
            enhanced: ["-"],
            words: [["relay", "spam", "policy", "blocked", "blacklist", "denied"]],
            meaning: .message,
            source: "what 554 5.7.1 says elsewhere"
        ),
        Row(
            verbs: [.recipient, .data, .end],
            codes: permanent,
            enhanced: ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"],
            meaning: .address,
            source: "RFC 3463 §3.2 and §3.3, RFC 7505 §4.2 (5.1.10)"
        ),
        Row(
            verbs: [.recipient],
            codes: permanent,
            enhanced: ["5.2.2", "5.4.4"],
            meaning: .address,
            source: "RFC 3463 §3.3, §3.5"
        ),
        Row(verbs: [.recipient], codes: 550...551, enhanced: ["-"], meaning: .address, source: "RFC 5321 §4.2.3"),
        Row(verbs: [.recipient], codes: 553...553, enhanced: ["-"], meaning: .address, source: "RFC 5321 §4.2.3"),
    ]

    private static let rest = [
        Row(codes: 552...552, meaning: .message, source: "RFC 1870 §6.1: larger than the server takes"),
        Row(verbs: [.mail], codes: permanent, meaning: .account, source: "RFC 5321 §3.3: the sender is refused"),
        Row(codes: transient, meaning: .throttled, source: "RFC 5321 §4.2.1"),
        Row(codes: permanent, meaning: .message, source: "RFC 5321 §4.2.1"),
    ]
}

extension SMTPOutcomeTable.Row {
    /// - Parameter text: the reply's words in lower case.
    func fits(_ reply: SMTPReply, _ verb: SMTPVerb, _ text: String) -> Bool {
        (verbs.isEmpty || verbs.contains(verb)) && codes.contains(reply.code)
            && (enhanced.isEmpty || enhanced.contains { Self.matches($0, reply.enhanced) })
            && words.allSatisfy { list in list.contains { text.contains($0) } }
    }

    private static func matches(_ pattern: String, _ code: EnhancedCode?) -> Bool {
        guard let code else { return pattern == "-" }
        let parts = pattern.split(separator: ".")
        return parts.count == 3
            && zip(parts, [code.kind, code.subject, code.detail]).allSatisfy { $0 == "*" || $0 == String($1) }
    }
}
