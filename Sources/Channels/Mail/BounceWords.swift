import Domain

/// What servers write beside or in place of a code, as data. The code says it first; words decide where it is vague, or
/// where servers use it for several things.
enum BounceWords {
    /// In lower case, the first that occurs decides. From what these write: Postfix 3.7 (`src/local`, `src/smtp`,
    /// `src/smtpd`), Exim 4.96 (its default ACLs and routers), qmail and netqmail (`qmail-remote`, `qmail-local`),
    /// Sendmail 8, Dovecot's LMTP (`lib-lda`), Gmail (support.google.com/a/answer/3726730), Exchange Online
    /// (learn.microsoft.com, "Email non-delivery reports and SMTP errors in Exchange Online"), GMX, WEB.DE and IONOS
    /// (postmaster.gmx.net), T-Online (postmaster.t-online.de), Yahoo (senders.yahooinc.com/smtp-error-codes), iCloud.
    static let table: [(words: String, reason: BounceReason)] = [
        ("mailbox full", .mailboxFull), ("mailbox is full", .mailboxFull), ("over quota", .mailboxFull),
        ("overquota", .mailboxFull), ("quota exceeded", .mailboxFull), ("exceeded storage", .mailboxFull),
        ("out of storage", .mailboxFull), ("over its quota", .mailboxFull), ("storage allocation", .mailboxFull),
        ("quota limit", .mailboxFull), ("disk quota", .mailboxFull), ("inbox is full", .mailboxFull),
        ("insufficient disk space", .mailboxFull), ("exceeds quota", .mailboxFull),
        ("message too large", .tooLarge), ("message size exceeds", .tooLarge), ("size exceeds", .tooLarge),
        ("message too big", .tooLarge), ("message file too big", .tooLarge), ("exceeded size limit", .tooLarge),
        ("domain not found", .unknownDomain), ("host not found", .unknownDomain), ("host unknown", .unknownDomain),
        ("unrouteable", .unknownDomain), ("unroutable", .unknownDomain), ("domain does not exist", .unknownDomain),
        ("does not accept mail", .unknownDomain), ("nullmx", .unknownDomain), ("null mx", .unknownDomain),
        ("no such domain", .unknownDomain), ("bad destination host", .unknownDomain),
        ("couldn't find any host", .unknownDomain), ("domain name not found", .unknownDomain),
        ("no mx or address records", .unknownDomain), ("domain lookup failed", .unknownDomain),
        ("user unknown", .unknownRecipient), ("unknown user", .unknownRecipient), ("no such user", .unknownRecipient),
        ("does not exist", .unknownRecipient), ("doesn't exist", .unknownRecipient),
        ("no mailbox here", .unknownRecipient), ("no such mailbox", .unknownRecipient),
        ("mailbox not found", .unknownRecipient), ("mailbox unavailable", .unknownRecipient),
        ("recipient unknown", .unknownRecipient), ("unknown recipient", .unknownRecipient),
        ("recipient not found", .unknownRecipient), ("invalid recipient", .unknownRecipient),
        ("invalid mailbox", .unknownRecipient), ("no such recipient", .unknownRecipient),
        ("unknown or illegal alias", .unknownRecipient), ("address unknown", .unknownRecipient),
        ("unknown address", .unknownRecipient), ("user not found", .unknownRecipient),
        ("not a known user", .unknownRecipient), ("wasn't found at", .unknownRecipient),
        ("couldn't be found", .unknownRecipient), ("address not found", .unknownRecipient),
        ("account is disabled", .unknownRecipient), ("account has been disabled", .unknownRecipient),
        ("mailbox disabled", .unknownRecipient), ("account is inactive", .unknownRecipient),
        ("mailbox is inactive", .unknownRecipient), ("no longer available", .unknownRecipient),
        ("doesn't have a", .unknownRecipient), ("empfaenger unbekannt", .unknownRecipient),
        ("empf\u{E4}nger unbekannt", .unknownRecipient), ("nicht gefunden", .unknownRecipient),
        // Exchange Online so refuses addresses that it does not know (directory-based edge blocking).
        ("recipient address rejected: access denied", .unknownRecipient),
        ("spam", .refused), ("blocked", .refused), ("blacklist", .refused), ("block list", .refused),
        ("blocklist", .refused), ("listed in", .refused), ("listed by", .refused), ("listed at", .refused),
        ("listed on", .refused), ("policy", .refused), ("dmarc", .refused),
        ("unsolicited", .refused), ("reputation", .refused), ("access denied", .refused), ("spf ", .refused),
        ("not authorized", .refused), ("not allowed", .refused), ("rejected", .refused), ("unauthenticated", .refused),
        ("timed out", .notReached), ("timeout", .notReached), ("retry time", .notReached),
        ("connection refused", .notReached), ("could not be delivered for", .notReached), ("expired", .notReached),
        ("too long in the queue", .notReached), ("been in the queue too long", .notReached),
        ("no route to host", .notReached), ("try again later", .notReached), ("not yet been delivered", .notReached),
        ("couldn't connect", .notReached), ("wasn't able to establish", .notReached),
    ]

    static func reason(in text: String) -> BounceReason? {
        let text = text.lowercased()
        return table.first { text.contains($0.words) }?.reason
    }

    static func reason(_ code: StatusCode, _ text: String) -> BounceReason {
        let byCode = code.enhanced.map { BounceReason(enhancedCode: $0) } ?? .other
        // 5.1.10 is a domain without mail (RFC 7505 §5), but Exchange says it of addresses that it does not know.
        let isShared = byCode == .other || byCode == .notReached || code.enhanced == "5.1.10"
        guard code.isVague || isShared else { return byCode }
        if let byWords = reason(in: text) {
            // An address is given up only for what lasts.
            return byWords.isHard && code.isPermanent == false ? .notReached : byWords
        }
        if code.isVague, let basic = code.basic { return reason(basic) }
        return byCode
    }

    /// By the basic code alone (RFC 5321 §4.2.3).
    private static func reason(_ basic: Int) -> BounceReason {
        switch basic {
        case 552: .mailboxFull
        case 551, 553: .unknownRecipient
        case 556: .unknownDomain
        case 400..<500: .notReached
        default: .other
        }
    }
}
