import Domain
import Storage

/// What patients sent, the newest first: what nobody is done with, or all.
struct AnswersPage: Sendable {
    struct Tab: Sendable {
        let path: String
        let label: String
        let isCurrent: Bool
    }

    /// What was closed a moment ago, to be undone by one click.
    struct Undo: Sendable {
        let sentence: String
        let action: String
        let place: String
    }

    let lead: String
    let tabs: [Tab]
    let answers: [AnswerView]
    let isEmpty: Bool
    let empty: String
    let olderPath: String?
    let undo: Undo?

    static func view(_ page: Page<InboundRow>, _ query: FormData, undone: InboundRow?, _ visit: Visit) -> AnswersPage {
        let words = visit.words
        let isForAll = query.has("alle")
        let place: AnswerView.Place = isForAll ? .all : .open
        let open = visit.openAnswers
        return AnswersPage(
            lead: open > 0 ? words.counted("answers.lead", open) : words("answers.lead.none"),
            tabs: [
                Tab(path: "/antworten", label: words("answers.open"), isCurrent: !isForAll),
                Tab(path: "/antworten?alle=1", label: words("answers.all"), isCurrent: isForAll),
            ],
            answers: page.items.map { AnswerView($0, visit, in: place) },
            isEmpty: page.items.isEmpty,
            empty: words(isForAll ? "answers.empty" : "answers.empty_open"),
            olderPath: page.next.map {
                "/antworten?" + (isForAll ? "alle=1&" : "") + "cursor=" + QueryText.encoded($0)
            },
            undo: undone.flatMap { row in
                guard visit.mayWrite, row.doneAt != nil else { return nil }
                let name = AnswerView(row, visit, in: place).who
                return Undo(
                    sentence: words("answers.closed", ["name": name]),
                    action: "/antworten/\(row.id)",
                    place: place.rawValue
                )
            }
        )
    }
}
