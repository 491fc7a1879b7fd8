import Domain
import Storage

/// The pages of the settings, in the order in which their list shows them. A place is added here in one line, with a path
/// and the texts `settings.place.<word>` and `settings.place.<word>.about`.
enum SettingsPlace: String, CaseIterable, Sendable {
    case overview, practice, reminders, sender, locations, practitioners, providers, mailboxes
    case mailTexts = "mail_texts"
    case patientPage = "patient_page"
    case closingDays = "closing_days"
    case costs
    case morningReport = "morning_report"
    case users, tokens, audit

    var path: String {
        switch self {
        case .overview: "/einstellungen"
        case .practice: "/einstellungen/praxis"
        case .reminders: "/einstellungen/erinnerungen"
        case .sender: "/einstellungen/absender"
        case .locations: "/einstellungen/standorte"
        case .practitioners: "/einstellungen/therapeuten"
        case .providers: "/einstellungen/versand"
        case .mailboxes: "/einstellungen/postfach"
        case .mailTexts: "/einstellungen/e-mail-texte"
        case .patientPage: "/einstellungen/terminseite"
        case .closingDays: "/einstellungen/schliesstage"
        case .costs: "/einstellungen/kosten"
        case .morningReport: "/einstellungen/morgenbericht"
        case .users: "/einstellungen/konten"
        case .tokens: "/einstellungen/schluessel"
        case .audit: "/einstellungen/protokoll"
        }
    }

    /// Who sees it in the list; who may open it is said by its route.
    private var least: User.Role {
        switch self {
        case .users, .tokens, .audit: .admin
        default: .reader
        }
    }

    /// One line of the list.
    struct Entry: Sendable {
        let path: String
        let label: String
        let about: String
        let isCurrent: Bool
    }

    static func entries(_ visit: Visit, current: SettingsPlace?) -> [Entry] {
        allCases.filter { visit.session.user.role.covers($0.least) }.map { place in
            let key = "settings.place." + place.rawValue
            return Entry(
                path: place.path,
                label: visit.words(key),
                about: visit.words(key + ".about"),
                isCurrent: place == current
            )
        }
    }
}
