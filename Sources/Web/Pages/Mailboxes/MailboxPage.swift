import Domain
import Storage

/// One mailbox of the practice: how it does, a test, the switch, its account.
struct MailboxPage: Sendable {
    /// The button that lets e-mails leave by it, or no more.
    struct Switch: Sendable {
        let action: String
        let version: String
        /// What the button sends.
        let value: String
        let label: String
        let sentence: String
        let isMain: Bool

        init(_ mailbox: Mailbox, _ words: Words, isMain: Bool) {
            let isEnabled = mailbox.account.isEnabled
            action = MailboxPath.of(mailbox.id) + "/schalter"
            version = String(mailbox.account.version)
            value = isEnabled ? "" : "on"
            label = words(isEnabled ? "mailbox.switch_off" : "mailbox.switch_on")
            sentence = words(isEnabled ? "mailbox.is_on" : "mailbox.is_off")
            self.isMain = isMain && !isEnabled
        }
    }

    /// The form of a test e-mail.
    struct Test: Sendable {
        let action: String
        let field: FieldView
        let trial: MailTrialView?
        /// Whether the test is what comes next.
        let isMain: Bool
    }

    let lead: String
    let owner: String
    let state: MailboxState
    let banner: MailBanner?
    let test: Test
    let toggle: Switch
    let account: MailboxForm
    /// For the summary on top of the page.
    let form: FormFrame

    /// What was read of the mailbox.
    struct Record: Sendable {
        let mailbox: Mailbox
        let practitioners: [Practitioner]
        let health: ProviderHealth?
        let standing: MailboxStanding
        let trial: Trial?
        let hasSecret: Bool
    }

    /// What somebody has just sent.
    struct Sent: Sendable {
        var entry: MailboxEntry?
        /// nil: the address of whoever is signed in.
        var to: String?
        var isSaved = false
    }

    static func view(_ record: Record, _ sent: Sent, _ problems: FormProblems, _ visit: Visit) -> MailboxPage {
        let words = visit.words
        let mailbox = record.mailbox
        let state = MailboxState(mailbox, record.health, record.standing, visit)
        let trial = record.trial.map { MailTrialView($0, mailbox, visit) }
        let isProven = record.trial.map { $0.isOver && $0.step != .failed } ?? false
        let account = MailboxForm(
            sent.entry ?? MailboxEntry(existing: mailbox),
            mailbox,
            practitioners: record.practitioners,
            hasSecret: record.hasSecret,
            problems,
            saved: sent.isSaved
        )
        return MailboxPage(
            lead: state.sentence,
            owner: [MailboxOwner.name(mailbox, record.practitioners, words), state.read].compactMap(\.self)
                .joined(separator: " · "),
            state: state,
            banner: mailbox.account.isEnabled ? MailBanner(visit) : nil,
            test: Test(
                action: MailboxPath.of(mailbox.id) + "/test",
                field: .mailbox(
                    "to",
                    sent.to ?? visit.session.user.email.value,
                    problems,
                    isRequired: true,
                    inputMode: "email"
                ),
                trial: trial,
                isMain: !isProven && trial?.isRunning != true
            ),
            toggle: Switch(mailbox, words, isMain: isProven && trial?.isReady != true),
            account: account,
            form: account.frame
        )
    }
}

/// The first step: the address alone.
struct NewMailboxPage: Sendable {
    let lead: String
    let form: FormFrame
    let field: FieldView

    static func view(_ address: String, _ problems: FormProblems) -> NewMailboxPage {
        NewMailboxPage(
            lead: problems.words("mailbox.new.lead"),
            form: FormFrame(action: MailboxPath.new, problems: problems),
            field: .mailbox("address", address, problems, isRequired: true, inputMode: "email")
        )
    }
}

/// The second step: the account, as far as its settings were found.
struct MailboxAccountPage: Sendable {
    let lead: String
    let about: String
    /// What the mail service wants done before.
    let note: String?
    /// Where it says so; nil where that is nothing to be read.
    let help: String?
    let account: MailboxForm
    let form: FormFrame

    /// - Parameter offer: what was found; nil where nothing was, or the form was sent before.
    static func view(
        _ entry: MailboxEntry,
        _ offer: MailServerCandidate?,
        isFirst: Bool,
        practitioners: [Practitioner],
        _ problems: FormProblems
    ) -> MailboxAccountPage {
        let words = problems.words
        let account = MailboxForm(entry, nil, practitioners: practitioners, hasSecret: false, problems)
        let source = offer?.vendor
        let found = offer.map { _ in source == nil ? "mailbox.new.found" : "mailbox.new.found_from" }
        return MailboxAccountPage(
            lead: words("mailbox.new.account_lead", ["address": entry.draft.address]),
            about: words(
                isFirst ? found ?? "mailbox.new.not_found" : "mailbox.new.advice",
                ["source": source ?? ""]
            ),
            note: offer.flatMap { $0.signIn == .password ? nil : words("mailbox.note." + $0.signIn.rawValue) },
            help: offer.flatMap { $0.vendor == nil || $0.page.isEmpty ? nil : $0.page },
            account: account,
            form: account.frame
        )
    }
}

extension MailServerCandidate {
    /// Whose servers they are; nil where only the domain itself named them.
    fileprivate var vendor: String? {
        switch source {
        case .known(let vendor), .mailExchanger(let vendor, _): vendor
        case .serviceRecord, .autoconfig: nil
        }
    }
}
