import Domain
import Foundation
import Testing

@testable import Web

@Suite("The help centre")
struct HelpTests {
    private let library: HelpLibrary
    private let words: Words

    init() throws {
        words = try RealResources.words()
        library = try HelpLibrary(RealResources.folder.appendingPathComponent("help"), words.catalogue)
    }

    @Test(
        "Every topic has a title, a first sentence and sections with anchors of their own",
        arguments: HelpTopic.allCases
    )
    func topics(topic: HelpTopic) {
        for language in Language.allCases {
            let (text, isTranslated) = library.text(topic, language)
            #expect(isTranslated, "\(topic) \(language)")
            let anchors = text.sections.map(\.id)
            #expect(!text.title.isEmpty && !text.summary.isEmpty && anchors.count > 1)
            #expect(Set(anchors).count == anchors.count)
            #expect(text.sections.allSatisfy { !$0.blocks.isEmpty }, "\(topic) \(language)")
        }
    }

    @Test("Both languages have the same anchors, so that links lead to both", arguments: HelpTopic.allCases)
    func anchors(topic: HelpTopic) {
        let named = { (language: Language) in library.text(topic, language).text.sections.count }
        #expect(named(.german) == named(.english))
    }

    @Test("Whatever links into the help finds its topic and its section")
    func links() throws {
        let link = try Regex("/hilfe/([a-z0-9-]+)(?:#([a-z0-9-]+))?", as: (Substring, Substring, Substring?).self)
        var count = 0
        for (file, text) in try texts() {
            for match in text.matches(of: link) {
                count += 1
                let topic = try #require(HelpTopic(rawValue: String(match.output.1)), "\(file): \(match.output.0)")
                guard let anchor = match.output.2 else { continue }
                for language in Language.allCases {
                    let known = library.text(topic, language).text.sections.map(\.id)
                    #expect(known.contains(String(anchor)), "\(file): \(match.output.0) in \(language)")
                }
            }
        }
        #expect(count > 20)
    }

    @Test("Fields and statuses link to sections that there are")
    func helpLinks() {
        let fields = ["senderId", "senderRegistered", "smsSendTime", "resendUnknown", "fallsBack", "smsMonthlyLimit"]
        let links = fields.compactMap { HelpLink(field: $0, words) }
        #expect(links.count == fields.count)
        for link in links + Channel.allCases.map({ HelpLink(.submitted, $0, words) }) {
            let parts = link.path.dropFirst("/hilfe/".count).split(separator: "#")
            let topic = HelpTopic(rawValue: String(parts[0]))
            let known = topic.map { library.text($0, .german).text.sections.map(\.id) } ?? []
            #expect(parts.count == 1 && topic != nil || known.contains(String(parts.last ?? "")), "\(link.path)")
            #expect(!link.label.hasPrefix("help.link"))
        }
    }

    @Test(
        "A question finds its answer however it is spelled",
        arguments: [
            ("48 Stunden", "warum-48-stunden"), ("RTR", "absender-registrieren"), ("uebergeben", "zwei-schritte"),
            ("übergeben", "zwei-schritte"), ("ubergeben", "zwei-schritte"), ("ÜBERGEBEN", "zwei-schritte"),
            ("postfächer", "e-mail-einstellungen"), ("Postfaecher", "e-mail-einstellungen"),
            ("Frist für Zustellung", "die-acht-meldungen"), ("anrufliste", "anrufliste"),
            ("Schliesstage", "kalender"), ("Schließtage", "kalender"), ("stop", "antworten"),
            ("Ersatznummer", "absender-registrieren"), ("Monatsgrenze", "sms-kosten"),
            ("Registrirung", "absender-registrieren"), ("Anruflsite", "anrufliste"),
            ("regist", "absender-registrieren"),
            ("Terminseite", "terminseite"), ("Morgenbericht", "morgenbericht"), ("Drucken", "anrufliste"),
            ("Nummer falsch", "terminseite"), ("Handy", "terminseite"),
        ]
    )
    func search(question: String, topic: String) {
        let found = library.find(question, .german).entries
        #expect(found.prefix(4).contains { $0.topic.rawValue == topic }, "\(found.map(\.topic.rawValue))")
    }

    @Test("Titles come before headings, and headings before texts")
    func ranking() {
        let found = library.find("Anrufliste", .german).entries
        #expect(found.first?.topic == .callList && found.first?.section.id.isEmpty == true)
        #expect(library.find("Schließtage", .german).entries.first?.section.id == "schliesstage")
    }

    @Test(
        "What is not there is not found, and nothing asked finds nothing",
        arguments: ["Zahnarztbohrer", "", " ", "48 xyzzy"]
    )
    func nothing(question: String) { #expect(library.find(question, .german).entries.isEmpty) }

    @Test("Hits are found in the text as it was written")
    func places() {
        let text = "Die Übergabe, und die Uebergabe; STRASSE"
        let folded = FoldedText(text)
        let hits = FoldedText.words("ubergabe").flatMap { folded.places(of: $0) }.map { String(text[$0]) }
        #expect(hits == ["Übergabe", "Uebergabe"])
        #expect(folded.places(of: Array("strase")).isEmpty)
        #expect(FoldedText.words("Straße")[0] == Array("strasse"))
        #expect(folded.places(of: FoldedText.words("straße")[0]).map { String(text[$0]) } == ["STRASSE"])
    }

    @Test(
        "Slips of the finger are counted",
        arguments: [
            ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "xabc", 1), ("", "ab", 2),
            ("abcd", "dcba", 3),
        ]
    )
    func distances(one: String, other: String, expected: Int) {
        #expect(HelpSearch.distance(Array(one), Array(other)) == expected)
    }

    @Test("The little Markdown reads what the texts hold, and leaves the rest as text")
    func markdown() throws {
        let text = HelpText(
            "# Titel\n\nErster **Satz**,\nweiter <b>.\n\n## Teil Ä {#a}\n\n1. eins\n   noch\n2. `n` [da](/x?a=1&b)\n\n@sms\n\n## Über uns\n\n- a\n- b"
        )
        #expect(text.title == "Titel" && text.summary == "Erster Satz, weiter <b>.")
        #expect(text.sections.map(\.id) == ["", "a", "ueber-uns"])
        let html = text.sections.map { $0.blocks.map { HelpHTML.of($0) ?? "-" } }
        #expect(html[0] == ["<p>Erster <b>Satz</b>, weiter &lt;b&gt;.</p>"])
        #expect(html[1] == ["<ol><li>eins noch</li><li><kbd>n</kbd> <a href=\"/x?a=1&amp;b\">da</a></li></ol>", "-"])
        #expect(html[2] == ["<ul><li>a</li><li>b</li></ul>"])
        #expect(HelpText.inlines("a ** b [c] `") == [.text("a ** b [c] `")])
    }

    /// Every file that may link into the help.
    private func texts() throws -> [(String, String)] {
        let sources = RealResources.folder.deletingLastPathComponent().appendingPathComponent("Sources/Web")
        let resources = ["help", "templates", "locales"].map { RealResources.folder.appendingPathComponent($0) }
        return try ([sources] + resources).flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: folder.path)
                .filter { path in [".md", ".mustache", ".swift", ".json"].contains { path.hasSuffix($0) } }
                .map { ($0, try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8)) }
        }
    }
}
