/// The short message after a late change (rule 11). Its words are the product's, like the predefined part's.
public enum CorrectionText {
    /// As many septets of a place's name, so that two of them fit into one SMS.
    private static let placeSeptets = 40

    /// Says what became of the appointment that the patient was told about. Always spelled in GSM 03.38.
    ///
    /// - Parameter toldPlace: the place that the patient was told; nil where nobody knows.
    public static func compose(
        told: WallTime,
        start: WallTime,
        cancelled: Bool,
        place: String,
        toldPlace: String? = nil,
        language: Language
    ) -> String {
        let before = moment(told)
        if cancelled {
            return GSM0338.spelled(
                language == .german
                    ? "Terminabsage: Der Termin am \(before) entf\u{E4}llt."
                    : "Cancelled: your appointment on \(before) will not take place."
            )
        }
        let here = shortened(place)
        let there = toldPlace.flatMap { $0 == place ? nil : shortened($0) }
        let text =
            switch (language, told == start, there) {
            case (.german, true, nil): "Termin am \(before) findet statt: \(here)."
            case (.english, true, nil): "Your appointment on \(before) takes place: \(here)."
            case (.german, true, let there?): "Termin\u{E4}nderung: am \(before) nun \(here) statt \(there)."
            case (.english, true, let there?): "Changed: on \(before) now \(here) instead of \(there)."
            case (.german, false, nil): "Termin\u{E4}nderung: statt \(before) nun \(moment(start)), \(here)."
            case (.english, false, nil): "Changed: instead of \(before) now \(moment(start)), \(here)."
            case (.german, false, let there?):
                "Termin\u{E4}nderung: statt \(before), \(there) nun \(moment(start)), \(here)."
            case (.english, false, let there?):
                "Changed: instead of \(before), \(there) now \(moment(start)), \(here)."
            }
        return GSM0338.spelled(text)
    }

    private static func shortened(_ place: String) -> String {
        var short = ""
        for character in GSM0338.spelled(place) {
            let longer = short + String(character)
            if GSM0338.septets(of: longer) ?? longer.count > placeSeptets { break }
            short = longer
        }
        return short
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
