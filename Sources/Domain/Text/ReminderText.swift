/// The text of an SMS reminder (rule 6).
public enum ReminderText {
    /// `Terminerinnerung 12.03.2027, 10:30. ` with the blank at its end: exactly 36 septets for the years 1000…9999.
    public static func predefinedPart(_ start: WallTime) -> String {
        let date = start.date
        let day = Digits.padded(date.day, 2) + "." + Digits.padded(date.month, 2) + "." + Digits.padded(date.year, 4)
        return "Terminerinnerung " + day + ", " + start.clock + ". "
    }

    /// The predefined part and the location's closing text: never more than the 160 septets of one SMS.
    public static func compose(start: WallTime, closingText: ClosingText) -> String {
        predefinedPart(start) + closingText.value
    }
}
