import Domain
import Foundation

/// The texts of the help centre in every language, read once at the start.
struct HelpLibrary: Sendable {
    /// A topic without a text in the product's first language.
    struct Missing: Error {
        let topic: String
    }

    private let texts: [Language: [HelpTopic: HelpText]]
    private let searches: [Language: HelpSearch]

    /// Reads `help/<language>/<topic>.md`. A language may lack some: German stands in.
    init(_ folder: URL, _ catalogue: Catalogue) throws {
        var texts: [Language: [HelpTopic: HelpText]] = [:]
        for language in Language.allCases {
            let place = folder.appendingPathComponent(language.rawValue, isDirectory: true)
            for topic in HelpTopic.allCases {
                let file = place.appendingPathComponent(topic.rawValue + ".md")
                guard FileManager.default.fileExists(atPath: file.path) else { continue }
                texts[language, default: [:]][topic] = HelpText(try String(contentsOf: file, encoding: .utf8))
            }
        }
        for topic in HelpTopic.allCases where texts[.german]?[topic] == nil { throw Missing(topic: topic.rawValue) }
        self.texts = texts
        var searches: [Language: HelpSearch] = [:]
        for language in Language.allCases {
            let words = Words(catalogue, language)
            searches[language] = HelpSearch(Self.entries(texts[.german] ?? [:], texts[language] ?? [:], words))
        }
        self.searches = searches
    }

    /// - Returns: the text, and whether it is in the language that was asked for.
    func text(_ topic: HelpTopic, _ language: Language) -> (text: HelpText, isTranslated: Bool) {
        if let text = texts[language]?[topic] { return (text, true) }
        return (texts[.german]?[topic] ?? HelpText(""), false)
    }

    func find(_ question: String, _ language: Language) -> HelpSearch.Answer {
        searches[language]?.find(question) ?? HelpSearch.Answer(entries: [], words: [], instead: nil)
    }

    private static func entries(
        _ german: [HelpTopic: HelpText],
        _ own: [HelpTopic: HelpText],
        _ words: Words
    ) -> [HelpSearch.Entry] {
        HelpTopic.allCases.flatMap { topic -> [HelpSearch.Entry] in
            guard let text = own[topic] ?? german[topic] else { return [] }
            return text.sections.map { section in
                HelpSearch.Entry(
                    topic,
                    text.title,
                    section,
                    section.blocks.map { plain($0, words) }.joined(separator: " ")
                )
            }
        }
    }

    private static func plain(_ block: HelpText.Block, _ words: Words) -> String {
        switch block {
        case .paragraph(let inlines): inlines.map(\.plain).joined()
        case .list(_, let items): items.map { $0.map(\.plain).joined() }.joined(separator: " ")
        case .insert(let name):
            HelpMeaning.of(name, words).map { $0.status + ": " + $0.meaning }.joined(separator: " ")
        }
    }
}
