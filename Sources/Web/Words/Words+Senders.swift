import Domain
import Storage

/// Sentences about senders, filled from the rules that are behind them.
extension Words {
    /// What the settings leave undone, with the locations it concerns.
    public func sentence(_ warning: ForecastWarning) -> String {
        var arguments = warning.rule.map(arguments) ?? [:]
        arguments["locations"] = warning.locations.map(\.name).joined(separator: ", ")
        arguments["mailboxes"] = warning.mailboxes.map(\.address.value).joined(separator: ", ")
        return self("warning." + warning.code.rawValue + (warning.isReplaced ? "_replaced" : ""), arguments)
    }

    /// Whose networks demand what since when: `country`, `registry`, `since`.
    func arguments(_ rule: SenderRule) -> [String: String] {
        [
            "country": self("in_country." + rule.country.rawValue), "registry": rule.registry ?? "",
            "since": rule.from.map(date) ?? "",
        ]
    }

    /// `1. Oktober 2026`
    func date(_ date: LocalDate) -> String {
        self(
            "date.date",
            [
                "plainDay": String(date.day), "monthName": self("date.month.\(date.month)"), "year": String(date.year),
            ]
        )
    }
}
