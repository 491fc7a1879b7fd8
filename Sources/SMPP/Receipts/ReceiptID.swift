/// Comparing the id in a receipt with the id in the submit_sm_resp, which may be written in another base.
public enum ReceiptID {
    /// How the ids of a provider are to be read.
    public enum Base: String, Sendable, CaseIterable {
        /// Either may be decimal or hexadecimal.
        case auto
        /// The receipt's id is decimal; the response may have been hexadecimal.
        case decimal
        /// The receipt's id is hexadecimal; the response may have been decimal.
        case hexadecimal
    }

    /// The spellings under which this id may be known, the surest first, each once: as it is, in lower case,
    /// without leading zeros, hexadecimal read as decimal, decimal read as hexadecimal.
    ///
    /// In `auto` an id of digits alone can match another message's id by the wrong reading, so the earlier
    /// forms must be tried before the later ones.
    public static func normalForms(_ id: String, base: Base = .auto) -> [String] {
        let folded = id.lowercased()
        let stripped = withoutLeadingZeros(folded)
        var forms = [id, folded, stripped]
        if base != .decimal, stripped.utf8.count <= 32, let number = UInt128(stripped, radix: 16), isPlain(stripped) {
            forms.append(String(number))
        }
        if base != .hexadecimal, isPlain(stripped), let number = UInt128(stripped, radix: 10) {
            forms.append(String(number, radix: 16))
        }
        var seen: Set<String> = []
        return forms.filter { seen.insert($0).inserted }
    }

    private static func withoutLeadingZeros(_ id: String) -> String {
        let rest = id.drop { $0 == "0" }
        return rest.isEmpty && !id.isEmpty ? "0" : String(rest)
    }

    /// Without a sign, which Swift's number parsing would take.
    private static func isPlain(_ id: String) -> Bool {
        id.utf8.first.map { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") } ?? false
    }
}
