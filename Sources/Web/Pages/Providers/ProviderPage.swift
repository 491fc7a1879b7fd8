import Domain
import Storage

/// One provider of the practice: test it, switch it on, its account, and the address that it calls.
struct ProviderPage: Sendable {
    /// The button that lets it carry messages, or no more.
    struct Switch: Sendable {
        let action: String
        let version: String
        /// What the button sends.
        let value: String
        let label: String
        let sentence: String
        let isMain: Bool

        init(_ provider: Provider, _ words: Words, isMain: Bool) {
            action = ProviderPath.of(provider.id) + "/schalter"
            version = String(provider.version)
            value = provider.isEnabled ? "" : "on"
            label = words(provider.isEnabled ? "provider.switch_off" : "provider.switch_on")
            sentence = words(provider.isEnabled ? "provider.is_on" : "provider.is_off")
            self.isMain = isMain && !provider.isEnabled
        }
    }

    /// The form of a test SMS.
    struct Test: Sendable {
        let action: String
        let fields: [FieldView]
        let trial: TrialView?
        /// Whether the test is what comes next.
        let isMain: Bool
    }

    let lead: String
    let kind: String
    let state: ProviderState
    let test: Test
    let toggle: Switch
    let hook: HookAddressView?
    let account: ProviderForm
    /// For the summary on top of the page.
    let form: FormFrame

    /// What was read of the provider.
    struct Record: Sendable {
        let provider: Provider
        let others: [Provider]
        let health: ProviderHealth?
        let trial: Trial?
        let hookSecret: String?
        let hasSecret: Bool
        let locations: [Location]
    }

    /// What somebody has just sent, and what is wrong with it.
    struct Sent: Sendable {
        var entry: ProviderEntry?
        var to = ""
        var from: String?
        var isSaved = false
    }

    static func view(_ record: Record, _ sent: Sent, _ problems: FormProblems, _ visit: Visit) -> ProviderPage {
        let words = visit.words
        let provider = record.provider
        let state = ProviderState(provider, record.health, visit)
        let trial = record.trial.map { TrialView($0, provider, visit) }
        let isProven = record.trial?.step == .delivered
        let account = ProviderForm(
            sent.entry ?? ProviderEntry(existing: provider),
            provider,
            others: record.others,
            hasSecret: record.hasSecret,
            problems,
            saved: sent.isSaved
        )
        return ProviderPage(
            lead: state.sentence,
            kind: words("provider.kind." + provider.kind.rawValue),
            state: state,
            test: test(record, sent, problems, trial, isMain: !isProven && trial?.isRunning != true, visit),
            toggle: Switch(provider, words, isMain: isProven && trial?.isReady != true),
            hook: provider.kind.isCalledBack ? HookAddressView(provider, word: record.hookSecret, visit) : nil,
            account: account,
            form: account.frame
        )
    }

    private static func test(
        _ record: Record,
        _ sent: Sent,
        _ problems: FormProblems,
        _ trial: TrialView?,
        isMain: Bool,
        _ visit: Visit
    ) -> Test {
        let sender = visit.practice.sender ?? record.locations.lazy.compactMap(\.sender).first
        return Test(
            action: ProviderPath.of(record.provider.id) + "/test",
            fields: [
                .make("to", sent.to, problems, type: "tel", autocomplete: "off", isRequired: true, inputMode: "tel"),
                .make("from", sent.from ?? sender?.value ?? "", problems, autocomplete: "off", isRequired: true),
            ],
            trial: trial,
            isMain: isMain
        )
    }
}

/// The address that the provider shall call with receipts and answers.
struct HookAddressView: Sendable {
    /// nil where none was given yet.
    let address: String?
    let action: String
    /// What is missing so that it can be reached from outside.
    let lack: String?
    let how: String

    init(_ provider: Provider, word: String?, _ visit: Visit) {
        address = word.map { (visit.pages.publicURL ?? "") + provider.hookPath(word: $0) }
        action = ProviderPath.of(provider.id) + "/adresse"
        lack = word != nil && visit.pages.publicURL == nil ? visit.words("provider.hook.lack") : nil
        how = visit.words("provider.hook.how." + provider.kind.rawValue)
    }
}

/// A provider that is being set up: its account, to be filled in.
struct NewProviderPage: Sendable {
    let lead: String
    let about: String
    let account: ProviderForm
    let form: FormFrame

    static func view(_ entry: ProviderEntry, _ own: [Provider], _ problems: FormProblems) -> NewProviderPage {
        let words = problems.words
        let account = ProviderForm(entry, nil, others: own, hasSecret: false, problems)
        return NewProviderPage(
            lead: words("provider.new.lead", ["kind": words("provider.kind." + entry.draft.kind)]),
            about: words("provider.new.advice"),
            account: account,
            form: account.frame
        )
    }
}
