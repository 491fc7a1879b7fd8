import Foundation

/// What the placeholders of one e-mail become.
public struct MailFacts: Hashable, Sendable {
    public var firstName: String
    public var lastName: String
    /// By the clock on the location's wall.
    public var start: WallTime
    public var location: String
    /// Empty where the location has none.
    public var address: String
    /// Empty where the appointment has none.
    public var practitioner: String
    public var practice: String
    public var language: Language

    public init(
        firstName: String,
        lastName: String,
        start: WallTime,
        location: String,
        address: String = "",
        practitioner: String = "",
        practice: String,
        language: Language
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.start = start
        self.location = location
        self.address = address
        self.practitioner = practitioner
        self.practice = practice
        self.language = language
    }

    /// The subject of a reminder: the product's own where the practice has none, or where nothing of it is left.
    public func subject(_ own: MailTemplate?) -> String {
        let line = own?.render(lineValue) ?? ""
        return line.trimmingWhitespace().isEmpty ? MailWords.subject(language).render(lineValue) : line
    }

    /// The body of a reminder, likewise.
    public func body(_ own: MailTemplate?) -> String {
        let text = own?.render(value) ?? ""
        return text.trimmingWhitespace().isEmpty ? MailWords.body(language).render(value) : text
    }

    /// What a placeholder becomes; may be empty.
    public func value(_ placeholder: MailPlaceholder) -> String {
        switch placeholder {
        case .firstName: firstName
        case .lastName: lastName
        case .weekday: MailWords.weekday(start.date, language)
        case .date: MailWords.date(start.date)
        case .time: MailWords.clock(start)
        case .location: location
        case .address: address.isEmpty ? location : address
        case .place: place
        case .practitioner: practitioner.isEmpty ? practice : practitioner
        case .practice: practice
        }
    }

    /// Likewise, on one line, as a subject needs it.
    public func lineValue(_ placeholder: MailPlaceholder) -> String {
        value(placeholder).split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// `Praxis am Park, Parkring 1`
    public var place: String { address.isEmpty ? location : "\(location), \(address)" }
}
