import Domain

/// One topic of the help.
struct HelpTopicPage: Sendable {
    struct Section: Sendable {
        let anchor: String
        let heading: String
        let blocks: [Block]
    }

    /// Text, or what the program knows.
    struct Block: Sendable {
        let html: String?
        let meanings: [HelpMeaning]
        let hasMeanings: Bool
        let support: SupportView?
    }

    struct Neighbour: Sendable {
        let path: String
        let title: String
    }

    let lead: String
    let beginning: [Block]
    let sections: [Section]
    let hasContents: Bool
    /// Where the text is not in the reader's language.
    let note: String?
    let previous: Neighbour?
    let next: Neighbour?

    static func view(_ topic: HelpTopic, _ visit: Visit) -> HelpTopicPage {
        let words = visit.words
        let (text, isTranslated) = visit.pages.help.text(topic, words.language)
        let sections = text.sections.filter { !$0.id.isEmpty }
        return HelpTopicPage(
            lead: text.title,
            beginning: text.sections.filter(\.id.isEmpty).flatMap(\.blocks).map { block($0, visit) },
            sections: sections.map { section in
                Section(
                    anchor: section.id,
                    heading: section.heading,
                    blocks: section.blocks.map { block($0, visit) }
                )
            },
            hasContents: sections.count > 2,
            note: isTranslated ? nil : words("help.untranslated"),
            previous: neighbour(topic, -1, visit),
            next: neighbour(topic, 1, visit)
        )
    }

    private static func block(_ block: HelpText.Block, _ visit: Visit) -> Block {
        guard case .insert(let name) = block else {
            return Block(html: HelpHTML.of(block), meanings: [], hasMeanings: false, support: nil)
        }
        let meanings = HelpMeaning.of(name, visit.words)
        return Block(
            html: nil,
            meanings: meanings,
            hasMeanings: !meanings.isEmpty,
            support: name == "support" ? SupportView(visit.pages.support, visit.words) : nil
        )
    }

    private static func neighbour(_ topic: HelpTopic, _ step: Int, _ visit: Visit) -> Neighbour? {
        let all = HelpTopic.allCases
        guard let place = all.firstIndex(of: topic), all.indices.contains(place + step) else { return nil }
        let other = all[place + step]
        return Neighbour(path: other.path, title: visit.pages.help.text(other, visit.words.language).text.title)
    }
}
