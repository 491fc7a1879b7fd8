import Foundation

/// A text as a search compares it: small letters without marks, an umlaut the same whether it is written with dots, with
/// an e behind it, or with neither. It knows where each of its letters came from.
struct FoldedText: Sendable {
    let letters: [Character]
    /// For each letter the place in the text that it came from.
    private let origins: [Range<String.Index>]

    init(_ text: String) {
        var letters: [Character] = []
        var origins: [Range<String.Index>] = []
        var index = text.startIndex
        while index < text.endIndex {
            let next = text.index(after: index)
            for letter in Self.spelledOut(String(text[index])) {
                // `ae`, `oe` and `ue` are the vowel alone.
                if letter == "e", let before = letters.last, "aou".contains(before) {
                    origins[origins.count - 1] = origins[origins.count - 1].lowerBound..<next
                } else {
                    letters.append(letter)
                    origins.append(index..<next)
                }
            }
            index = next
        }
        self.letters = letters
        self.origins = origins
    }

    var text: String { String(letters) }

    /// Where the letters stand in the text that was folded, each time.
    func places(of word: [Character]) -> [Range<String.Index>] {
        guard !word.isEmpty, letters.count >= word.count else { return [] }
        var found: [Range<String.Index>] = []
        var start = 0
        while start + word.count <= letters.count {
            if Array(letters[start..<start + word.count]) == word {
                found.append(origins[start].lowerBound..<origins[start + word.count - 1].upperBound)
                start += word.count
            } else {
                start += 1
            }
        }
        return found
    }

    /// The words of a text, folded.
    static func words(_ text: String) -> [[Character]] {
        FoldedText(text).letters.split { !$0.isLetter && !$0.isNumber }.map(Array.init)
    }

    /// Small letters without marks, umlauts with an e: `spelledOut("Ärger") == "aerger"`.
    static func spelledOut(_ text: String) -> String {
        let umlauts: [Character: String] = ["ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"]
        let spelled = text.lowercased().map { umlauts[$0] ?? String($0) }.joined()
        return spelled.folding(options: .diacriticInsensitive, locale: nil)
    }
}
