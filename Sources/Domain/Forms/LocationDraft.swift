import Foundation

/// A location as somebody wrote it.
public struct LocationDraft: Hashable, Sendable {
    public var name = ""
    public var address = ""
    public var closingText = ""
    /// Empty: the practice's holds.
    public var senderID = ""
    public var senderRegistered = false
    /// A day as `2026-10-01`, or empty.
    public var senderRegisteredOn = ""
    /// Whether this edit says something about the registration: then it is about the sender as it is after the edit.
    public var saysRegistration = false
    /// Empty: the practice's holds.
    public var fallbackSenderID = ""
    /// Empty: the practice's holds.
    public var timeZone = ""
    /// Empty: the practice's holds.
    public var emailSubject = ""
    /// Empty: the practice's holds.
    public var emailBody = ""

    public init() {}

    public init(
        name: String,
        address: String = "",
        closingText: String = "",
        senderID: String = "",
        senderRegistered: Bool = false,
        senderRegisteredOn: String = "",
        fallbackSenderID: String = "",
        timeZone: String = ""
    ) {
        self.name = name
        self.address = address
        self.closingText = closingText
        self.senderID = senderID
        self.senderRegistered = senderRegistered
        self.senderRegisteredOn = senderRegisteredOn
        self.fallbackSenderID = fallbackSenderID
        self.timeZone = timeZone
    }

    public init(existing location: Location) {
        self.init(
            name: location.name,
            address: location.address,
            closingText: location.closingText.value,
            senderID: location.sender?.value ?? "",
            senderRegistered: location.senderRegistered,
            senderRegisteredOn: location.senderRegisteredOn?.iso ?? "",
            fallbackSenderID: location.fallbackSender?.value ?? "",
            timeZone: location.timeZone?.identifier ?? ""
        )
        emailSubject = location.emailSubject?.source ?? ""
        emailBody = location.emailBody?.source ?? ""
    }

    /// Takes back what was said about the registration of another sender than the one that holds after this edit.
    public mutating func forgetRegistration(of old: Location, _ practice: Practice) {
        guard !saysRegistration, let before = (old.sender ?? practice.sender)?.value else { return }
        let own = senderID.trimmingWhitespace()
        if (own.isEmpty ? practice.sender?.value : own) != before {
            senderRegistered = false
            senderRegisteredOn = ""
        }
    }

    /// - Parameters:
    ///   - kept: the sender that stands already; it is not judged anew where a rule came later.
    ///   - textMaximum: so many septets the closing text may have; fewer where a link stands behind it.
    /// - Throws: every broken rule of the form.
    public func validated(
        country: Country,
        keeping kept: SenderID? = nil,
        textMaximum: Int = ClosingText.maximumSeptets
    ) throws(ProblemList) -> LocationFields {
        var form = FormReader()
        let name = form.line(name, "name", required: true)
        let address = form.text(address, "address", limit: 500)
        let sender = form.sender(senderID, country: country, keeping: kept)
        let day = form.day(senderRegisteredOn, "senderRegisteredOn")
        let fallback = form.numericSender(fallbackSenderID, "fallbackSenderId", country: country)
        let zone = timeZone.trimmingWhitespace().isEmpty ? nil : form.zone(timeZone, "timeZone")
        var text = ClosingText.empty
        do { text = try ClosingText(closingText, maximum: textMaximum) } catch { form.add(error) }
        let texts = form.mailTexts(subject: emailSubject, body: emailBody)
        return try form.finish(
            LocationFields(
                name: name,
                address: address,
                closingText: text,
                sender: sender,
                senderRegistered: senderRegistered,
                senderRegisteredOn: senderRegistered ? day : nil,
                fallbackSender: fallback,
                timeZone: zone,
                emailTexts: texts
            )
        )
    }
}

/// A location that passed its rules.
public struct LocationFields: Hashable, Sendable {
    public let name: String
    public let address: String
    public let closingText: ClosingText
    public let sender: SenderID?
    public let senderRegistered: Bool
    public let senderRegisteredOn: LocalDate?
    public let fallbackSender: SenderID?
    public let timeZone: TimeZone?
    public let emailTexts: MailTexts
}
