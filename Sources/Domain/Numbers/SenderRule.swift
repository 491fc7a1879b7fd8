import Foundation

/// What the networks of one country demand of one kind of sender, from when on, and who says so.
public struct SenderRule: Hashable, Sendable {
    public enum Demand: Hashable, Sendable {
        /// Nothing that is known of.
        case nothing
        /// A name that tells nothing about who sends is refused.
        case telling
        /// Only a sender that stands in this body's registry is delivered.
        case registry(String)
    }

    /// Where the recipient's number belongs, not where the practice is.
    public let country: Country
    /// The recipient's E.164 number begins so. Calling codes that several countries share (1, 7, 44) tell none of them.
    public let prefix: String
    public let kind: SenderID.Kind
    public let demand: Demand
    /// nil: as long as anything is known of it.
    public let from: LocalDate?
    /// Where it was read.
    public let source: String
    /// When it was last looked up.
    public let checked: LocalDate

    private let begins: Date

    /// nil where the country or a date is not written as such.
    init?(
        _ country: String,
        _ prefix: String,
        _ kind: SenderID.Kind,
        _ demand: Demand,
        from: String? = nil,
        source: String,
        checked: String
    ) {
        guard let country = Country(rawValue: country), let checked = LocalDate(iso: checked) else { return nil }
        let day = from.flatMap { LocalDate(iso: $0) }
        guard (from == nil) == (day == nil) else { return nil }
        self.country = country
        self.prefix = prefix
        self.kind = kind
        self.demand = demand
        self.from = day
        self.source = source
        self.checked = checked
        begins = day?.beginning ?? .distantPast
    }

    /// Whether it is in force at the instant.
    public func holds(at now: Date) -> Bool { now >= begins }

    /// The body that keeps the registry; nil where the rule demands none.
    public var registry: String? {
        if case .registry(let name) = demand { name } else { nil }
    }
}

extension LocalDate {
    /// Midnight in UTC. For rules that begin on a day: nothing is sent between the midnights of Europe's zones.
    var beginning: Date { Date(timeIntervalSince1970: Double(daysSince1970) * 86_400) }
}
