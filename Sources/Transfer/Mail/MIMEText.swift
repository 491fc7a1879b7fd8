/// Text of any origin, made fit for a message.
public enum MIMEText {
    /// One line: controls, line ends and characters that turn the direction of what follows become spaces, of which
    /// no two stand together.
    public static func line(_ text: String, upTo limit: Int = 500) -> String {
        var line = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !(isHidden(scalar) || scalar.properties.isWhitespace && scalar != "\u{A0}") {
                line.append(scalar)
            } else if line.last != " " {
                line.append(" ")
            }
        }
        let trimmed = String(line).drop { $0 == " " }
        return String((trimmed.last == " " ? trimmed.dropLast() : trimmed).prefix(limit))
    }

    /// Lines that end in LF, without controls but for tabs.
    public static func lines(_ text: String) -> String {
        var lines = String.UnicodeScalarView()
        var isAfterReturn = false
        for scalar in text.unicodeScalars {
            defer { isAfterReturn = scalar == "\r" }
            switch scalar {
            case "\n" where isAfterReturn: continue
            case "\n", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{2028}", "\u{2029}": lines.append("\n")
            case "\t": lines.append(scalar)
            case _ where isHidden(scalar): continue
            default: lines.append(scalar)
            }
        }
        return String(lines)
    }

    /// Controls, and marks that override the direction of text (UAX #9 §2): nobody sees them, and they may deceive.
    static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
