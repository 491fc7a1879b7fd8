/// What a message costs at the provider.
public struct Price: Hashable, Sendable {
    /// Millionths of the currency's unit: 0.075 EUR is 75,000.
    public let micros: Int64
    /// ISO 4217, upper case: `EUR`.
    public let currency: String

    public init(micros: Int64, currency: String) {
        self.micros = micros
        self.currency = currency
    }

    /// Reads a decimal as providers write it, `0.075`, also `-0.0075` for what is charged; nil where it is no number or
    /// too large to be a price. Digits behind the sixth are cut off.
    public init?(decimal: String, currency: String) {
        var digits = decimal[...]
        if digits.hasPrefix("-") { digits = digits.dropFirst() }
        let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole.utf8.count <= 6, let units = Int64("0" + whole) else { return nil }
        let fraction = parts.count > 1 ? parts[1].prefix(6) : ""
        guard !(whole.isEmpty && fraction.isEmpty), (whole + fraction).utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        let padded = fraction + String(repeating: "0", count: 6 - fraction.utf8.count)
        guard let millionths = Int64(padded), Self.isCurrency(currency.uppercased()) else { return nil }
        self.init(micros: units * 1_000_000 + millionths, currency: currency.uppercased())
    }

    private static func isCurrency(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    /// `0.075`: two digits behind the point at least, six at most.
    public var decimal: String {
        let millionths = String(abs(micros) % 1_000_000)
        var fraction = Substring(String(repeating: "0", count: 6 - millionths.utf8.count) + millionths)
        while fraction.utf8.count > 2, fraction.hasSuffix("0") { fraction = fraction.dropLast() }
        return (micros < 0 ? "-" : "") + String(abs(micros) / 1_000_000) + "." + fraction
    }

    /// As many times, for a message of several segments.
    public func times(_ count: Int) -> Price { Price(micros: micros * Int64(count), currency: currency) }
}
