import Foundation

/// A place where the practice treats: it may have its own zone and sender, and has its own closing text (rule 14).
public struct Location: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Location>

    public var id: ID
    public var practiceID: Practice.ID
    public var name: String
    public var address: String
    public var closingText: ClosingText
    /// nil: the practice's sender holds.
    public var sender: SenderID?
    /// Whether the practice says that the sender in force here, be it the practice's, stands in its country's registry.
    public var senderRegistered: Bool
    /// Since which day; nil: not said.
    public var senderRegisteredOn: LocalDate?
    /// A number that stands in for a name which is not registered; nil: the practice's holds.
    public var fallbackSender: SenderID?
    /// nil: the practice's zone holds.
    public var timeZone: TimeZone?
    public var version: Int64
    /// Of e-mails; nil: the practice's hold.
    public var emailSubject: MailTemplate?
    public var emailBody: MailTemplate?

    public init(
        id: ID,
        practiceID: Practice.ID,
        name: String,
        address: String = "",
        closingText: ClosingText = .empty,
        sender: SenderID? = nil,
        senderRegistered: Bool = false,
        senderRegisteredOn: LocalDate? = nil,
        fallbackSender: SenderID? = nil,
        timeZone: TimeZone? = nil,
        version: Int64 = 1
    ) {
        self.id = id
        self.practiceID = practiceID
        self.name = name
        self.address = address
        self.closingText = closingText
        self.sender = sender
        self.senderRegistered = senderRegistered
        self.senderRegisteredOn = senderRegisteredOn
        self.fallbackSender = fallbackSender
        self.timeZone = timeZone
        self.version = version
    }
}
