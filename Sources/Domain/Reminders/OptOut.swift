import Foundation

/// The wish to get no more messages, as people write it.
public enum OptOut {
    /// Words that are the wish where they stand alone: the English ones that gateways and carriers know, and German ones.
    static let words: Set<String> = [
        "STOP", "STOPP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL SMS", "OPTOUT", "OPT OUT",
        "ABMELDEN", "ABMELDUNG", "ABBESTELLEN", "AUSTRAGEN", "NEIN DANKE", "KEINE SMS", "KEINE SMS MEHR",
        "BITTE KEINE SMS", "BITTE KEINE SMS MEHR", "BITTE ABMELDEN", "SMS STOP", "SMS STOPP", "STOP SMS", "STOPP SMS",
    ]

    /// Whether a text says nothing else than that no more SMS are wanted. Case, punctuation, accents and spaces do not
    /// matter; with other words beside it a text is an answer that a person has to read.
    public static func isMeant(by text: String) -> Bool {
        let folded = text.folding(options: [.diacriticInsensitive, .widthInsensitive], locale: nil).uppercased()
        let words = folded.split { !($0.isLetter || $0.isNumber) }
        return Self.words.contains(words.joined(separator: " "))
    }

    /// What is answered, once. The words are the product's.
    public static func confirmation(practice: String, language: Language) -> String {
        let name = String(GSM0338.spelled(practice).prefix(60))
        let text =
            switch language {
            case .german: "Abmeldung best\u{E4}tigt: Es kommen keine SMS mehr von \(name)."
            case .english: "Confirmed: you will get no more SMS from \(name)."
            }
        return GSM0338.spelled(text)
    }
}
