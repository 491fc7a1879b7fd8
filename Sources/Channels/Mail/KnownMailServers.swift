import Domain

/// A vendor of mailboxes, as its customers' programs reach it.
struct KnownMailServer: Hashable, Sendable {
    /// Where the settings were read.
    enum Evidence: Hashable, Sendable {
        /// On the vendor's own page.
        case vendor
        /// In Thunderbird's public collection (github.com/thunderbird/autoconfig), second-hand; the page is the vendor's
        /// that it names, or our best guess at where the vendor says so.
        case thunderbird
        /// Known from use only; no page could be read that says so.
        case unconfirmed
    }

    enum User: Hashable, Sendable {
        case address
        case localPart
    }

    let name: String
    /// Of addresses, in lower case.
    let domains: [String]
    /// Ends of the names of hosts that take mail for domains of the vendor's customers, each with its dot or whole.
    var exchangers: [String] = []
    let smtp: String
    let imap: String
    var user = User.address
    var signIn = MailServerCandidate.SignIn.password
    var sentCopy = Mailbox.SentCopy.append
    var perHour: Int?
    var perDay: Int?
    let evidence: Evidence
    let page: String

    func candidate(for address: EmailAddress, source: MailServerCandidate.Source) -> MailServerCandidate {
        let local = String(address.value.prefix { $0 != "@" })
        return MailServerCandidate(
            smtpURL: smtp,
            imapURL: imap,
            user: user == .address ? address.value : local,
            signIn: signIn,
            sentCopy: sentCopy,
            perHour: perHour,
            perDay: perDay,
            source: source,
            page: page
        )
    }

    /// By the domain of an address, in lower case.
    static func of(domain: String) -> KnownMailServer? { all.first { $0.domains.contains(domain) } }

    /// By the host that takes a domain's mail, in lower case.
    static func of(exchanger: String) -> KnownMailServer? {
        all.first { server in
            server.exchangers.contains { $0 == exchanger || $0.hasPrefix(".") && exchanger.hasSuffix($0) }
        }
    }
}
