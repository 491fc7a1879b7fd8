import Domain

/// What a status means, and what to do.
struct HelpMeaning: Sendable {
    /// nil for what is no status.
    let look: String?
    let status: String
    let meaning: String

    /// What an insert of the help's texts stands for.
    static func of(_ insert: String, _ words: Words) -> [HelpMeaning] {
        switch insert {
        case "sms": all(.sms, words)
        case "email": all(.email, words)
        case "bounces": bounces(words)
        case "looks": looks(words)
        default: []
        }
    }

    private static func all(_ channel: Channel, _ words: Words) -> [HelpMeaning] {
        MessageStatus.all(of: channel).map { status in
            let exact = "help.status.\(channel.rawValue)." + status.rawValue
            return HelpMeaning(
                look: Look(Message.State(status: status)).rawValue,
                status: words.catalogue.status(status, channel, words.language),
                meaning: words(words.catalogue.has(exact) ? exact : "help.status." + status.rawValue)
            )
        }
    }

    private static func bounces(_ words: Words) -> [HelpMeaning] {
        BounceReason.allCases.map { reason in
            HelpMeaning(
                look: nil,
                status: words("bounce.\(reason.rawValue).word"),
                meaning: words("bounce.\(reason.rawValue).sentence") + " " + words("bounce.\(reason.rawValue).advice")
            )
        }
    }

    private static func looks(_ words: Words) -> [HelpMeaning] {
        Look.allCases.map { look in
            HelpMeaning(
                look: look.rawValue,
                status: words("help.look.\(look.rawValue).word"),
                meaning: words("help.look." + look.rawValue)
            )
        }
    }
}
