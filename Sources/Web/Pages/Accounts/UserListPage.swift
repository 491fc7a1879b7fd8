import Domain
import Foundation
import Storage

/// Those who sign in to a practice's pages.
struct UserListPage: Sendable {
    struct Row: Sendable {
        let path: String
        let person: String
        /// The e-mail address, where the person has a name, too.
        let address: String?
        let roleName: String
        let factor: String
        let seen: String
        let isOwn: Bool
    }

    let lead: String
    /// Who has a second factor.
    let advice: String
    let notice: String?
    let people: [Row]

    static func view(_ standings: [UserStanding], notice: String?, _ visit: Visit) -> UserListPage {
        let words = visit.words
        let without = standings.filter { $0.user.secondFactorSince == nil }.count
        return UserListPage(
            lead: words.counted("users.lead", standings.count),
            advice: without == 0
                ? words("users.factor.all")
                : without == standings.count
                    ? words("users.factor.nobody") : words.counted("users.factor.without", without),
            notice: notice,
            people: standings.map { row($0, visit) }
        )
    }

    private static func row(_ standing: UserStanding, _ visit: Visit) -> Row {
        let words = visit.words
        let user = standing.user
        return Row(
            path: "/einstellungen/konten/\(user.id)",
            person: user.displayName,
            address: user.name.isEmpty ? nil : user.email.value,
            roleName: words("role." + user.role.rawValue),
            factor: words(user.secondFactorSince == nil ? "users.factor.off" : "users.factor.on"),
            seen: seen(standing, visit),
            isOwn: user.id == visit.session.user.id
        )
    }

    private static func seen(_ standing: UserStanding, _ visit: Visit) -> String {
        standing.seenAt.map { visit.words("users.seen", ["moment": moment($0, visit)]) }
            ?? visit.words("users.never_seen")
    }

    static func moment(_ at: Date, _ visit: Visit) -> String {
        visit.words.since(at, zone: visit.practice.timeZone, today: visit.today)
    }
}

/// The form for somebody new.
struct UserNewPage: Sendable {
    let lead: String
    let form: FormFrame
    let particulars: [FieldView]
    let passwordField: FieldView
    let ownField: FieldView
    /// Whether a link can be mailed instead of a password; nil where not, with the reason beside.
    let invitation: Invitation?
    let lack: String?

    struct Invitation: Sendable {
        let isChosen: Bool
    }

    static func view(
        _ draft: UserDraft,
        mayMail: Bool,
        invites: Bool,
        _ problems: FormProblems
    ) -> UserNewPage {
        UserNewPage(
            lead: problems.words("user.new"),
            form: FormFrame(action: "/einstellungen/konten/neu", problems: problems),
            particulars: UserPage.particulars(draft, problems),
            passwordField: .firstPassword(problems),
            ownField: .ownPassword(UserPage.saving, problems, hint: "hint.ownPassword.new"),
            invitation: mayMail ? Invitation(isChosen: invites) : nil,
            lack: mayMail ? nil : problems.words("user.no_mailbox")
        )
    }
}

/// One of those who sign in.
struct UserPage: Sendable {
    /// Each form asks for one's own password under a name of its own.
    static let saving = "ownPassword"
    static let setting = "ownPasswordToSet"
    static let switching = "ownPasswordToSwitch"

    let lead: String
    let about: String
    let notice: String?
    let form: FormFrame
    let particulars: [FieldView]
    let path: String
    let isOwn: Bool
    let accountEmail: String
    let ownField: FieldView
    /// The new one and one's own; empty where it is one's own account.
    let passwordFields: [FieldView]
    let mayMail: Bool
    /// nil where there is nothing to switch off.
    let secondFactor: SecondFactor?
    /// How many sessions there are; nil where there is none to end.
    let sessionCount: String?

    struct SecondFactor: Sendable {
        let factorOn: String
        let ownToSwitch: FieldView
    }

    /// What was read beside the person.
    struct State: Sendable {
        let standing: UserStanding
        let sessions: Int
        let mayMail: Bool
        let notice: String?
        /// The version that the form was made from.
        let version: Int64
    }

    static func view(_ draft: UserDraft, _ state: State, _ problems: FormProblems, _ visit: Visit) -> UserPage {
        let words = visit.words
        let user = state.standing.user
        let isOwn = user.id == visit.session.user.id
        let path = "/einstellungen/konten/\(user.id)"
        return UserPage(
            lead: words("user.lead", ["name": user.displayName, "role": words("role." + user.role.rawValue)]),
            about: state.standing.seenAt.map {
                words("user.seen", ["moment": UserListPage.moment($0, visit)])
            } ?? words("user.never_seen"),
            notice: state.notice,
            form: FormFrame(action: path, problems: problems, version: state.version),
            particulars: particulars(draft, problems),
            path: path,
            isOwn: isOwn,
            accountEmail: user.email.value,
            ownField: .ownPassword(saving, problems, hint: "hint.ownPassword.change"),
            passwordFields: isOwn ? [] : [.firstPassword(problems), .ownPassword(setting, problems)],
            mayMail: state.mayMail && !isOwn,
            secondFactor: isOwn || user.secondFactorSince == nil
                ? nil
                : SecondFactor(factorOn: words("user.factor.on"), ownToSwitch: .ownPassword(switching, problems)),
            sessionCount: isOwn || state.sessions == 0 ? nil : words.counted("user.sessions", state.sessions)
        )
    }

    static func particulars(_ draft: UserDraft, _ problems: FormProblems) -> [FieldView] {
        [
            .make("name", draft.name, problems, autocomplete: "off"),
            .make("email", draft.email, problems, type: "email", autocomplete: "off", isRequired: true),
            .role(draft.role, problems),
            .language(draft.language, problems),
        ]
    }
}

extension FieldView {
    /// A password that an admin gives somebody.
    static func firstPassword(_ problems: FormProblems) -> FieldView {
        var field = FieldView.newPassword(problems)
        field.label = problems.words("field.firstPassword")
        field.hint = problems.words("hint.firstPassword")
        return field
    }
}

extension FormData {
    func user(_ draft: UserDraft) -> UserDraft {
        UserDraft(
            name: self["name"],
            email: self["email"],
            role: self["role"],
            language: has("language") ? self["language"] : draft.language
        )
    }
}
