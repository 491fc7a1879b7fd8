/// The product's own words in e-mails, in the practice's language. Patients are addressed formally; they name no
/// specialty, since others may read a subject.
public enum MailWords {
    /// What leaves where a practice has written nothing of its own.
    public static func subject(_ language: Language) -> MailTemplate { standard(subjectSource(language)) }

    public static func body(_ language: Language) -> MailTemplate { standard(bodySource(language)) }

    private static func subjectSource(_ language: Language) -> String {
        switch language {
        case .german: "Terminerinnerung: {wochentag}, {datum}, {uhrzeit} Uhr"
        case .english: "Appointment reminder: {wochentag}, {datum}, {uhrzeit}"
        }
    }

    private static func bodySource(_ language: Language) -> String {
        switch language {
        case .german:
            """
            Guten Tag {vorname} {nachname},

            wir erinnern Sie an Ihren Termin am {wochentag}, {datum} um {uhrzeit} Uhr.

            Ort: {ort}

            Falls Sie den Termin nicht wahrnehmen k\u{F6}nnen, geben Sie uns bitte Bescheid.

            Freundliche Gr\u{FC}\u{DF}e
            {praxis}
            """
        case .english:
            """
            Dear {vorname} {nachname},

            this is a reminder of your appointment on {wochentag}, {datum} at {uhrzeit}.

            Place: {ort}

            If you cannot come, please let us know.

            Kind regards
            {praxis}
            """
        }
    }

    /// The texts above are checked by a test; an empty one stands for one that would not pass.
    private static func standard(_ source: String) -> MailTemplate {
        MailTemplate(stored: source) ?? .empty
    }

    /// What stands in the patient's calendar.
    static func summary(practice: String, _ language: Language) -> String {
        switch language {
        case .german: "Termin: \(practice)"
        case .english: "Appointment: \(practice)"
        }
    }

    public static func correctionSubject(
        told: WallTime,
        start: WallTime,
        cancelled: Bool,
        hasMoved: Bool,
        _ language: Language
    ) -> String {
        switch (language, cancelled) {
        case (.german, true): "Terminabsage: \(moment(told, language))"
        case (.english, true): "Cancelled: appointment on \(moment(told, language))"
        case (.german, false) where told == start && !hasMoved: "Der Termin findet statt: \(moment(start, language))"
        case (.english, false) where told == start && !hasMoved:
            "Your appointment takes place: \(moment(start, language))"
        case (.german, false) where told == start:
            "Termin\u{E4}nderung: anderer Ort am \(moment(start, language))"
        case (.english, false) where told == start:
            "Changed appointment: another place on \(moment(start, language))"
        case (.german, false): "Termin\u{E4}nderung: neu am \(moment(start, language))"
        case (.english, false): "Changed appointment: now on \(moment(start, language))"
        }
    }

    static func correctionBody(
        told: WallTime,
        start: WallTime,
        cancelled: Bool,
        place: String,
        toldPlace: String?,
        practice: String,
        _ language: Language
    ) -> String {
        let news = news(told, start, cancelled: cancelled, place, toldPlace, language)
        switch language {
        case .german: return "Guten Tag,\n\n\(news)\n\nFreundliche Gr\u{FC}\u{DF}e\n\(practice)"
        case .english: return "Hello,\n\n\(news)\n\nKind regards\n\(practice)"
        }
    }

    private static func news(
        _ told: WallTime,
        _ start: WallTime,
        cancelled: Bool,
        _ place: String,
        _ toldPlace: String?,
        _ language: Language
    ) -> String {
        let before = moment(told, language)
        if cancelled {
            return language == .german
                ? "Ihr Termin am \(before) entf\u{E4}llt." : "your appointment on \(before) will not take place."
        }
        let now = moment(start, language)
        let news =
            switch (language, told == start, toldPlace == nil) {
            case (.german, true, true): "Ihr Termin am \(before) findet statt."
            case (.english, true, true): "your appointment on \(before) takes place."
            case (.german, true, false): "Ihr Termin am \(before) findet an einem anderen Ort statt."
            case (.english, true, false): "your appointment on \(before) takes place elsewhere."
            case (.german, false, _): "Ihr Termin am \(before) wurde verlegt. Er ist nun am \(now)."
            case (.english, false, _): "your appointment on \(before) was moved. It is now on \(now)."
            }
        let instead = toldPlace.map { language == .german ? " (statt \($0))" : " (instead of \($0))" } ?? ""
        return news + (language == .german ? "\n\nOrt: " : "\n\nPlace: ") + place + instead
    }

    /// `Freitag, 12.03.2027, 10:30 Uhr`
    static func moment(_ time: WallTime, _ language: Language) -> String {
        "\(day(time, language)), \(hour(time, language))"
    }

    /// `Freitag, 12.03.2027`
    public static func day(_ time: WallTime, _ language: Language) -> String {
        "\(weekday(time.date, language)), \(date(time.date))"
    }

    /// `10:30 Uhr`
    public static func hour(_ time: WallTime, _ language: Language) -> String {
        language == .german ? clock(time) + " Uhr" : clock(time)
    }

    /// `12.03.2027`
    static func date(_ date: LocalDate) -> String {
        "\(Digits.padded(date.day, 2)).\(Digits.padded(date.month, 2)).\(Digits.padded(date.year, 4))"
    }

    /// `10:30`
    static func clock(_ time: WallTime) -> String { "\(Digits.padded(time.hour, 2)):\(Digits.padded(time.minute, 2))" }

    static func weekday(_ date: LocalDate, _ language: Language) -> String {
        let names =
            switch language {
            case .german: ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
            case .english: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
            }
        return names[date.weekday - 1]
    }
}
