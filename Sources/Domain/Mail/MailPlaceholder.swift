/// What a practice may leave open in its e-mail texts; filled at send time.
public enum MailPlaceholder: String, CaseIterable, Sendable {
    case firstName = "vorname"
    case lastName = "nachname"
    case weekday = "wochentag"
    /// `12.03.2027`
    case date = "datum"
    /// `10:30`
    case time = "uhrzeit"
    /// The location's name, and its address where it has one.
    case place = "ort"
    case location = "standort"
    /// The location's address; its name where it has none.
    case address = "adresse"
    /// The practitioner; the practice's name where the appointment has none.
    case practitioner = "therapeut"
    case practice = "praxis"
}
