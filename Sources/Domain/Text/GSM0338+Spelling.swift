import Foundation

/// The nearest spelling of a character that the GSM alphabet does not have.
extension GSM0338 {
    /// Empty: the character can go without loss (emoji, invisible signs); nil: no spelling is near.
    static func nearestSpelling(of character: Character) -> String? {
        var spelling = ""
        var lost = false
        for piece in pieces(of: character) {
            if let part = spelled(piece) { spelling += part } else { lost = true }
        }
        return spelling.isEmpty && lost ? nil : spelling
    }

    /// What is left of a letter that the alphabet has only without its marks: ǘ is spelled ü, ő is spelled o.
    private static func pieces(of character: Character) -> [Unicode.Scalar] {
        var pieces: [Unicode.Scalar] = []
        for scalar in String(character).precomposedStringWithCanonicalMapping.unicodeScalars {
            if contains(scalar) || table[scalar] != nil {
                pieces.append(scalar)
                continue
            }
            for part in String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars {
                guard isMark(part), let base = pieces.last else {
                    pieces.append(part)
                    continue
                }
                if let joined = joined(base, part) { pieces[pieces.count - 1] = joined }
            }
        }
        return pieces
    }

    private static func joined(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        var text = String.UnicodeScalarView()
        text.append(base)
        text.append(mark)
        let joined = String(text).precomposedStringWithCanonicalMapping.unicodeScalars
        guard joined.count == 1, let scalar = joined.first, contains(scalar) else { return nil }
        return scalar
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .spacingMark: true
        default: false
        }
    }

    private static func spelled(_ scalar: Unicode.Scalar) -> String? {
        if contains(scalar) { return String(Character(scalar)) }
        if let spelling = table[scalar] { return spelling }
        switch scalar.properties.generalCategory {
        case .spaceSeparator: return " "
        case .lineSeparator, .paragraphSeparator: return "\n"
        case .dashPunctuation: return "-"
        case .initialPunctuation, .finalPunctuation: return "\""
        case .nonspacingMark, .enclosingMark, .spacingMark, .control, .format, .surrogate, .privateUse, .unassigned,
            .otherSymbol, .modifierSymbol, .modifierLetter:
            return ""
        default: return nil
        }
    }

    /// Signs whose spelling no Unicode decomposition tells, as "characters = spelling".
    private static let table: [Unicode.Scalar: String] = {
        let groups: [(String, String)] = [
            ("„“”‟«»″❝❞〝〞", "\""), ("‚‘’‛‹›′`´ʹʻʼ❛❜", "'"), ("‐‑‒–—―−•·‣▪⁃■●⁻", "-"), ("…", "..."), ("⁄∕÷", "/"),
            ("\u{A0}\t", " "), ("\u{85}\u{0B}", "\n"), ("×✕✖", "x"), ("°", " Grad"), ("©", "(c)"), ("®", "(R)"),
            ("¬", "-"), ("¦", "|"), ("±", "+-"), ("‰", " Promille"), ("≤", "<="), ("≥", ">="), ("≈", "~"), ("≠", "<>"),
            ("→⇒➔➜", "->"), ("←", "<-"), ("¢", "ct"), ("₤", "£"), ("†", "+"), ("⁺", "+"),
            ("ẞ", "ß"), ("ł", "l"), ("Ł", "L"), ("đð", "d"), ("ĐÐ", "D"), ("þ", "th"), ("Þ", "Th"), ("œ", "oe"),
            ("Œ", "OE"), ("ı", "i"), ("ħ", "h"), ("Ħ", "H"), ("ŧ", "t"), ("Ŧ", "T"), ("ŋ", "n"), ("Ŋ", "N"),
            ("əɛ", "e"), ("Ə", "E"), ("ĸ", "k"), ("ƒ", "f"), ("ɨ", "i"), ("ƶ", "z"), ("µ", "u"),
        ]
        var table: [Unicode.Scalar: String] = [:]
        for (scalars, spelling) in groups {
            for scalar in scalars.unicodeScalars { table[scalar] = spelling }
        }
        for pair in (greek + " " + cyrillic).split(separator: " ") {
            let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
            if sides.count == 2, let scalar = sides[0].unicodeScalars.first { table[scalar] = String(sides[1]) }
        }
        return table
    }()

    /// Greek letters beside the ten capitals of the alphabet; capitals that look Latin are written Latin, as phones do.
    private static let greek = """
        Α=A Β=B Ε=E Ζ=Z Η=H Ι=I Κ=K Μ=M Ν=N Ο=O Ρ=P Τ=T Υ=Y Χ=X α=a β=b γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n \
        ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o
        """

    /// Cyrillic in the spelling that German readers know (Duden).
    private static let cyrillic = """
        А=A Б=B В=W Г=G Д=D Е=E Ё=Jo Ж=Sch З=S И=I Й=J К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=Ch Ц=Z Ч=Tsch \
        Ш=Sch Щ=Schtsch Ъ= Ы=Y Ь= Э=E Ю=Ju Я=Ja а=a б=b в=w г=g д=d е=e ё=jo ж=sch з=s и=i й=j к=k л=l м=m н=n о=o \
        п=p р=r с=s т=t у=u ф=f х=ch ц=z ч=tsch ш=sch щ=schtsch ъ= ы=y ь= э=e ю=ju я=ja І=I і=i Ї=Ji ї=ji Є=Je є=je \
        Ґ=G ґ=g Ђ=Dj ђ=dj Ј=J ј=j Љ=Lj љ=lj Њ=Nj њ=nj Ћ=C ћ=c Џ=Dz џ=dz
        """
}
