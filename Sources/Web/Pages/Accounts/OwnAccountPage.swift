import Domain
import Storage

/// One's own name, language, password, second factor and sessions.
struct OwnAccountPage: Sendable {
    struct SessionRow: Sendable {
        let browser: String
        let address: String
        let times: String
        let isOwn: Bool
        let handle: String
        /// What the button says to those who do not see the row.
        let ending: String
    }

    struct Factor: Sendable {
        let sentence: String
        let link: String
        /// What is missing on the server; nil where nothing is.
        let lack: String?
    }

    let lead: String
    let roleName: String
    let notice: String?
    let form: FormFrame
    let particulars: [FieldView]
    let secretFields: [FieldView]
    /// For programs that keep passwords.
    let accountEmail: String
    let factor: Factor
    let sessions: [SessionRow]
    let hasOthers: Bool

    /// What was read beside the person.
    struct State: Sendable {
        let sessions: [SessionStanding]
        let codesLeft: Int
        let notice: String?
    }

    static func view(_ draft: UserDraft, _ state: State, _ problems: FormProblems, _ visit: Visit) -> OwnAccountPage {
        let words = visit.words
        let user = visit.session.user
        return OwnAccountPage(
            lead: words("account.lead", ["name": user.displayName]),
            roleName: words("account.role", ["role": words("role." + user.role.rawValue)]),
            notice: state.notice,
            form: FormFrame(action: "/konto", problems: problems),
            particulars: [
                .make("name", draft.name, problems, autocomplete: "name"),
                .language(draft.language, problems),
            ],
            secretFields: [.currentPassword(problems), .newPassword(problems)],
            accountEmail: user.email.value,
            factor: factor(state.codesLeft, visit),
            sessions: state.sessions.map { row($0, visit) },
            hasOthers: state.sessions.count > 1
        )
    }

    private static func factor(_ codesLeft: Int, _ visit: Visit) -> Factor {
        let words = visit.words
        let isOn = visit.session.user.secondFactorSince != nil
        let lack = visit.storage.secondFactor.isPossible ? nil : words("factor.no_key")
        return Factor(
            sentence: isOn ? words.counted("factor.on", codesLeft) : words("factor.off"),
            link: words(isOn ? "factor.manage" : "factor.begin"),
            lack: isOn ? nil : lack
        )
    }

    private static func row(_ standing: SessionStanding, _ visit: Visit) -> SessionRow {
        let words = visit.words
        let zone = visit.practice.timeZone
        let times = [
            "since": words.since(standing.since, zone: zone, today: visit.today),
            "seen": words.since(standing.seenAt, zone: zone, today: visit.today),
        ]
        let browser = standing.browser.isEmpty ? words("session.unknown") : standing.browser
        return SessionRow(
            browser: browser,
            address: standing.address.isEmpty ? words("session.nearby") : standing.address,
            times: words("session.times", times),
            isOwn: standing.isThis,
            handle: standing.name,
            ending: words("session.end_one", ["browser": browser])
        )
    }
}

extension FieldView {
    /// The languages, each in its own words.
    static func language(_ value: String, _ problems: FormProblems) -> FieldView {
        .select(
            "language",
            value,
            problems,
            Language.allCases.map { (value: $0.rawValue, label: problems.words("language." + $0.rawValue)) }
        )
    }

    static func role(_ value: String, _ problems: FormProblems) -> FieldView {
        .select(
            "role",
            value,
            problems,
            User.Role.allCases.reversed().map {
                (
                    value: $0.rawValue,
                    label: problems.words("role.\($0.rawValue)") + problems.words("role.may.\($0.rawValue)")
                )
            }
        )
    }
}
