/// The text of an SMS reminder (rule 6).
public enum ReminderText {
    /// `Terminerinnerung 12.03.2027, 10:30. ` with the blank at its end: exactly 36 septets for the years 1000…9999.
    public static func predefinedPart(_ start: WallTime) -> String {
        let date = start.date
        let day = Digits.padded(date.day, 2) + "." + Digits.padded(date.month, 2) + "." + Digits.padded(date.year, 4)
        return "Terminerinnerung " + day + ", " + start.clock + ". "
    }

    /// The predefined part and the location's closing text: never more than the 160 septets of one SMS. The link to the
    /// patient's page stands behind them, and is left out where it would cost a second SMS.
    public static func compose(start: WallTime, closingText: ClosingText, link: String? = nil) -> String {
        let text = predefinedPart(start) + closingText.value
        return link.map { withLink($0, behind: text) } ?? text
    }

    /// The text alone where an SMS has no room for both.
    static func withLink(_ link: String, behind text: String) -> String {
        let joint = text.hasSuffix(" ") ? text + link : text + " " + link
        let encoding = SMSEncoding.of(joint)
        return encoding.alphabet == .gsm && encoding.segments == 1 ? joint : text
    }
}
