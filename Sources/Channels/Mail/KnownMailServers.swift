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

extension KnownMailServer {
    /// Vendors whom practices in Austria and Germany use. A vendor is taken by its domain first, so that hosters come
    /// with their customers' exchangers alone. Limits are of recipients: an e-mail of ours has one.
    static let all: [KnownMailServer] = freeMail + telecoms + international + hosters

    private static let freeMail = [
        KnownMailServer(
            name: "GMX",
            domains: ["gmx.at", "gmx.net", "gmx.de", "gmx.ch", "gmx.eu", "gmx.info", "gmx.org", "gmx.biz"],
            smtp: "smtps://mail.gmx.net",
            imap: "imaps://imap.gmx.net",
            signIn: .programsOn,
            evidence: .thunderbird,
            page: "https://hilfe.gmx.net/pop-imap/imap/imap-serverdaten.html"
        ),
        KnownMailServer(
            name: "GMX",
            domains: ["gmx.com", "gmx.us", "gmx.co.uk", "gmx.fr", "gmx.es", "gmx.it"],
            smtp: "smtps://mail.gmx.com",
            imap: "imaps://imap.gmx.com",
            signIn: .programsOn,
            evidence: .thunderbird,
            page: "https://support.gmx.com/pop-imap/imap/server.html"
        ),
        KnownMailServer(
            name: "WEB.DE",
            domains: ["web.de"],
            smtp: "smtps://smtp.web.de",
            imap: "imaps://imap.web.de",
            user: .localPart,
            signIn: .programsOn,
            evidence: .thunderbird,
            page: "https://hilfe.web.de/pop-imap/imap/imap-serverdaten.html"
        ),
        KnownMailServer(
            name: "freenet",
            domains: ["freenet.de"],
            smtp: "smtp://mx.freenet.de",
            imap: "imaps://mx.freenet.de",
            evidence: .unconfirmed,
            page: "https://kundenservice.freenet.de/hilfe/email"
        ),
        KnownMailServer(
            name: "Posteo",
            domains: ["posteo.de", "posteo.at", "posteo.net", "posteo.ch", "posteo.eu", "posteo.org", "posteo.me"],
            smtp: "smtps://posteo.de",
            imap: "imaps://posteo.de",
            evidence: .thunderbird,
            page: "https://posteo.de/hilfe/wie-richte-ich-posteo-in-einem-mailprogramm-ein-pop3-imap-und-smtp"
        ),
        KnownMailServer(
            name: "mailbox.org",
            domains: ["mailbox.org"],
            exchangers: [".mailbox.org"],
            smtp: "smtps://smtp.mailbox.org",
            imap: "imaps://imap.mailbox.org",
            signIn: .appPassword,
            evidence: .vendor,
            page: "https://kb.mailbox.org/en/private/e-mail/e-mail-configuration"
        ),
    ]

    private static let telecoms = [
        KnownMailServer(
            name: "A1",
            domains: ["a1.net", "aon.at"],
            smtp: "smtp://securemail.a1.net",
            imap: "imaps://securemail.a1.net",
            evidence: .thunderbird,
            page: "https://www.a1.net/hilfe"
        ),
        KnownMailServer(
            name: "Telekom",
            domains: ["t-online.de", "magenta.de"],
            smtp: "smtps://securesmtp.t-online.de",
            imap: "imaps://secureimap.t-online.de",
            signIn: .appPassword,
            evidence: .thunderbird,
            page: "https://www.telekom.de/hilfe/apps-dienste/e-mail/einstellungen/posteingang-postausgang-server"
        ),
        KnownMailServer(
            name: "Vodafone",
            domains: ["vodafonemail.de", "arcor.de", "kabelmail.de"],
            smtp: "smtps://smtp.vodafonemail.de",
            imap: "imaps://imap.vodafonemail.de",
            evidence: .thunderbird,
            page: "https://www.vodafone.de/hilfe/vodafone-e-mail-cloud.html"
        ),
    ]

    private static let international = [
        // 500 recipients a day: the page is Google's, the figure was read in what others cite of it. That Gmail keeps what
        // is sent over SMTP in its own Sent folder is known from use.
        KnownMailServer(
            name: "Gmail",
            domains: ["gmail.com", "googlemail.com"],
            smtp: "smtps://smtp.gmail.com",
            imap: "imaps://imap.gmail.com",
            signIn: .appPassword,
            sentCopy: .server,
            perDay: 500,
            evidence: .thunderbird,
            page: "https://support.google.com/mail/answer/22839"
        ),
        // 2,000 messages a day, likewise second-hand.
        KnownMailServer(
            name: "Google Workspace",
            domains: [],
            exchangers: [".google.com", ".googlemail.com"],
            smtp: "smtps://smtp.gmail.com",
            imap: "imaps://imap.gmail.com",
            signIn: .appPassword,
            sentCopy: .server,
            perDay: 2000,
            evidence: .thunderbird,
            page: "https://support.google.com/a/answer/166852"
        ),
        KnownMailServer(
            name: "Outlook.com",
            domains: [
                "outlook.com", "outlook.at", "outlook.de", "hotmail.com", "hotmail.de", "hotmail.at", "live.com",
                "live.de", "live.at", "msn.com", "windowslive.com",
            ],
            smtp: "smtp://smtp-mail.outlook.com",
            imap: "imaps://outlook.office365.com",
            signIn: .oauth,
            sentCopy: .server,
            evidence: .thunderbird,
            page: "https://support.office.com/article/d088b986-291d-42b8-9564-9c414e2aa040"
        ),
        KnownMailServer(
            name: "Microsoft 365",
            domains: [],
            exchangers: [".mail.protection.outlook.com", ".mx.microsoft"],
            smtp: "smtp://smtp.office365.com",
            imap: "imaps://outlook.office365.com",
            signIn: .oauth,
            sentCopy: .server,
            evidence: .thunderbird,
            page: "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/"
                + "authenticated-client-smtp-submission"
        ),
        KnownMailServer(
            name: "iCloud",
            domains: ["icloud.com", "me.com", "mac.com"],
            exchangers: [".mail.icloud.com"],
            smtp: "smtp://smtp.mail.me.com",
            imap: "imaps://imap.mail.me.com",
            signIn: .appPassword,
            evidence: .thunderbird,
            page: "https://support.apple.com/102525"
        ),
        KnownMailServer(
            name: "Yahoo",
            domains: ["yahoo.com", "yahoo.de", "yahoo.at", "ymail.com", "rocketmail.com"],
            exchangers: [".yahoodns.net"],
            smtp: "smtps://smtp.mail.yahoo.com",
            imap: "imaps://imap.mail.yahoo.com",
            signIn: .appPassword,
            evidence: .thunderbird,
            page: "https://help.yahoo.com/kb/new-mail-for-desktop/imap-server-settings-yahoo-mail-sln4075.html"
        ),
        KnownMailServer(
            name: "AOL",
            domains: ["aol.com", "aol.de", "aim.com"],
            smtp: "smtps://smtp.aol.com",
            imap: "imaps://imap.aol.com",
            signIn: .appPassword,
            evidence: .thunderbird,
            page: "https://help.aol.com/articles/"
                + "how-do-i-use-other-email-applications-to-send-and-receive-my-aol-mail"
        ),
    ]

    private static let hosters = [
        KnownMailServer(
            name: "World4You",
            domains: ["world4you.com"],
            exchangers: [".world4you.com"],
            smtp: "smtp://smtp.world4you.com",
            imap: "imaps://imap.world4you.com",
            evidence: .unconfirmed,
            page: "https://www.world4you.com/faq/de/email.html"
        ),
        KnownMailServer(
            name: "easyname",
            domains: ["easyname.com", "easyname.at"],
            exchangers: [".easyname.com"],
            smtp: "smtps://smtp.easyname.com",
            imap: "imaps://imap.easyname.com",
            evidence: .unconfirmed,
            page: "https://www.easyname.at/de/support/email"
        ),
        KnownMailServer(
            name: "IONOS",
            domains: ["online.de", "onlinehome.de"],
            exchangers: [".ionos.de", ".kundenserver.de", ".schlund.de", ".1and1.com", ".1und1.de"],
            smtp: "smtps://smtp.ionos.de",
            imap: "imaps://imap.ionos.de",
            evidence: .unconfirmed,
            page: "https://www.ionos.de/hilfe/e-mail/"
        ),
        KnownMailServer(
            name: "STRATO",
            domains: ["strato.de"],
            exchangers: [".rzone.de", ".strato.de"],
            smtp: "smtps://smtp.strato.de",
            imap: "imaps://imap.strato.de",
            evidence: .thunderbird,
            page: "https://www.strato.de/faq/mail/externes-e-mail-programm-mit-strato-e-mail-adresse-nutzen/"
        ),
        KnownMailServer(
            name: "domainfactory",
            domains: [],
            exchangers: [".ispgateway.de"],
            smtp: "smtps://sslout.df.eu",
            imap: "imaps://sslin.df.eu",
            evidence: .thunderbird,
            page: "https://www.df.eu/de/service/df-faq/e-mail/mail-programme/"
        ),
        KnownMailServer(
            name: "Hetzner",
            domains: [],
            exchangers: [".your-server.de"],
            smtp: "smtps://mail.your-server.de",
            imap: "imaps://mail.your-server.de",
            evidence: .thunderbird,
            page: "https://docs.hetzner.com/konsoleh/account-management/email/setting-up-an-email-account"
        ),
        KnownMailServer(
            name: "one.com",
            domains: [],
            exchangers: [".one.com"],
            smtp: "smtps://send.one.com",
            imap: "imaps://imap.one.com",
            evidence: .thunderbird,
            page: "https://help.one.com"
        ),
        KnownMailServer(
            name: "IPAX",
            domains: [],
            exchangers: [".ipax.at"],
            smtp: "smtps://mail.ipax.at",
            imap: "imaps://mail.ipax.at",
            evidence: .vendor,
            page: "https://ipax.at/?p=17034"
        ),
    ]
}
