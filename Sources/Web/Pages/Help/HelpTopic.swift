import Domain

/// The topics of the help centre, in their order. Each is a file `help/<language>/<path>.md` of the resources.
enum HelpTopic: String, CaseIterable, Sendable {
    case firstSteps = "erste-schritte"
    case kinds = "erinnerungsart-waehlen"
    case hours = "warum-48-stunden"
    case messages = "die-acht-meldungen"
    case twoSteps = "zwei-schritte"
    case callList = "anrufliste"
    case morningReport = "morgenbericht"
    case late = "absagen-und-aendern"
    case answers = "antworten"
    case calendar = "kalender"
    case sms = "sms-einstellungen"
    case registration = "absender-registrieren"
    case providers = "versanddienstleister"
    case email = "e-mail-einstellungen"
    case patientPage = "terminseite"
    case costs = "sms-kosten"
    case privacy = "datenschutz-kurz"

    var path: String { "/hilfe/" + rawValue }

    /// The anchor that older addresses of the help name on its first page.
    var anchor: String? {
        switch self {
        case .email: "e-mail"
        case .late: "ausweichen"
        case .providers: "versand"
        case .answers: "antworten"
        case .costs: "kosten"
        default: nil
        }
    }
}

/// A link into the help from where a question arises.
struct HelpLink: Sendable {
    let path: String
    let label: String

    /// - Parameter key: of the link's words, `help.link.<key>`.
    init(_ topic: HelpTopic, _ anchor: String? = nil, key: String, _ words: Words) {
        path = topic.path + (anchor.map { "#" + $0 } ?? "")
        label = words("help.link." + key)
    }

    /// nil for a field that explains itself.
    init?(field: String, _ words: Words) {
        switch field {
        case "senderId": self.init(.sms, "absender", key: "sender", words)
        case "senderRegistered": self.init(.registration, key: "registration", words)
        case "smsSendTime": self.init(.hours, key: "send_time", words)
        case "resendUnknown": self.init(.twoSteps, "unklar", key: "unclear", words)
        case "fallsBack": self.init(.late, "ausweichen", key: "fallback", words)
        case "smsMonthlyLimit": self.init(.costs, "grenze", key: "limit", words)
        default: return nil
        }
    }

    /// What a status means and what to do.
    init(_ status: MessageStatus, _ channel: Channel, _ words: Words) {
        self.init(.messages, channel == .sms ? "sms" : "e-mail", key: "status", words)
    }
}
