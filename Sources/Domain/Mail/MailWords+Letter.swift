/// What stands around the text.
extension MailWords {
    /// Before the day and time of the appointment.
    public static func when(_ language: Language) -> String { language == .german ? "Wann" : "When" }

    /// Before the place of the appointment.
    public static func whereabouts(_ language: Language) -> String { language == .german ? "Wo" : "Where" }

    /// The words of the link to the patient's own page.
    public static func page(_ language: Language) -> String {
        switch language {
        case .german: "Termin best\u{E4}tigen oder um Absage bitten"
        case .english: "Confirm the appointment or ask to cancel it"
        }
    }

    /// The words of the link that ends e-mails, and the subject of the e-mail that asks for the same.
    public static func unsubscribe(_ language: Language) -> String {
        switch language {
        case .german: "Keine E-Mail-Erinnerungen mehr"
        case .english: "No more e-mail reminders"
        }
    }
}
