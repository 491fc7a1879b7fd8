import Domain
import Hummingbird

/// The first page of the help: the search, the topics, and the eight messages.
struct HelpPage: Sendable {
    struct Topic: Sendable {
        let path: String
        let title: String
        let summary: String
        let anchor: String?
    }

    struct Group: Sendable {
        let heading: String
        let topics: [Topic]
    }

    /// One section that answers the question.
    struct Result: Sendable {
        let path: String
        let title: String
        let heading: String?
        let snippet: [Piece]
    }

    struct Piece: Sendable {
        let text: String
        let isHit: Bool
    }

    let lead: String
    let question: String
    let isSearch: Bool
    let results: [Result]
    let isFound: Bool
    /// What was searched instead of what was asked.
    let instead: String?
    let groups: [Group]
    let meanings: [HelpMeaning]
    let support: SupportView?

    private static let grouping: [(key: String, topics: [HelpTopic])] = [
        ("begin", [.firstSteps, .kinds, .hours]),
        ("daily", [.messages, .twoSteps, .callList, .morningReport, .late, .answers, .calendar]),
        ("setup", [.sms, .registration, .providers, .email, .patientPage, .costs, .privacy]),
    ]

    static func view(_ question: String, _ visit: Visit) -> HelpPage {
        let words = visit.words
        let library = visit.pages.help
        let asked = question.trimmingWhitespace()
        let answer = library.find(asked, words.language)
        let isSearch = !asked.isEmpty
        return HelpPage(
            lead: lead(isSearch, answer.entries.count, words),
            question: asked,
            isSearch: isSearch,
            results: answer.entries.map { result($0, answer.words) },
            isFound: !answer.entries.isEmpty,
            instead: answer.instead.map { words("help.search.instead", ["words": $0]) },
            groups: grouping.map { group in
                Group(
                    heading: words("help.group." + group.key),
                    topics: group.topics.map { topic in
                        let text = library.text(topic, words.language).text
                        return Topic(path: topic.path, title: text.title, summary: text.summary, anchor: topic.anchor)
                    }
                )
            },
            meanings: HelpMeaning.of("sms", words),
            support: SupportView(visit.pages.support, words)
        )
    }

    private static func lead(_ isSearch: Bool, _ count: Int, _ words: Words) -> String {
        guard isSearch else { return words("help.heading") }
        return count == 0 ? words("help.search.none") : words.counted("help.search.found", count)
    }

    private static func result(_ entry: HelpSearch.Entry, _ words: [[Character]]) -> Result {
        Result(
            path: entry.topic.path + (entry.section.id.isEmpty ? "" : "#" + entry.section.id),
            title: entry.title,
            heading: entry.section.heading.isEmpty ? nil : entry.section.heading,
            snippet: snippet(entry, words)
        )
    }

    /// Some of the text round the first hit, with every hit marked.
    private static func snippet(_ entry: HelpSearch.Entry, _ words: [[Character]]) -> [Piece] {
        let text = entry.text
        var hits = words.flatMap { entry.foldedText.places(of: $0) }.sorted { $0.lowerBound < $1.lowerBound }
        let first = hits.first?.lowerBound ?? text.startIndex
        var start = text.index(first, offsetBy: -60, limitedBy: text.startIndex) ?? text.startIndex
        if start > text.startIndex, let blank = text[start..<first].firstIndex(of: " ") {
            start = text.index(after: blank)
        }
        var end = text.index(first, offsetBy: 160, limitedBy: text.endIndex) ?? text.endIndex
        if end < text.endIndex, let blank = text[first..<end].lastIndex(of: " ") { end = blank }
        hits = hits.filter { $0.upperBound <= end }
        var pieces: [Piece] = start > text.startIndex ? [Piece(text: "… ", isHit: false)] : []
        var place = start
        for hit in hits where hit.lowerBound >= place {
            if hit.lowerBound > place { pieces.append(Piece(text: String(text[place..<hit.lowerBound]), isHit: false)) }
            pieces.append(Piece(text: String(text[hit]), isHit: true))
            place = hit.upperBound
        }
        if place < end { pieces.append(Piece(text: String(text[place..<end]), isHit: false)) }
        return end < text.endIndex ? pieces + [Piece(text: " …", isHit: false)] : pieces
    }
}
