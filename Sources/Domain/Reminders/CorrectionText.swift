/// The short message after a late change (rule 11). Its words are the product's, like the predefined part's.
public enum CorrectionText {
    /// Says what became of the appointment that the patient was told about. Always spelled in GSM 03.38.
    public static func compose(
        told: WallTime,
        start: WallTime,
        cancelled: Bool,
        place: String,
        language: Language
    ) -> String {
        let before = moment(told)
        let place = String(GSM0338.spelled(place).prefix(40))
        let text =
            switch (language, cancelled) {
            case (.german, false) where told == start: "Termin am \(before) findet statt: \(place)."
            case (.english, false) where told == start: "Your appointment on \(before) takes place: \(place)."
            case (.german, true): "Terminabsage: Der Termin am \(before) entf\u{E4}llt."
            case (.english, true): "Cancelled: your appointment on \(before) will not take place."
            case (.german, false): "Termin\u{E4}nderung: statt \(before) nun \(moment(start)), \(place)."
            case (.english, false): "Changed: instead of \(before) now \(moment(start)), \(place)."
            }
        return GSM0338.spelled(text)
    }

    /// `12.03.2027, 10:30`, the form of the predefined part.
    private static func moment(_ time: WallTime) -> String {
        let digits = { (value: Int, width: Int) in
            String(repeating: "0", count: max(0, width - String(value).count)) + String(value)
        }
        let date = "\(digits(time.date.day, 2)).\(digits(time.date.month, 2)).\(digits(time.date.year, 4))"
        return "\(date), \(digits(time.hour, 2)):\(digits(time.minute, 2))"
    }
}
