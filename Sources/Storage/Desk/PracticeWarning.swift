import Database
import Domain
import Foundation

/// A state of the settings in which reminders do not leave, or may not arrive.
public enum PracticeWarning: String, CaseIterable, Hashable, Sendable {
    case smsWithoutProvider = "sms_without_provider"
    /// None of the providers that could carry the practice's SMS can be reached, or reports anything.
    case providerInTrouble = "provider_in_trouble"
    case emailWithoutMailbox = "email_without_mailbox"
    /// Reminders by e-mail are planned that no mailbox carries: only practitioners have some, and not all of them.
    case mailboxForSome = "mailbox_for_some"
    /// Mailboxes that cannot send, or cannot be read.
    case mailboxInTrouble = "mailbox_in_trouble"
    /// A name that recipients' networks block, because nobody has said that it stands in their registry (rule 7).
    case senderUnregistered = "sender_unregistered"
    /// A name that tells nothing about who sends, which recipients' networks refuse.
    case senderGeneric = "sender_generic"
    case paused = "practice_paused"
    case smsOff = "sms_off"
    /// Four fifths of the practice's own limit of SMS a month are used.
    case limitNear = "limit_near"
    /// The limit is used up: SMS wait, and are not sent any more after the latest send time.
    case limitReached = "limit_reached"
    /// Links to patients' pages are switched on, and the installation has no address for them or no key.
    case linksUnavailable = "links_unavailable"
    /// Locations whose closing text leaves no room for a link: their SMS go without.
    case linksLeftOut = "links_left_out"
}

/// A warning with what it is about.
public struct ForecastWarning: Hashable, Sendable {
    public let code: PracticeWarning
    /// The locations that it concerns, by name; empty: the whole practice.
    public let locations: [Location]
    /// A number stands in for the sender, so that the SMS arrive all the same.
    public let isReplaced: Bool
    /// The rule about senders that is behind it.
    public let rule: SenderRule?
    /// The mailboxes that it concerns.
    public let mailboxes: [Mailbox]

    public init(
        _ code: PracticeWarning,
        locations: [Location] = [],
        isReplaced: Bool = false,
        rule: SenderRule? = nil,
        mailboxes: [Mailbox] = []
    ) {
        self.code = code
        self.locations = locations
        self.isReplaced = isReplaced
        self.rule = rule
        self.mailboxes = mailboxes
    }
}

extension ForecastWarning {
    /// The same, place by place: for a list that has a line each.
    public var apart: [ForecastWarning] {
        guard locations.count > 1 else { return [self] }
        return locations.map { ForecastWarning(code, locations: [$0], isReplaced: isReplaced, rule: rule) }
    }
}

/// What is to be said about the senders of a practice's locations.
enum SenderWarnings {
    static func of(_ practice: Practice, now: Date, in transaction: Transaction) throws -> [ForecastWarning] {
        let rows = try transaction.query(
            "SELECT \(Columns.list(Columns.location)) FROM locations WHERE practice_id = $1 ORDER BY name, id",
            practice.id.rawValue
        )
        let places = try rows.entities(Location.init).map { (location: $0, sender: LocationSender($0, practice)) }
        // Whom the SMS go to is only asked where it matters: a registered name or a number is nothing to warn of.
        let everywhere = Set(SenderRules.all.map(\.country))
        let isAsked = places.contains { _, sender in
            sender.registration(for: everywhere, at: now) == .required || sender.isGeneric
        }
        guard isAsked else { return [] }
        let recipients = try Recipients.countries(practice, in: transaction)
        let open = places.filter { $0.sender.registration(for: recipients, at: now) == .required }
        let rule = SenderRules.registry(for: .alphanumeric, in: recipients)
        var warnings: [ForecastWarning] = []
        for isReplaced in [false, true] {
            let concerned = open.filter { ($0.sender.fallback != nil) == isReplaced }.map(\.location)
            if concerned.isEmpty { continue }
            warnings.append(
                ForecastWarning(.senderUnregistered, locations: concerned, isReplaced: isReplaced, rule: rule)
            )
        }
        if recipients.contains(where: SenderRules.refuseGenericNames) {
            let generic = places.filter(\.sender.isGeneric).map(\.location)
            if !generic.isEmpty { warnings.append(ForecastWarning(.senderGeneric, locations: generic)) }
        }
        return warnings
    }
}

/// What keeps links to patients' pages out of messages.
enum LinkWarnings {
    static func of(
        _ practice: Practice,
        _ links: PatientLinks?,
        in transaction: Transaction
    ) throws -> [ForecastWarning] {
        guard let links else { return [ForecastWarning(.linksUnavailable)] }
        guard practice.smsEnabled else { return [] }
        let rows = try transaction.query(
            "SELECT \(Columns.list(Columns.location)) FROM locations WHERE practice_id = $1 ORDER BY name, id",
            practice.id.rawValue
        )
        let tooLong = try rows.entities(Location.init).filter {
            $0.closingText.septets > links.address.closingTextMaximum
        }
        return tooLong.isEmpty ? [] : [ForecastWarning(.linksLeftOut, locations: tooLong)]
    }
}

/// Which countries' networks a practice's SMS go to, as far as our rules about senders tell them apart.
enum Recipients {
    /// The practice's own country, and each other one with a rule that a planned SMS goes to.
    static func countries(_ practice: Practice, in transaction: Transaction) throws -> Set<Country> {
        var countries: Set<Country> = [practice.country]
        for rule in SenderRules.all where rule.demand != .nothing && !countries.contains(rule.country) {
            let planned = try transaction.first(
                """
                SELECT r.id FROM reminders r JOIN patients p ON p.id = r.patient_id
                WHERE r.practice_id = $1 AND r.channel = 'sms' AND r.state = 'planned' AND \(ReachedColumns.mobile(of: "p")) LIKE $2
                LIMIT 1
                """,
                practice.id.rawValue,
                rule.prefix + "%"
            )
            if planned != nil { countries.insert(rule.country) }
        }
        return countries
    }
}
