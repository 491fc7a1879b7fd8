/// Finds the sections of the help that hold every word of a question, however it is spelled.
struct HelpSearch: Sendable {
    /// One section, or the beginning of a topic.
    struct Entry: Sendable {
        let topic: HelpTopic
        let title: String
        let section: HelpText.Section
        let text: String
        private let foldedTitle: FoldedText
        private let foldedHeading: FoldedText
        let foldedText: FoldedText

        init(_ topic: HelpTopic, _ title: String, _ section: HelpText.Section, _ text: String) {
            self.topic = topic
            self.title = title
            self.section = section
            self.text = text
            foldedTitle = FoldedText(title)
            foldedHeading = FoldedText(section.heading)
            foldedText = FoldedText(text)
        }

        var words: [Substring] {
            [title, section.heading, text].flatMap { $0.split { !$0.isLetter && !$0.isNumber } }
        }

        /// Titles before headings before texts; nil where a word is in none of them.
        func rank(_ words: [[Character]]) -> Int? {
            var rank = 0
            for word in words {
                let inTitle = foldedTitle.places(of: word).isEmpty ? 0 : section.id.isEmpty ? 100 : 10
                let inHeading = foldedHeading.places(of: word).isEmpty ? 0 : 40
                let inText = min(foldedText.places(of: word).count, 5)
                guard inTitle + inHeading + inText > 0 else { return nil }
                rank += inTitle + inHeading + inText
            }
            return rank
        }
    }

    /// What was found, and for which words.
    struct Answer: Sendable {
        let entries: [Entry]
        let words: [[Character]]
        /// What was searched instead, where nothing was found for the question itself.
        let instead: String?
    }

    private static let most = 12

    private let entries: [Entry]
    /// The words of the help, folded, each with one of its spellings.
    private let vocabulary: [[Character]: String]

    init(_ entries: [Entry]) {
        self.entries = entries
        let words = entries.flatMap(\.words).map { (FoldedText(String($0)).letters, String($0)) }
        vocabulary = Dictionary(words.filter { $0.0.count >= 4 }) { first, _ in first }
    }

    func find(_ question: String) -> Answer {
        let words = FoldedText.words(question)
        let found = ranked(words)
        if words.isEmpty || !found.isEmpty { return Answer(entries: found, words: words, instead: nil) }
        let mended = words.map { word in
            entries.contains { !$0.foldedText.places(of: word).isEmpty } ? word : nearest(to: word) ?? word
        }
        let instead = mended == words ? nil : mended.map { vocabulary[$0] ?? String($0) }.joined(separator: " ")
        return Answer(entries: instead == nil ? [] : ranked(mended), words: mended, instead: instead)
    }

    private func ranked(_ words: [[Character]]) -> [Entry] {
        guard !words.isEmpty else { return [] }
        let found = entries.enumerated().compactMap { place, entry in
            entry.rank(words).map { (rank: $0, place: place, entry: entry) }
        }
        return found.sorted { ($1.rank, $0.place) < ($0.rank, $1.place) }.prefix(Self.most).map(\.entry)
    }

    /// The word of the help that is one slip of the finger away, or two where it is long.
    private func nearest(to word: [Character]) -> [Character]? {
        guard word.count >= 4 else { return nil }
        let slips = word.count >= 8 ? 2 : 1
        let near = vocabulary.keys.filter { abs($0.count - word.count) <= slips }
            .map { (word: $0, slips: Self.distance($0, word)) }.filter { $0.slips <= slips }
        return near.min { ($0.slips, String($0.word)) < ($1.slips, String($1.word)) }?.word
    }

    /// Letters to change, to leave out, to add, or neighbours to swap (optimal string alignment).
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var least = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, beforeLast[j - 1] + 1) }
                row.append(least)
            }
            beforeLast = last
            last = row
        }
        return last[b.count]
    }
}
