import CPhoneNumber

/// A country by its two letters (ISO 3166-1 alpha-2), upper case.
public struct Country: RawRepresentable, Hashable, Sendable {
    public static let austria = Country(unchecked: "AT")
    public static let germany = Country(unchecked: "DE")

    public let rawValue: String

    /// Checks the form, two capital letters; whether telephones there have a calling code says `callingCode`.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 2, rawValue.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")) ~= $0 })
        else { return nil }
        self.init(unchecked: rawValue)
    }

    private init(unchecked rawValue: String) { self.rawValue = rawValue }

    /// The country calling code (ITU-T E.164 §6.2.1), 43 for Austria; nil where the country has none.
    public var callingCode: Int? {
        let code = vortag_phone_calling_code(rawValue)
        return code > 0 ? Int(code) : nil
    }
}
