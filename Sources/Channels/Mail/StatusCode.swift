import Domain

/// The codes in what a mail server says: `550 5.1.1`.
struct StatusCode: Hashable {
    /// RFC 5321 §4.2; nil where only the enhanced code stands there.
    var basic: Int?
    /// RFC 3463 §2; nil where only the basic code stands there.
    var enhanced: String?

    /// The first of each in a text. Neither is part of a longer number, of a name or of an IP address.
    init(in text: String) {
        for word in text.split(whereSeparator: { !($0.isASCII && ($0.isLetter || $0.isNumber || "._:/@".contains($0))) }
        ) {
            let word = word.last.map { ".:".contains($0) } == true ? word.dropLast() : word
            if enhanced == nil, Self.isEnhanced(word) { enhanced = String(word) }
            if basic == nil, word.utf8.count == 3, let code = Int(word), (400..<600).contains(code) { basic = code }
        }
        // The last line of several has a hyphen or the enhanced code right behind: `550-5.1.1`, which splits above.
    }

    private static func isEnhanced(_ word: Substring) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 1, "245".contains(parts[0]) else { return false }
        return parts.dropFirst().allSatisfy { (1...3).contains($0.utf8.count) && Int($0) != nil }
    }

    /// Whether it says only that something failed, not what.
    var isVague: Bool {
        guard let enhanced else { return true }
        return enhanced.hasSuffix(".0.0")
    }

    /// nil where there is neither; whether trying again could help, by the first digit (RFC 3463 §3.1).
    var isPermanent: Bool? {
        if let enhanced { return enhanced.hasPrefix("5") }
        return basic.map { $0 >= 500 }
    }

    var isSuccess: Bool { enhanced?.hasPrefix("2") ?? false }

    /// The enhanced one, and the basic one where that is missing; empty where there is neither.
    var text: String { enhanced ?? basic.map(String.init) ?? "" }
}
