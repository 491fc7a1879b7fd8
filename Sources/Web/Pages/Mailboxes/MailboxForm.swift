import Domain

/// The form of a mailbox: whose it is, its account, its servers, and what is rarely needed.
struct MailboxForm: Sendable {
    let frame: FormFrame
    /// Whose it is: address, name, practitioner.
    let identity: [FieldView]
    let account: [FieldView]
    /// Server and encryption, for sending and for reading.
    let servers: [FieldView]
    let further: [FieldView]
    /// Whether what is rarely needed is shown at once.
    let isOpen: Bool

    init(
        _ entry: MailboxEntry,
        _ existing: Mailbox?,
        practitioners: [Practitioner],
        hasSecret: Bool,
        _ problems: FormProblems,
        saved: Bool = false
    ) {
        frame = FormFrame(
            action: existing.map { MailboxPath.of($0.id) } ?? MailboxPath.account,
            problems: problems,
            version: existing?.account.version,
            saved: saved
        )
        let draft = entry.draft
        identity = [
            .mailbox("address", draft.address, problems, isRequired: true, inputMode: "email"),
            .mailbox("displayName", draft.displayName, problems), Self.owner(draft, practitioners, problems),
        ]
        account = [.mailbox("user", draft.user, problems), Self.secret(problems, hasSecret: hasSecret)]
        servers = [
            .mailbox("smtp", entry.smtp.host, problems, isRequired: true, inputMode: "url"),
            Self.security("smtp", .smtp, entry.smtp.security, problems),
            .mailbox("imap", entry.imap.host, problems, inputMode: "url"),
            Self.security("imap", .imap, entry.imap.security, problems),
        ]
        further = Self.further(draft, problems)
        isOpen = further.contains { !$0.problems.isEmpty }
    }

    private static func owner(
        _ draft: MailboxDraft,
        _ practitioners: [Practitioner],
        _ problems: FormProblems
    ) -> FieldView {
        let everyone = [(value: "", label: problems.words("mailbox.for_practice"))]
        return .mailbox(
            "practitionerId",
            draft.practitionerID,
            problems,
            everyone + practitioners.map { (value: $0.id.description, label: $0.name) }
        )
    }

    /// Its value never comes back to the page.
    private static func secret(_ problems: FormProblems, hasSecret: Bool) -> FieldView {
        let words = problems.words
        var field = FieldView.mailbox("secret", "", problems)
        field = FieldView(
            name: field.name,
            label: field.label,
            value: "",
            type: "password",
            hint: words(
                hasSecret
                    ? "provider.secret.kept"
                    : problems.problems.isEmpty ? "mailbox.hint.secret" : "provider.secret.again"
            ),
            problems: field.problems,
            autocomplete: "new-password"
        )
        return field
    }

    private static func security(
        _ name: String,
        _ kind: MailServerText.Kind,
        _ value: MailServerText.Security,
        _ problems: FormProblems
    ) -> FieldView {
        .mailbox(
            name + "Security",
            value.rawValue,
            problems,
            MailServerText.Security.allCases.map { security in
                let port = ["port": String(kind.port(security))]
                return (value: security.rawValue, label: problems.words("mailbox.security." + security.rawValue, port))
            }
        )
    }

    private static func further(_ draft: MailboxDraft, _ problems: FormProblems) -> [FieldView] {
        let words = problems.words
        let value = { (field: String) in draft.options[MailboxEntry.fields[field] ?? ""] ?? "" }
        let copies = Mailbox.SentCopy.allCases.map { (value: $0.rawValue, label: words("mailbox.copy." + $0.rawValue)) }
        let ways = ["auto", "plain", "login", "xoauth2"]
        return [
            .mailbox("replyTo", draft.replyTo, problems, inputMode: "email"),
            .mailbox("sentCopy", value("sentCopy").isEmpty ? "append" : value("sentCopy"), problems, copies),
            .mailbox("sentFolder", value("sentFolder"), problems),
            .mailbox(
                "authentication",
                value("authentication").isEmpty ? "auto" : value("authentication"),
                problems,
                ways.map { (value: $0, label: words("mailbox.auth." + $0)) }
            ), .mailbox("perHour", value("perHour"), problems, inputMode: "numeric"),
            .mailbox("perDay", value("perDay"), problems, inputMode: "numeric"),
        ]
    }
}

extension FieldView {
    /// A field of a mailbox's form, labelled `mailbox.field.<name>`, with the hint `mailbox.hint.<name>` where there is one.
    static func mailbox(
        _ name: String,
        _ value: String,
        _ problems: FormProblems,
        isRequired: Bool = false,
        inputMode: String? = nil
    ) -> FieldView {
        let field = make(
            name,
            value,
            problems,
            autocomplete: "off",
            isRequired: isRequired,
            inputMode: inputMode
        )
        return field.ofMailbox(problems.words)
    }

    /// A field with a list to choose from, labelled likewise.
    static func mailbox(
        _ name: String,
        _ value: String,
        _ problems: FormProblems,
        _ choices: [(value: String, label: String)]
    ) -> FieldView {
        select(name, value, problems, choices).ofMailbox(problems.words)
    }

    private func ofMailbox(_ words: Words) -> FieldView {
        var field = self
        field.label = words("mailbox.field." + name)
        let hint = "mailbox.hint." + name
        field.hint = words.catalogue.has(hint) ? words(hint) : nil
        return field
    }
}
