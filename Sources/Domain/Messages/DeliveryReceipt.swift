import Foundation

/// What a provider reports of a message later on.
public struct DeliveryReceipt: Hashable, Sendable {
    /// The id as it stands in the receipt, with the spellings under which the message may be on record.
    public let reference: ProviderReference
    /// `submitted` for news that is not the end.
    public let status: MessageStatus
    /// The provider's own words and codes, for the history; no personal data.
    public let detail: String
    /// As received, for the inbox.
    public let raw: String
    /// What the receipt says of the message beside its id; nil where it says nothing of the recipient.
    public let evidence: ReceiptEvidence?
    /// What the whole message cost, where the report tells.
    public let price: Price?

    public init(
        reference: ProviderReference,
        status: MessageStatus,
        detail: String,
        raw: String,
        evidence: ReceiptEvidence? = nil,
        price: Price? = nil
    ) {
        self.reference = reference
        self.status = status
        self.detail = detail
        self.raw = raw
        self.evidence = evidence
        self.price = price
    }
}

/// What ties a receipt to a message whose provider id was never learnt: to whom it went, from whom, when, and how it
/// began. Personal data: it is kept in the inbox and never logged.
public struct ReceiptEvidence: Hashable, Sendable {
    /// The message's recipient, in E.164 with `+`.
    public let recipient: String
    /// The message's sender as ``SenderID/value`` writes it: a name, or `00`, calling code and number. Empty where the
    /// receipt names none.
    public let sender: String
    /// When the provider took the message, read as if its clock showed UTC: its zone is not known, so it may be wrong
    /// by up to 14 hours, and some seconds are cut off. nil where the receipt has no such date.
    public let submitted: Date?
    /// How the text began, at most 20 characters (SMPP 3.4 Appendix B); empty where the receipt has none.
    public let snippet: String

    public init(recipient: String, sender: String, submitted: Date? = nil, snippet: String = "") {
        self.recipient = recipient
        self.sender = sender
        self.submitted = submitted
        self.snippet = snippet
    }
}

extension ReceiptEvidence: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "evidence" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
