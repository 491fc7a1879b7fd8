import Storage

/// Where a warning's cause can be mended, and what the link there is called.
struct WarningWay: Sendable {
    let path: String
    let label: String

    /// nil where this person can mend nothing.
    init?(_ warning: PracticeWarning, _ visit: Visit) {
        switch warning {
        case .smsWithoutProvider where visit.mayConfigure: self.init("/einstellungen/versand", "provider", visit.words)
        case .smsWithoutProvider, .emailWithoutMailbox: self.init("/hilfe#versand", "help", visit.words)
        case .limitNear, .limitReached: self.init("/einstellungen/kosten", "costs", visit.words)
        default:
            guard visit.mayConfigure else { return nil }
            self.init("/einstellungen", "settings", visit.words)
        }
    }

    private init(_ path: String, _ key: String, _ words: Words) {
        self.path = path
        label = words("warning." + key)
    }
}
