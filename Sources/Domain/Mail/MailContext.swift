import Foundation

/// What an e-mail says beyond what an SMS does, read afresh at send time (rule 12).
public struct MailContext: Hashable, Sendable {
    public var firstName: String
    public var lastName: String
    /// Empty where the appointment has none.
    public var practitioner: String
    /// The location's; empty where it has none.
    public var address: String
    public var end: Date
    /// The appointment's version: what the patient's calendar tells old from new by.
    public var sequence: Int64
    /// The installation's own word in the names of calendar entries, so that no two installations share one.
    public var calendarWord: String
    /// The location's text, or the practice's; nil: the product's own.
    public var subject: MailTemplate?
    public var body: MailTemplate?

    public init(
        firstName: String,
        lastName: String,
        practitioner: String = "",
        address: String = "",
        end: Date,
        sequence: Int64 = 1,
        calendarWord: String,
        subject: MailTemplate? = nil,
        body: MailTemplate? = nil
    ) {
        self.firstName = firstName
        self.lastName = lastName
        self.practitioner = practitioner
        self.address = address
        self.end = end
        self.sequence = sequence
        self.calendarWord = calendarWord
        self.subject = subject
        self.body = body
    }
}
