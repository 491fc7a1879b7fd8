import Foundation

/// What countries demand of senders: dated rows, and the questions that are asked of them (rule 7).
///
/// A row is changed or added where a country changes its rules; docs/providers/senders.md says where each was found
/// and how sure it is, and a test compares the two.
public enum SenderRules {
    public static let all: [SenderRule] = rows.compactMap(\.self)

    static let rows: [SenderRule?] = [
        SenderRule(
            "AT",
            "+43",
            .alphanumeric,
            .registry("RTR"),
            from: "2026-10-01",
            source:
                "https://www.infobip.com/docs/essentials/europe-registration/austria-sender-registration-guidelines",
            checked: "2026-11-25"
        ),
        SenderRule(
            "AT",
            "+43",
            .international,
            .nothing,
            source:
                "https://www.infobip.com/docs/essentials/europe-registration/austria-sender-registration-guidelines",
            checked: "2026-11-25"
        ),
        SenderRule(
            "DE",
            "+49",
            .alphanumeric,
            .telling,
            source: "https://suresms.com/en/resources/country-specific-rules-and-restrictions/germany/",
            checked: "2026-11-25"
        ),
        SenderRule(
            "CH",
            "+41",
            .alphanumeric,
            .nothing,
            source: "https://suresms.com/en/resources/country-specific-rules-and-restrictions/switzerland/",
            checked: "2026-11-25"
        ),
    ]

    /// The rules that demand a registry, one a country.
    public static let registries: [SenderRule] = all.filter { $0.registry != nil }

    /// Whether the recipient's networks deliver this sender only where it stands in a registry. Asked for each message:
    /// it compares the beginning of a text and two instants.
    static func demandRegistry(of kind: SenderID.Kind, to recipient: MobileNumber, at now: Date) -> Bool {
        registries.contains { $0.kind == kind && recipient.e164.hasPrefix($0.prefix) && $0.holds(at: now) }
    }

    /// The registry that a sender of the kind needs for recipients in one of the countries, also one that is to come.
    public static func registry(for kind: SenderID.Kind, in countries: Set<Country>) -> SenderRule? {
        registries.first { $0.kind == kind && countries.contains($0.country) }
    }

    /// Whether a form refuses names that tell nothing about who sends, because most patients' networks would.
    public static func refuseGenericNames(in country: Country) -> Bool {
        all.contains { $0.country == country && $0.demand == .telling }
    }
}
