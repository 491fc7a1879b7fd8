import Domain
import Foundation
import Storage

/// The patient's own page, behind the link of a message. Patients are addressed formally.
struct PatientLinkPage: Sendable {
    struct Facts: Sendable {
        let practice: String
        let day: String
        let time: String
        let place: String
        let address: String?
        /// The first name at most.
        let whom: String?
        let isOver: Bool
    }

    /// What the person said already.
    struct Told: Sendable {
        let sentence: String
        let detail: String?
        let isGood: Bool
    }

    struct Action: Sendable {
        let path: String
        let label: String
        /// Such as `main`.
        let look: String
    }

    let title: String
    let heading: String
    /// What the forms bring back of what is shown.
    var state = ""
    var sentences: [String] = []
    /// Whom to ask, line by line.
    var asked: [String] = []
    var facts: Facts?
    var told: Told?
    /// Only these do something, and only when a person presses them.
    var deeds: [Action] = []
    /// These show something.
    var ways: [Action] = []
    var quietWay: Action?
    var asksForCode = false
    var codeProblem: String?

    /// With the whole code.
    ///
    /// - Parameter isChanged: whether something was said just now about what it was before.
    static func of(
        _ found: LinkedAppointment,
        _ code: String,
        now: Date,
        _ words: Words,
        isChanged: Bool = false
    ) -> PatientLinkPage {
        if found.isStrange {
            return PatientLinkPage(
                title: words("link.title"),
                heading: words("link.strange.done"),
                sentences: [words("link.strange.thanks")]
            )
        }
        var page = PatientLinkPage(
            title: words("link.title"),
            heading: words(found.isCancelled ? "link.cancelled" : "link.heading"),
            state: found.state,
            sentences: found.isCancelled ? [words("link.cancelled.sentence")] : [],
            facts: facts(found, words),
            told: isChanged
                ? Told(sentence: words("link.changed"), detail: words("link.changed.detail"), isGood: false)
                : told(found, words)
        )
        if !found.isCancelled {
            page.ways.append(Action(path: "/t/\(code)/termin.ics", label: words("link.calendar"), look: ""))
        }
        guard found.isOpen(at: now) else { return page }
        if found.answers.isEmpty {
            page.deeds.append(Action(path: LinkDeed.confirm.path(code), label: words("link.confirm"), look: "main"))
        }
        if !found.answers.contains(.cancelAsked) {
            page.ways.insert(Action(path: LinkDeed.cancel.path(code), label: words("link.cancel"), look: ""), at: 0)
        }
        page.quietWay = Action(path: LinkDeed.stranger.path(code), label: words("link.stranger"), look: "quiet")
        return page
    }

    /// Asks once more before anything is said to the practice.
    static func asking(_ deed: LinkDeed, _ found: LinkedAppointment, _ code: String, _ words: Words) -> PatientLinkPage
    {
        let isStranger = deed == .stranger
        return PatientLinkPage(
            title: words("link.title"),
            heading: words("link.ask.\(deed.word)"),
            state: found.state,
            sentences: [words("link.ask.\(deed.word).consequence")],
            facts: isStranger ? nil : facts(found, words),
            deeds: [Action(path: deed.path(code), label: words("link.ask.\(deed.word).button"), look: "main")],
            ways: [Action(path: "/t/\(code)", label: words("link.ask.\(deed.word).back"), look: "")]
        )
    }

    /// For half a code, a wrong one, and one that names nothing: they cannot be told apart.
    static func unknown(_ words: Words, problem: String? = nil) -> PatientLinkPage {
        PatientLinkPage(
            title: words("link.unknown.title"),
            heading: words("link.unknown"),
            sentences: [words("link.unknown.sentence")],
            asksForCode: true,
            codeProblem: problem
        )
    }

    /// The appointment is over or gone; shows nothing of anybody but whom to ask.
    static func ended(_ place: LinkedPlace?, _ words: Words) -> PatientLinkPage {
        var page = plain("ended", words)
        page.asked =
            place.map { place in
                [place.practiceName, place.locationName, place.address].reduce(into: []) { lines, line in
                    if !line.isEmpty, !lines.contains(line) { lines.append(line) }
                }
            } ?? []
        return page
    }

    /// `ended`, `wait` or `elsewhere`: shows nothing of anybody.
    static func plain(_ key: String, _ words: Words) -> PatientLinkPage {
        PatientLinkPage(
            title: words("link.unknown.title"),
            heading: words("link." + key),
            sentences: [words("link.\(key).sentence")]
        )
    }

    private static func facts(_ found: LinkedAppointment, _ words: Words) -> Facts {
        Facts(
            practice: found.practiceName,
            day: words.longDay(found.start.date),
            time: words("link.clock", ["clock": found.start.clock]),
            place: found.locationName,
            address: found.address.isEmpty ? nil : found.address,
            whom: found.firstName.isEmpty ? nil : found.firstName,
            isOver: found.isCancelled
        )
    }

    private static func told(_ found: LinkedAppointment, _ words: Words) -> Told? {
        if found.isCancelled { return nil }
        if found.answers.contains(.cancelAsked) {
            return Told(sentence: words("link.told.cancel"), detail: words("link.told.cancel.detail"), isGood: false)
        }
        if found.isWishSeenTo {
            return Told(sentence: words("link.told.seen"), detail: words("link.told.seen.detail"), isGood: false)
        }
        guard found.answers.contains(.confirmed) else { return nil }
        return Told(sentence: words("link.told.confirmed"), detail: nil, isGood: true)
    }
}

/// What a person can say on their page, as the addresses name it.
enum LinkDeed: String, CaseIterable, Sendable {
    case confirm = "kommen"
    case cancel = "absagen"
    case stranger = "nicht-ich"

    var kind: LinkAnswer.Kind {
        switch self {
        case .confirm: .confirmed
        case .cancel: .cancelAsked
        case .stranger: .wrongNumber
        }
    }

    /// In the catalogue's keys.
    var word: String {
        switch self {
        case .confirm: "confirm"
        case .cancel: "cancel"
        case .stranger: "stranger"
        }
    }

    func path(_ code: String) -> String { "/t/\(code)/\(rawValue)" }
}
