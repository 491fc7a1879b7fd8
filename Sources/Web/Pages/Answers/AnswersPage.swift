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
    let hasAnswers: Bool
    /// What patients said on their pages.
    let told: [LinkAnswerView]
    let hasTold: Bool
    let olderToldPath: String?
    let isEmpty: Bool
    let empty: String
    let olderPath: String?
    let undo: Undo?

    /// What was read for it.
    struct Found: Sendable {
        let answers: Page<InboundRow>
        let told: Page<LinkAnswerRow>
        /// What was closed a moment ago.
        let closed: InboundRow?
        let closedTold: LinkAnswerRow?
    }

    static func view(_ found: Found, _ query: FormData, _ visit: Visit) -> AnswersPage {
        let words = visit.words
        let isForAll = query.has("alle")
        let place: AnswerView.Place = isForAll ? .all : .open
        let open = visit.openAnswers
        let page = found.answers
        let told = found.told
        return AnswersPage(
            lead: open > 0 ? words.counted("answers.lead", open) : words("answers.lead.none"),
            tabs: [
                Tab(path: "/antworten", label: words("answers.open"), isCurrent: !isForAll),
                Tab(path: "/antworten?alle=1", label: words("answers.all"), isCurrent: isForAll),
            ],
            answers: page.items.map { AnswerView($0, visit, in: place) },
            hasAnswers: !page.items.isEmpty,
            told: told.items.map { LinkAnswerView($0, visit, in: place) },
            hasTold: !told.items.isEmpty,
            olderToldPath: told.next.map {
                "/antworten?" + (isForAll ? "alle=1&" : "") + "aelter=" + QueryText.encoded($0)
            },
            isEmpty: page.items.isEmpty && told.items.isEmpty,
            empty: words(isForAll ? "answers.empty" : "answers.empty_open"),
            olderPath: page.next.map {
                "/antworten?" + (isForAll ? "alle=1&" : "") + "cursor=" + QueryText.encoded($0)
            },
            undo: undo(found, in: place, visit)
        )
    }

    private static func undo(_ found: Found, in place: AnswerView.Place, _ visit: Visit) -> Undo? {
        guard visit.mayWrite else { return nil }
        let closed: (name: String, action: String)
        if let row = found.closed, row.doneAt != nil {
            closed = (AnswerView(row, visit, in: place).who, "/antworten/\(row.id)")
        } else if let row = found.closedTold, row.answer.doneAt != nil, row.answer.kind.asksForAction {
            closed = (LinkAnswerView(row, visit, in: place).teller, "/antworten/link/\(row.answer.id)")
        } else {
            return nil
        }
        return Undo(
            sentence: visit.words("answers.closed", ["name": closed.name]),
            action: closed.action,
            place: place.rawValue
        )
    }
}
