import Domain
import Testing

@Suite("The GSM 03.38 alphabet")
struct GSM0338Tests {
    /// 3GPP TS 23.038 §6.2.1, column by column as the standard prints it, written down apart from the program's table.
    static let columns: [(first: UInt8, characters: String)] = [
        (0x00, "@£$¥èéùìòÇ\nØø\rÅå"), (0x10, "Δ_ΦΓΛΩΠΨΣΘΞ"), (0x1C, "ÆæßÉ"), (0x20, " !\"#¤%&'()*+,-./"),
        (0x30, "0123456789:;<=>?"), (0x40, "¡ABCDEFGHIJKLMNO"), (0x50, "PQRSTUVWXYZÄÖÑÜ§"),
        (0x60, "¿abcdefghijklmno"), (0x70, "pqrstuvwxyzäöñüà"),
    ]

    /// §6.2.1.1
    static let extensions: [(code: UInt8, character: Character)] = [
        (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"), (0x3C, "["), (0x3D, "~"), (0x3E, "]"),
        (0x40, "|"), (0x65, "€"),
    ]

    @Test("every code of the default alphabet is written and read, but the escape")
    func defaultAlphabet() {
        var codes: Set<UInt8> = []
        for (first, characters) in Self.columns {
            for (distance, scalar) in characters.unicodeScalars.enumerated() {
                let code = first + UInt8(distance)
                codes.insert(code)
                #expect(GSM0338.encode(String(Character(scalar))) == [code])
                #expect(GSM0338.decode([code]) == String(Character(scalar)))
                #expect(GSM0338.septets(of: String(Character(scalar))) == 1)
            }
        }
        #expect(codes.count == 127)
        #expect(!codes.contains(0x1B))
    }

    @Test("every character of the extension costs two septets and is read back")
    func extensionAlphabet() {
        for (code, character) in Self.extensions {
            #expect(GSM0338.encode(String(character)) == [0x1B, code])
            #expect(GSM0338.decode([0x1B, code]) == String(character))
            #expect(GSM0338.septets(of: String(character)) == 2)
        }
    }

    @Test("no other character of the basic plane is in the alphabet")
    func nothingElse() {
        let known = Set(
            Self.columns.flatMap { $0.characters.unicodeScalars }
                + Self.extensions.flatMap {
                    $0.character.unicodeScalars
                }
        )
        let inside = (0...0xFFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init).filter {
            GSM0338.septets(of: String(Character($0))) != nil
        }
        // Ohm, ångström, kelvin and the Greek question mark are canonically equal to characters of the alphabet (NFC).
        #expect(Set(inside).subtracting(known) == ["\u{2126}", "\u{212B}", "\u{212A}", "\u{37E}"])
        #expect(Set(inside).isSuperset(of: known))
    }

    @Test("a decomposed umlaut counts as the composed one")
    func decomposed() {
        #expect(GSM0338.encode("a\u{308}") == [0x7B])
        #expect(GSM0338.septets(of: "u\u{308}ber") == 4)
        #expect(GSM0338.offenders(in: "u\u{308}ber").isEmpty)
    }

    @Test("unknown octets are read as the standard says")
    func unknownOctets() {
        #expect(GSM0338.decode([0x1B, 0x41]) == "A")
        #expect(GSM0338.decode([0x41, 0x1B]) == "A ")
        #expect(GSM0338.decode([0x1B, 0x1B, 0x65]) == " €")
        #expect(GSM0338.decode([0x80, 0xFF]) == "\u{FFFD}\u{FFFD}")
        #expect(GSM0338.decode([]).isEmpty)
    }

    @Test("a character outside makes the whole text unspeakable", arguments: ["„", "š", "😀", "`", "\t", "ç", "\u{A0}"])
    func outside(text: String) {
        #expect(GSM0338.septets(of: "Gut " + text) == nil)
        #expect(GSM0338.encode("Gut " + text) == nil)
    }

    @Test("offenders are named with their place and nearest spelling")
    func offenders() {
        let found = GSM0338.offenders(in: "Bis „morgen“ …")
        #expect(found.map(\.character) == ["„", "“", "…"])
        #expect(found.map(\.offset) == [4, 11, 13])
        #expect(found.map(\.suggestion) == ["\"", "\"", "..."])
    }

    @Test(
        "the nearest spelling",
        arguments: [
            ("„“”«»", "\"\"\"\"\""), ("‚‘’‹›´`", "'''''''"), ("– — ―", "- - -"), ("…", "..."), ("a\u{A0}b", "a b"),
            ("š ł ć ő ž", "s l c o z"), ("ẞ", "ß"), ("á ê ï õ", "a e i o"), ("ǘ", "ü"), ("ç", "c"), ("ñ", "ñ"),
            ("5 €", "5 €"), ("bis morgen 😀!", "bis morgen !"), ("👩‍⚕️", ""), ("1️⃣", "1"), ("ﬁx", "fix"), ("m²", "m2"),
            ("½", "1/2"), ("№ 5", "No 5"), ("™", "TM"), ("œuvre", "oeuvre"), ("a\tb", "a b"), ("20°", "20 Grad"),
            ("Наташа", "Natascha"), ("Ёлка", "Jolka"), ("αβγ", "abg"), ("ΑΒΓ", "ABΓ"), ("ά", "a"), ("й", "j"),
            ("Ａ１", "A1"), ("a\u{200B}b\u{FEFF}", "ab"), ("a\u{301}", "a"), ("漢字!", "!"), ("→ da", "-> da"), ("→", "->"),
            ("a\u{2028}b", "a\nb"), ("Ā Ő Ů", "A O U"), ("ệ", "e"), ("½ kg • Öl", "1/2 kg - Öl"), ("🇦🇹", ""),
        ]
    )
    func spelled(text: String, spelling: String) {
        #expect(GSM0338.spelled(text) == spelling)
        #expect(GSM0338.septets(of: GSM0338.spelled(text)) != nil)
    }

    @Test("every suggestion for a character of the basic plane is in the alphabet, and none is a question mark")
    func suggestionsAreSpeakable() {
        for scalar in (1...0xFFFF as ClosedRange<UInt32>).compactMap(Unicode.Scalar.init) {
            let text = String(Character(scalar))
            for offender in GSM0338.offenders(in: text) {
                guard let suggestion = offender.suggestion else { continue }
                if GSM0338.septets(of: suggestion) == nil || suggestion.contains("?") && !"⁇⁈⁉︖﹖？".contains(text) {
                    Issue.record("\(text) (\(scalar.value)) → \(suggestion)")
                }
            }
        }
    }

    @Test("a character without a near spelling has no suggestion, an emoji has an empty one")
    func noSuggestion() {
        #expect(GSM0338.offenders(in: "漢").first?.suggestion == .some(nil))
        #expect(GSM0338.offenders(in: "😀").first?.suggestion == "")
    }
}
