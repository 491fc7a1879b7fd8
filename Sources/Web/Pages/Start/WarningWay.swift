import Domain
import Storage

/// Where a warning's cause can be mended, and what the link there is called.
struct WarningWay: Sendable {
    let path: String
    let label: String

    /// nil where this person can mend nothing.
    init?(_ warning: ForecastWarning, _ visit: Visit) {
        switch warning.code {
        case .smsWithoutProvider where visit.mayConfigure: self.init("/einstellungen/versand", "provider", visit.words)
        case .emailWithoutMailbox where visit.mayConfigure, .mailboxForSome where visit.mayConfigure:
            self.init(MailboxPath.list, "mailbox", visit.words)
        case .mailboxInTrouble:
            let one = warning.mailboxes.count == 1 && visit.mayConfigure ? warning.mailboxes.first : nil
            self.init(one.map { MailboxPath.of($0.id) } ?? MailboxPath.list, "mailboxes", visit.words)
        case .providerInTrouble where visit.mayConfigure:
            self.init(SettingsPlace.providers.path, "providers", visit.words)
        case .providerInTrouble, .smsWithoutProvider, .emailWithoutMailbox, .mailboxForSome:
            self.init(HelpTopic.providers.path, "help", visit.words)
        case .linksUnavailable: self.init(SettingsPlace.patientPage.path, "links", visit.words)
        case .limitNear, .limitReached: self.init("/einstellungen/kosten", "costs", visit.words)
        default:
            guard visit.mayConfigure else { return nil }
            let places = SettingsPlace.locations.path
            let one = warning.locations.count == 1 ? warning.locations.first.map { places + "/\($0.id)" } : nil
            let list = warning.locations.isEmpty ? SettingsPlace.overview.path : SettingsPlace.sender.path
            self.init(one ?? list, "settings", visit.words)
        }
    }

    private init(_ path: String, _ key: String, _ words: Words) {
        self.path = path
        label = words("warning." + key)
    }
}
