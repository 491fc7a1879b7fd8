import Domain

/// The first step: whose service it is.
struct ProviderKindPage: Sendable {
    struct Card: Sendable {
        let path: String
        let name: String
        let detail: String
    }

    let lead: String
    let advice: String
    let cards: [Card]

    /// - Parameter own: the practice's providers; the simulator, which reaches nobody, is for those who have one.
    static func view(_ own: [Provider], _ words: Words) -> ProviderKindPage {
        ProviderKindPage(
            lead: words("provider.choose.lead"),
            advice: words("provider.choose.advice"),
            cards: kinds(own).map { kind in
                Card(
                    path: ProviderPath.new(kind),
                    name: words("provider.kind." + kind.rawValue),
                    detail: words("provider.about." + kind.rawValue)
                )
            }
        )
    }

    static func kinds(_ own: [Provider]) -> [Provider.Kind] {
        let real: [Provider.Kind] = [.seven, .websms, .twilio, .smpp, .http]
        return own.contains { $0.kind == .simulator } ? real + [.simulator] : real
    }
}
