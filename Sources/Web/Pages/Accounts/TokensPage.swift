import Domain
import Storage

/// The keys by which other programs come in.
struct TokensPage: Sendable {
    struct Row: Sendable {
        let label: String
        let scopeName: String
        let dates: String
        let revokePath: String
        /// What the button says to those who do not see the row.
        let revoking: String
    }

    /// A key that was just made, shown this once.
    struct Made: Sendable {
        let label: String
        let secret: String
    }

    let lead: String
    let notice: String?
    let made: Made?
    let form: FormFrame
    let keyFields: [FieldView]
    let keys: [Row]
    let hasNone: Bool

    static func view(
        _ standings: [TokenStanding],
        name: String = "",
        scope: String = "read",
        made: Made? = nil,
        notice: String? = nil,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> TokensPage {
        let words = visit.words
        let scopes = AccessToken.Scope.allCases.map { (value: $0.rawValue, label: words("scope." + $0.rawValue)) }
        var nameField = FieldView.make("name", name, problems, autocomplete: "off", isRequired: true)
        nameField.hint = words("hint.tokenName")
        return TokensPage(
            lead: standings.isEmpty ? words("tokens.none") : words.counted("tokens.lead", standings.count),
            notice: notice,
            made: made,
            form: FormFrame(action: "/einstellungen/schluessel", problems: problems),
            keyFields: [nameField, .select("scope", scope, problems, scopes), .ownPassword(UserPage.saving, problems)],
            keys: standings.map { row($0, visit) },
            hasNone: standings.isEmpty
        )
    }

    private static func row(_ standing: TokenStanding, _ visit: Visit) -> Row {
        let words = visit.words
        let zone = visit.practice.timeZone
        let created = words("tokens.created", ["moment": words.day(WallTime.of(standing.createdAt, in: zone).date)])
        let used = standing.usedAt.map {
            words("tokens.used", ["moment": words.since($0, zone: zone, today: visit.today)])
        }
        return Row(
            label: standing.token.name,
            scopeName: words("scope." + standing.token.scope.rawValue),
            dates: created + " · " + (used ?? words("tokens.never_used")),
            revokePath: "/einstellungen/schluessel/\(standing.token.id)/beenden",
            revoking: words("tokens.revoke_one", ["name": standing.token.name])
        )
    }
}
