import Domain

/// What a way that is drawn means: why "handed over" is not "delivered", and who has the message now.
enum WayWords {
    /// nil where the advice beside it tells the same.
    static func sentence(_ message: Message, _ words: Words) -> String? {
        let key = "way.means.\(message.channel.rawValue)." + step(message)
        return words.catalogue.has(key) ? words(key) : nil
    }

    private static func step(_ message: Message) -> String {
        guard let status = message.state.status, !message.state.unclear else {
            return message.state.unclear ? "unclear" : "under_way"
        }
        switch status {
        case .submitted: return "submitted"
        case .delivered: return "delivered"
        case .undeliverable, .expired, .rejectedByRecipient, .bounced: return "not_delivered"
        case .serviceUnreachable, .providerError, .providerRefused:
            return message.submittedAt == nil ? "not_taken" : "not_delivered"
        }
    }
}

/// What to do about a message that failed, and what one that was handed over by e-mail does not tell.
enum MessageAdvice {
    static func sentence(_ message: Message, _ words: Words) -> String? {
        guard let status = message.state.status, !message.state.unclear else { return nil }
        if status == .bounced {
            let reason = (message.bounce ?? .other).rawValue
            return words("bounce.\(reason).sentence") + " " + words("bounce.\(reason).advice")
        }
        if message.channel == .email, status == .submitted { return words("maillog.no_news") }
        guard Look(message.state) == .failed else { return nil }
        let keys = ["help.status.\(message.channel.rawValue)." + status.rawValue, "help.status." + status.rawValue]
        return keys.first(where: words.catalogue.has).map { words($0) }
    }
}
