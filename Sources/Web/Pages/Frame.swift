import Domain
import Storage

/// What stands around a page: its title, the main menu, who is signed in, the banner of a clock that was set.
struct Frame: Sendable {
    /// The entries of the main menu.
    enum Place: String, CaseIterable, Sendable {
        case start, calendar, patients, messages, answers, settings, help
        case none

        var path: String {
            switch self {
            case .start: "/"
            case .calendar: "/kalender"
            case .patients: "/patienten"
            case .messages: "/nachrichten"
            case .answers: "/antworten"
            case .settings: "/einstellungen"
            case .help: "/hilfe"
            case .none: ""
            }
        }
    }

    struct Entry: Sendable {
        let path: String
        let label: String
        let icon: String
        let isCurrent: Bool
        /// How much waits there; nil where nothing does.
        let count: String?
    }

    let words: Words
    let language: String
    let title: String
    let entries: [Entry]
    var csrf: String
    /// The list of the settings' pages beside each of them; empty elsewhere.
    let places: [SettingsPlace.Entry]
    let hasPlaces: Bool
    let isOverview: Bool
    let who: String?
    let practiceName: String?
    let mayWrite: Bool
    let clockIsSet: String?
    let hold: HoldView?
    let version: String
    /// For scripts that add style elements of their own; nil where no page has one.
    let nonce: String?

    /// - Parameter place: which page of the settings it is, where it is one.
    init(_ visit: Visit, title: String, current: Place, place: SettingsPlace? = nil) {
        words = visit.words
        language = visit.words.language.rawValue
        self.title = title
        entries = Place.allCases.filter { $0 != .none }.map { place in
            Entry(
                path: place.path,
                label: visit.words("nav." + place.rawValue),
                icon: place.rawValue,
                isCurrent: place == current,
                count: Self.waiting(at: place, visit)
            )
        }
        places = current == .settings ? SettingsPlace.entries(visit, current: place) : []
        hasPlaces = !places.isEmpty
        isOverview = place == .overview
        csrf = visit.session.csrf
        who = visit.session.user.email.value
        practiceName = visit.practice.name
        mayWrite = visit.mayWrite
        let wall = WallTime.of(visit.now, in: visit.practice.timeZone)
        clockIsSet = visit.pages.clockIsSet ? visit.words("banner.clock", ["moment": visit.words.moment(wall)]) : nil
        hold = HoldView(visit)
        version = visit.pages.assetVersion
        nonce = visit.styleNonce.isEmpty ? nil : visit.styleNonce
    }

    private static func waiting(at place: Place, _ visit: Visit) -> String? {
        let count =
            switch place {
            case .start: visit.openCalls
            case .answers: visit.openAnswers
            default: 0
            }
        return count > 0 ? visit.words.number(count) : nil
    }

    /// For pages that nobody is signed in for.
    init(_ pages: PageServices, _ words: Words, title: String) {
        self.words = words
        language = words.language.rawValue
        self.title = title
        entries = []
        places = []
        hasPlaces = false
        isOverview = false
        csrf = ""
        who = nil
        practiceName = nil
        mayWrite = false
        clockIsSet = nil
        hold = nil
        version = pages.assetVersion
        nonce = nil
    }
}
