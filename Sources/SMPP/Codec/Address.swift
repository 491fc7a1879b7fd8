/// An address with its type of number and numbering plan (SMPP 3.4 §5.2.5, §5.2.6).
public struct Address: Sendable, Hashable {
    public var typeOfNumber: UInt8
    public var numberingPlan: UInt8
    public var value: String

    public init(typeOfNumber: UInt8, numberingPlan: UInt8, value: String) {
        self.typeOfNumber = typeOfNumber
        self.numberingPlan = numberingPlan
        self.value = value
    }

    public static let empty = Address(typeOfNumber: 0, numberingPlan: 0, value: "")

    /// A number in international form: TON 1, NPI 1 (E.164), digits alone, without `+` or `00`.
    public static func international(_ number: String) -> Address {
        Address(typeOfNumber: 1, numberingPlan: 1, value: internationalDigits(number))
    }

    /// Country code and number as digits alone: blanks, dashes and brackets go, then a leading `+` or `00`.
    static func internationalDigits(_ number: String) -> String {
        let digits = number.utf8.filter { $0 >= 0x30 && $0 <= 0x39 }
        let hasPlus = number.utf8.contains(UInt8(ascii: "+"))
        let rest = !hasPlus && digits.starts(with: [0x30, 0x30]) ? digits.dropFirst(2) : digits[...]
        return String(decoding: rest, as: UTF8.self)
    }
}

/// What a message claims to come from.
public enum SourceAddress: Sendable, Hashable {
    /// Up to 11 characters of the GSM alphabet: TON 5, NPI 0.
    case alphanumeric(String)
    /// Country code and number, with or without `00` or `+`: TON 1, NPI 1.
    case international(String)

    /// Digits (with `+` or blanks) are a number, everything else is a name.
    public init(_ text: String) {
        let isNumber = text.utf8.allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x20 || $0 == UInt8(ascii: "+") }
        self = isNumber && !text.isEmpty ? .international(text) : .alphanumeric(text)
    }

    public var address: Address {
        switch self {
        case .alphanumeric(let name): Address(typeOfNumber: 5, numberingPlan: 0, value: name)
        case .international(let number): .international(number)
        }
    }
}
