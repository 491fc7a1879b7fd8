import Foundation

/// A location as somebody wrote it.
public struct LocationDraft: Hashable, Sendable {
    public var name = ""
    public var address = ""
    public var closingText = ""
    /// Empty: the practice's holds.
    public var senderID = ""
    public var senderRegistered = false
    /// Empty: the practice's holds.
    public var timeZone = ""

    public init() {}

    public init(
        name: String,
        address: String = "",
        closingText: String = "",
        senderID: String = "",
        senderRegistered: Bool = false,
        timeZone: String = ""
    ) {
        self.name = name
        self.address = address
        self.closingText = closingText
        self.senderID = senderID
        self.senderRegistered = senderRegistered
        self.timeZone = timeZone
    }

    public init(existing location: Location) {
        self.init(
            name: location.name,
            address: location.address,
            closingText: location.closingText.value,
            senderID: location.sender?.value ?? "",
            senderRegistered: location.senderRegistered,
            timeZone: location.timeZone?.identifier ?? ""
        )
    }

    /// - Throws: every broken rule of the form.
    public func validated(country: Country) throws(ProblemList) -> LocationFields {
        var form = FormReader()
        let name = form.text(name, "name", required: true)
        let address = form.text(address, "address", limit: 500)
        let sender = form.sender(senderID, country: country)
        let zone = timeZone.trimmingWhitespace().isEmpty ? nil : form.zone(timeZone, "timeZone")
        var text = ClosingText.empty
        do { text = try ClosingText(closingText) } catch { form.add(error) }
        return try form.finish(
            LocationFields(
                name: name,
                address: address,
                closingText: text,
                sender: sender,
                senderRegistered: senderRegistered,
                timeZone: zone
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
    public let timeZone: TimeZone?
}
