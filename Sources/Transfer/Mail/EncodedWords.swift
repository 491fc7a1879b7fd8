import Foundation

/// Text of one line in a field (RFC 2047). GMime writes encoded words of more than the 75 characters that are allowed,
/// and lets text that looks like one pass for one, so what needs encoding is encoded before it is given to it.
enum EncodedWords {
    /// As it is where it needs no encoding; else encoded words with a space between each two, which nobody shows.
    static func of(_ line: String) -> String {
        let isPlain = line.utf8.allSatisfy { (0x20...0x7E).contains($0) } && !line.contains("=?")
        if isPlain, line.split(separator: " ").allSatisfy({ $0.utf8.count <= 60 }) { return line }
        return encoded(line)
    }

    /// A name before an address (RFC 2047 §5, 3): words that are atoms stay as they are. Not every reader drops the space
    /// between two encoded words there, so as few as possible stand beside each other.
    static func phrase(_ line: String) -> String {
        if of(line) == line { return line }
        var runs: [(text: String, isAtoms: Bool)] = []
        for word in line.split(separator: " ") {
            let isAtom = isAtom(word)
            if let last = runs.last, last.isAtoms == isAtom {
                runs[runs.count - 1].text += " " + word
            } else {
                runs.append((String(word), isAtom))
            }
        }
        return runs.map { $0.isAtoms ? $0.text : encoded($0.text) }.joined(separator: " ")
    }

    /// RFC 5322 §3.2.3
    private static func isAtom(_ word: some StringProtocol) -> Bool {
        word.utf8.count <= 60 && !word.contains("=?")
            && word.unicodeScalars.allSatisfy {
                (0x21...0x7E).contains($0.value) && !"()<>[]:;@\\,.\"".unicodeScalars.contains($0)
            }
    }

    private static func encoded(_ text: String) -> String {
        pieces(text).map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: " ")
    }

    /// Of 39 octets at most, so that the first stands beside the longest name of a field of ours in 76 characters. What
    /// is one character for a reader stays together if it can; no piece ends inside a scalar (RFC 2047 §5).
    private static func pieces(_ line: String) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for character in line {
            let isLarge = character.utf8.count > 39
            let parts = isLarge ? character.unicodeScalars.map { String($0) } : [String(character)]
            for part in parts {
                if piece.utf8.count + part.utf8.count > 39 {
                    pieces.append(piece)
                    piece = ""
                }
                piece += part
            }
        }
        return piece.isEmpty ? pieces : pieces + [piece]
    }
}
