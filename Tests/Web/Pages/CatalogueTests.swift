import Domain
import Foundation
import Testing

@testable import Web

/// The repository's resources, found from this file.
enum RealResources {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let folder = root.appendingPathComponent("Resources")

    static func words(_ language: Language = .german) throws -> Words {
        Words(try Catalogue(folder: folder.appendingPathComponent("locales")), language)
    }
}

@Suite("The catalogue")
struct CatalogueTests {
    @Test(
        "The eight messages of the log stand word for word",
        arguments: [
            (MessageStatus.submitted, "Nachricht wurde zum Senden übergeben"),
            (.delivered, "Nachricht erfolgreich zugestellt"),
            (.undeliverable, "Nachricht konnte nicht zugestellt werden"),
            (.expired, "Frist für Zustellung ist abgelaufen"),
            (.rejectedByRecipient, "Nachricht wurde vom Empfänger abgelehnt"),
            (.serviceUnreachable, "SMS Service nicht erreichbar"),
            (.providerError, "Fehler vom Provider gemeldet, senden nicht möglich"),
            (.providerRefused, "Provider hat Annahme abgelehnt, bitte beim Support melden!"),
        ]
    )
    func statuses(status: MessageStatus, sentence: String) throws {
        #expect(try RealResources.words()("status." + status.rawValue) == sentence)
    }

    @Test("Every code has a sentence in both languages", arguments: ProblemCode.allCases, Language.allCases)
    func sentences(code: ProblemCode, language: Language) throws {
        let words = try RealResources.words(language)
        let sentence = words.sentence(FieldProblem("x", code))
        #expect(!sentence.hasPrefix("problem."))
    }

    @Test("A key that starts another key would hide it from the templates")
    func noKeyHidesAnother() throws {
        let words = try RealResources.words()
        let texts = TemplateTexts(words: words)
        let nav = texts.child(named: "nav") as? TemplateTexts
        #expect(nav?.child(named: "start") as? String == "Heute")
    }

    @Test("Every key that a view asks for by its name exists")
    func keysOfViews() throws {
        let catalogue = try RealResources.words().catalogue
        let sources = RealResources.root.appendingPathComponent("Sources/Web")
        let pattern = try Regex(#"words(?:\.counted)?\(\s*"([a-z_.]+[a-z_])"[,)]"#)
        var count = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where path.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appendingPathComponent(path), encoding: .utf8)
            for match in text.matches(of: pattern) {
                let key = match.output[1].substring.map(String.init) ?? ""
                #expect(
                    catalogue.has(key) || catalogue.has(key + ".one") && catalogue.has(key + ".many"),
                    "\(path): \(key)"
                )
                count += 1
            }
        }
        #expect(count > 60)
    }

    @Test(
        "Each reason is a whole sentence for the interface, and a few words for a list",
        arguments: SkipReason.allCases,
        Language.allCases
    )
    func reasons(reason: SkipReason, language: Language) throws {
        let catalogue = try RealResources.words().catalogue
        for channel in Channel.allCases {
            let sentence = catalogue.reason(reason, channel, language)
            #expect(sentence.hasSuffix(".") && !sentence.hasPrefix("reason."))
            let words = catalogue.reason(reason, channel, language, short: true)
            #expect(!words.hasSuffix(".") && !words.hasPrefix("why."))
        }
    }

    @Test("A blank in a sender is named by its word")
    func blank() throws {
        let problem = FieldProblem("senderId", .senderSpecialCharacter, ["characters": "\u{2423} -"])
        #expect(try RealResources.words().sentence(problem).hasSuffix("nicht: Leerzeichen -"))
    }

    @Test(
        "What nobody sees in a closing text is named by words, and so is what becomes of it",
        arguments: [
            ("\u{A0}", "geschütztes Leerzeichen", "als Leerzeichen schreiben"),
            ("\u{2003}", "besonderes Leerzeichen", "als Leerzeichen schreiben"),
            ("\t", "Tabulator", "als Leerzeichen schreiben"),
            ("\u{2028}", "besonderer Zeilenumbruch", "als Zeilenumbruch schreiben"),
            ("\u{200B}", "unsichtbares Zeichen (U+200B)", "weglassen"),
        ]
    )
    func invisible(character: String, name: String, deed: String) throws {
        let start = try #require(WallTime(iso: "2027-03-12T10:30"))
        let phone = PhoneView("Bis" + character + "bald", start: start, sender: nil, try RealResources.words())
        let fault = try #require(phone.problems.first)
        #expect(fault.sentence.hasPrefix("Das Zeichen \(name) gibt es in SMS nicht."))
        #expect(fault.mendLabel == "\(name) \(deed)" && fault.mended.map { $0.unicodeScalars.count < 9 } == true)
        #expect(fault.mended?.contains(character) == false)
        #expect(phone.pieces.map(\.isMarked) == [false, true, false])
    }

    @Test("The reason makes the sentence more exact, and the suggestion is shown")
    func variants() throws {
        let words = try RealResources.words()
        #expect(
            words.sentence(FieldProblem("mobile", .mobileInvalid, ["reason": "too_short"]))
                == "Die Mobilnummer ist zu kurz."
        )
        let sender = FieldProblem("senderId", .senderSpecialCharacter, ["characters": "ä", "suggestion": "Praexis"])
        #expect(words.sentence(sender).hasSuffix("Vorschlag: Praexis"))
        let emoji = FieldProblem("closingText", .textNotGSM, ["character": "😀", "suggestion": ""])
        #expect(words.sentence(emoji).hasSuffix("Lass es weg."))
    }

    @Test("An argument that looks like a place is not filled again")
    func argumentsAreNotTemplates() {
        #expect(Sentence("{a} und {b}").filled(["a": "{b}", "b": "x"]) == "{b} und x")
    }

    @Test("Languages with different keys are refused")
    func differentKeys() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vortag-words-\(#line)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try write(#"{"a": "x"}"#, "de/words.json", in: folder)
        try write(#"{"a": "x", "b": "y"}"#, "en/words.json", in: folder)
        #expect(throws: Catalogue.Fault.keysDiffer(["b"])) { try Catalogue(folder: folder) }
    }

    @Test("A key that stands in two files of a language is refused")
    func keysTwice() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("vortag-words-\(#line)")
        defer { try? FileManager.default.removeItem(at: folder) }
        for name in ["de/first.json", "de/second.json", "en/first.json"] {
            try write(#"{"a": "x"}"#, name, in: folder)
        }
        #expect(throws: Catalogue.Fault.twice(key: "a")) { try Catalogue(folder: folder) }
    }

    private func write(_ text: String, _ name: String, in folder: URL) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    @Test("Dates stand as the practice writes them")
    func dates() throws {
        let words = try RealResources.words()
        let time = try #require(WallTime(iso: "2027-03-12T10:30"))
        #expect(words.moment(time) == "Fr 12.03.2027, 10:30 Uhr")
        #expect(words.short(time) == "Fr 12.03., 10:30")
        #expect(words.longDay(time.date) == "Freitag, 12. März 2027")
        #expect(words.number(12_345) == "12\u{202F}345")
    }
}
