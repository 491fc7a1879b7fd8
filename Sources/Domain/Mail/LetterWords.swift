/// The words of letters: e-mails to someone of the practice, not to patients.
public enum LetterWords {
    public static func resetSubject(_ language: Language) -> String {
        language == .german ? "Vortag: neues Passwort" : "Vortag: new password"
    }

    /// - Parameters:
    ///   - link: leads to the page where the new password is typed, once.
    ///   - minutes: for how long.
    public static func resetBody(link: String, minutes: Int, _ language: Language) -> String {
        switch language {
        case .german:
            """
            Hallo,

            f\u{FC}r dein Konto bei Vortag wurde ein neues Passwort verlangt. Hier legst du es fest, innerhalb von \
            \(minutes) Minuten und nur einmal:

            \(link)

            Warst du das nicht, brauchst du nichts zu tun: Dein Passwort bleibt, wie es ist.
            """
        case .english:
            """
            Hello,

            a new password was asked for your account at Vortag. Set it here, within \(minutes) minutes and only once:

            \(link)

            If that was not you, there is nothing to do: your password stays as it is.
            """
        }
    }

    /// Names nobody and no number but counts: others may read a subject.
    public static func reportSubject(_ facts: MorningFacts, _ language: Language) -> String {
        let isGerman = language == .german
        if facts.isTrial {
            return isGerman ? "Vortag: Probe des Morgenberichts" : "Vortag: trial of the morning report"
        }
        if facts.calls.count == 1 {
            return isGerman ? "Vortag: bitte eine Person anrufen" : "Vortag: please call one person"
        }
        if !facts.calls.isEmpty {
            return isGerman
                ? "Vortag: bitte \(facts.calls.count) Personen anrufen"
                : "Vortag: please call \(facts.calls.count) people"
        }
        return isGerman
            ? "Vortag: Erinnerungen sind noch nicht verschickt" : "Vortag: reminders have not been sent yet"
    }

    public static func reportBody(_ facts: MorningFacts, _ language: Language) -> String {
        let parts =
            [greeting(facts, language), numbers(facts, language)]
            + [
                calls(facts, language), troubles(facts, language), link(facts, language), farewell(language),
            ].compactMap(\.self)
        return parts.joined(separator: "\n\n")
    }

    private static func greeting(_ facts: MorningFacts, _ language: Language) -> String {
        switch (language, facts.isTrial) {
        case (.german, false): "Guten Morgen,"
        case (.english, false): "Good morning,"
        case (.german, true):
            "Guten Tag,\n\nso sieht der Morgenbericht aus. Er kommt nur, wenn etwas nicht geklappt hat."
        case (.english, true):
            "Hello,\n\nthis is what the morning report looks like. It only comes when something went wrong."
        }
    }

    private static func numbers(_ facts: MorningFacts, _ language: Language) -> String {
        switch language {
        case .german:
            if facts.all == 0 { return "heute war in der Praxis \(facts.practice) nichts zu verschicken." }
            let sent =
                "von \(facts.all) Erinnerungen der Praxis \(facts.practice) sind heute \(facts.arrived) angekommen oder "
                + "\u{FC}bergeben."
            return facts.waiting == 0 ? sent : sent + " Noch nicht hinaus sind \(facts.waiting)."
        case .english:
            if facts.all == 0 { return "there was nothing to send today at \(facts.practice)." }
            let sent =
                "of \(facts.all) reminders of \(facts.practice), \(facts.arrived) arrived today or were handed "
                + "over."
            return facts.waiting == 0 ? sent : sent + " Not sent yet: \(facts.waiting)."
        }
    }

    private static func calls(_ facts: MorningFacts, _ language: Language) -> String? {
        guard !facts.calls.isEmpty else { return nil }
        let lines = facts.calls.map { call in
            "- \(MailWords.moment(call.start, language)): \(call.initials), \(cause(call.cause, call.channel, language))"
        }
        let heading = language == .german ? "Bitte anrufen:" : "Please call:"
        return heading + "\n" + lines.joined(separator: "\n")
    }

    static func cause(_ cause: MorningFacts.Cause, _ channel: Channel, _ language: Language) -> String {
        let name = channel == .sms ? "SMS" : language == .german ? "E-Mail" : "e-mail"
        switch (language, cause) {
        case (.german, .failed): return "\(name) nicht angekommen"
        case (.german, .unclear): return "unklar, ob die \(name) ankam"
        case (.german, .notSent): return "\(name) nicht verschickt"
        case (.english, .failed): return "\(name) did not arrive"
        case (.english, .unclear): return "unclear whether the \(name) arrived"
        case (.english, .notSent): return "\(name) not sent"
        }
    }

    private static func troubles(_ facts: MorningFacts, _ language: Language) -> String? {
        guard !facts.troubles.isEmpty else { return nil }
        let heading = language == .german ? "Was dahintersteckt:" : "What is behind it:"
        return heading + "\n" + facts.troubles.map { "- " + trouble($0, language) }.joined(separator: "\n")
    }

    static func trouble(_ trouble: MorningFacts.Trouble, _ language: Language) -> String {
        switch (language, trouble) {
        case (.german, .held): "Der Versand ist angehalten und wartet auf eine Antwort."
        case (.german, .noProvider): "F\u{FC}r SMS ist kein Versanddienstleister eingerichtet."
        case (.german, .providerDown): "Der Versanddienstleister f\u{FC}r SMS ist nicht erreichbar oder meldet nichts."
        case (.german, .noMailbox): "F\u{FC}r E-Mails fehlt ein Postfach."
        case (.german, .mailboxDown): "Ein Postfach kann nicht senden oder nicht gelesen werden."
        case (.german, .limitReached): "Die Monatsgrenze f\u{FC}r SMS ist erreicht."
        case (.german, .senderUnregistered): "Die Absenderkennung ist nicht als registriert best\u{E4}tigt."
        case (.english, .held): "Sending is held and waits for an answer."
        case (.english, .noProvider): "No provider is set up for SMS."
        case (.english, .providerDown): "The provider for SMS cannot be reached, or reports nothing."
        case (.english, .noMailbox): "A mailbox for e-mails is missing."
        case (.english, .mailboxDown): "A mailbox cannot send, or cannot be read."
        case (.english, .limitReached): "The monthly limit of SMS is reached."
        case (.english, .senderUnregistered): "Nobody has confirmed that the sender is registered."
        }
    }

    private static func link(_ facts: MorningFacts, _ language: Language) -> String? {
        switch (language, facts.link) {
        case (.german, let link?): "Namen und Nummern stehen in der Anrufliste:\n\(link)"
        case (.german, nil): "Namen und Nummern stehen in Vortag unter \u{201E}Heute\u{201C}."
        case (.english, let link?): "Names and numbers stand in the call list:\n\(link)"
        case (.english, nil): "Names and numbers stand in Vortag under \u{201C}Today\u{201D}."
        }
    }

    private static func farewell(_ language: Language) -> String {
        language == .german
            ? "Vortag schickt diesen Bericht nur, wenn etwas nicht geklappt hat, und einmal am Tag."
            : "Vortag sends this report only when something went wrong, and once a day."
    }
}
