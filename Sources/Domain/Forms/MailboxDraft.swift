import Foundation

/// A mailbox as somebody wrote it.
public struct MailboxDraft: Hashable, Sendable {
    public var address = ""
    public var displayName = ""
    public var replyTo = ""
    /// `smtp://host:587` or `smtps://host:465`
    public var smtp = ""
    /// `imap://host:143` or `imaps://host:993`; empty for none.
    public var imap = ""
    /// Empty: the address.
    public var user = ""
    /// Empty: it stays as it is, or there is none.
    public var secret = ""
    /// An id; empty for the practice's mailbox.
    public var practitionerID = ""
    /// By ``MailboxOption``.
    public var options: [String: String] = [:]
    public var isEnabled = true

    public init() {}

    public init(existing mailbox: Mailbox) {
        address = mailbox.address.value
        displayName = mailbox.displayName
        replyTo = mailbox.replyTo?.value ?? ""
        smtp = mailbox.account.url
        imap = mailbox.imapURL
        user = mailbox.account.user
        practitionerID = mailbox.practitionerID.map(\.description) ?? ""
        options = mailbox.account.options
        isEnabled = mailbox.account.isEnabled
    }

    /// - Throws: every broken rule of the form itself; what the channels make of the addresses is asked of them.
    public func validated() throws(ProblemList) -> MailboxFields {
        var form = FormReader()
        let address = form.take(EmailAddress.parse(address, field: "address"))
        let replyTo =
            replyTo.trimmingWhitespace().isEmpty
            ? nil : form.take(EmailAddress.parse(replyTo, field: "replyTo"))
        let displayName = form.line(displayName, "displayName", limit: 100)
        let smtp = form.text(smtp, "smtp", limit: 500, required: true)
        MailAddress.check(smtp, ["smtp", "smtps"], "smtp", &form)
        let imap = form.text(imap, "imap", limit: 500)
        MailAddress.check(imap, ["imap", "imaps"], "imap", &form)
        let user = form.text(user, "user", limit: 320)
        let secret = form.text(secret, "secret", limit: 8000)
        let practitioner = practitionerID.isEmpty ? nil : Int64(practitionerID)
        if !practitionerID.isEmpty, practitioner == nil {
            form.add(FieldProblem("practitionerId", .referenceUnknown))
        }
        for name in options.keys where !MailboxOption.all.contains(name) {
            form.add(FieldProblem("option", .fieldUnknown, ["name": name]))
        }
        guard let address else { throw ProblemList(form.problems) }
        return try form.finish(
            MailboxFields(
                address: address,
                displayName: displayName,
                replyTo: replyTo,
                smtp: smtp,
                imap: imap,
                user: user,
                secret: secret.isEmpty ? nil : secret,
                practitionerID: practitioner.map { Identifier($0) },
                options: options.filter { !$0.value.isEmpty },
                isEnabled: isEnabled
            )
        )
    }
}

/// A mailbox that passed the rules of the form.
public struct MailboxFields: Hashable, Sendable {
    public let address: EmailAddress
    public let displayName: String
    public let replyTo: EmailAddress?
    public let smtp: String
    public let imap: String
    /// Empty: the address, where there is a secret.
    public let user: String
    /// nil: as it is.
    public let secret: String?
    public let practitionerID: Practitioner.ID?
    public let options: [String: String]
    public let isEnabled: Bool
}

/// The address of a mail server.
enum MailAddress {
    static func check(_ url: String, _ schemes: Set<String>, _ field: String, _ form: inout FormReader) {
        if url.isEmpty { return }
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme), let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil,
            parts.path.isEmpty || parts.path == "/", parts.query == nil
        else {
            form.add(FieldProblem(field, .fieldInvalid, ["reason": "mail_url"]))
            return
        }
    }
}
