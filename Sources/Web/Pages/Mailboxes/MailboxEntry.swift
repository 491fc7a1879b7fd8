import Domain

/// A mailbox as it stands in the form: the draft, and what the form puts in other words than the draft.
struct MailboxEntry: Hashable, Sendable {
    var draft: MailboxDraft
    var smtp: MailServerText
    var imap: MailServerText
    /// What was there before, with the options that the form does not have.
    private let given: [String: String]
    /// The servers' addresses as they were. One that nobody touched stays to the letter, so that the password stays, too.
    private let servers: [String: String]

    /// The options that stand in the form, by their fields.
    static let fields = [
        "authentication": MailboxOption.authentication, "sentCopy": MailboxOption.sentCopy,
        "sentFolder": MailboxOption.sentFolder, "perHour": MailboxOption.perHour, "perDay": MailboxOption.perDay,
    ]

    /// Something new. It is switched on by hand, once it was tried.
    init(address: String, _ offer: MailServerCandidate? = nil, displayName: String = "") {
        draft = MailboxDraft()
        draft.address = address
        draft.displayName = displayName
        draft.user = offer?.user ?? address
        draft.options = offer?.options ?? [:]
        draft.isEnabled = false
        smtp = MailServerText(offer?.smtpURL ?? "", .smtp)
        imap = MailServerText(offer?.imapURL ?? "", .imap)
        given = draft.options
        servers = [:]
    }

    init(existing mailbox: Mailbox) {
        draft = MailboxDraft(existing: mailbox)
        if draft.user.isEmpty { draft.user = draft.address }
        smtp = MailServerText(mailbox.account.url, .smtp)
        imap = MailServerText(mailbox.imapURL, .imap)
        given = mailbox.account.options
        servers = ["smtp": mailbox.account.url, "imap": mailbox.imapURL]
    }

    /// With the inputs of the form in place of what was there.
    func with(_ form: FormData) -> MailboxEntry {
        var entry = self
        entry.draft.address = form["address"]
        entry.draft.displayName = form["displayName"]
        entry.draft.replyTo = form["replyTo"]
        entry.draft.user = form["user"]
        entry.draft.secret = form["secret"]
        entry.draft.practitionerID = form["practitionerId"]
        entry.smtp = MailServerText(host: form["smtp"], security: .init(rawValue: form["smtpSecurity"]) ?? .tls)
        entry.imap = MailServerText(host: form["imap"], security: .init(rawValue: form["imapSecurity"]) ?? .tls)
        for (field, option) in Self.fields where form.has(field) {
            entry.draft.options[option] = form[field].trimmingWhitespace()
        }
        return entry
    }

    /// The draft that it stands for.
    ///
    /// - Throws: `ProblemList` with the form's own names.
    func finished() throws -> MailboxDraft {
        var finished = draft
        finished.smtp = address(smtp, .smtp)
        finished.imap = address(imap, .imap)
        // The address is the user where nothing else stands; so it follows the address.
        if finished.user.trimmingWhitespace() == draft.address.trimmingWhitespace() { finished.user = "" }
        finished.options = given.merging(draft.options) { _, entered in entered }.filter { !$0.value.isEmpty }
        var problems: [FieldProblem] = []
        for field in ["perHour", "perDay"] {
            let text = finished.options[Self.fields[field] ?? ""] ?? ""
            if !text.isEmpty, Int(text).map({ !(1...1_000_000).contains($0) }) ?? true {
                problems.append(FieldProblem(field, .fieldInvalid, ["reason": "mail_limit"]))
            }
        }
        if finished.imap.isEmpty, let copy = finished.options[MailboxOption.sentCopy], copy == "append" {
            // Nobody can; it is no fault of whoever leaves the server out.
            finished.options[MailboxOption.sentCopy] = nil
        }
        if !problems.isEmpty { throw ProblemList(problems) }
        return finished
    }

    private func address(_ server: MailServerText, _ kind: MailServerText.Kind) -> String {
        guard let known = servers[kind.rawValue], MailServerText(known, kind) == server else { return server.url(kind) }
        return known
    }
}

extension ProblemList {
    /// With the names that the fields have on the page.
    var ofMailboxForm: ProblemList {
        ProblemList(
            problems.map { problem in
                var problem = problem
                if problem.field.hasPrefix("option.") {
                    let name = String(problem.field.dropFirst("option.".count))
                    problem.field = MailboxEntry.fields.first { $0.value == name }?.key ?? "smtp"
                }
                if problem.arguments["reason"] == "mail_url" { problem.arguments["reason"] = "mail_server" }
                return problem
            }
        )
    }
}

extension MailServerCandidate {
    /// As a mailbox keeps them; what is usual is left out.
    fileprivate var options: [String: String] {
        var options: [String: String] = [:]
        if sentCopy != .append { options[MailboxOption.sentCopy] = sentCopy.rawValue }
        if signIn == .oauth { options[MailboxOption.authentication] = "xoauth2" }
        options[MailboxOption.perHour] = perHour.map(String.init)
        options[MailboxOption.perDay] = perDay.map(String.init)
        return options
    }
}
