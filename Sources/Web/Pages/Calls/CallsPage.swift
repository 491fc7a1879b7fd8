import Domain
import Foundation
import Storage

/// Whom to call, as the start page and the call list show it.
struct CallsView: Sendable {
    /// Where the list stands, to which its buttons lead back.
    enum Place: String, Sendable {
        case start, list, tasks

        var path: String {
            switch self {
            case .start: "/"
            case .list: "/anrufe"
            case .tasks: LogQuery.tasks
            }
        }
    }

    /// What was ticked off a moment ago, to be undone by one click.
    struct Undo: Sendable {
        let sentence: String
        let action: String
        let place: String
        let seen: String
    }

    let rows: [CallRow]
    let done: [CallRow]
    let advice: String
    let undo: Undo?
    /// All are called, or nobody is to be.
    let isEmpty: Bool
    let empty: String
    /// nil where the whole list stands here already.
    let allLabel: String?
    let doneLabel: String?
    let mayPrint: Bool
    /// For the number beside the menu's entry.
    let openCount: String?
    /// What the call list is headed by.
    let lead: String
    /// What the start page's second line says of it; nil where nobody is to be called.
    let detail: String?
    let isWhole: Bool
    /// What somebody else did before.
    var conflict: CallConflict?
    /// Whether it stands in the log.
    let isTasks: Bool
    /// What the start page is headed by, once something was ticked there.
    var dayLead: String?

    /// So many stand on the start page.
    private static let onStart = 20

    static func view(
        _ entries: [CallEntry],
        in place: Place,
        ticked: Reminder.ID? = nil,
        draft: CallDraft? = nil,
        _ visit: Visit
    ) -> CallsView {
        let words = visit.words
        let open = entries.filter { $0.tick == nil }
        let done = entries.filter { $0.tick != nil }
        let shown = place == .start ? Array(open.prefix(onStart)) : open
        let isWhole = place != .start
        return CallsView(
            rows: shown.map { CallRow($0, in: place, draft: draft, visit) },
            done: isWhole ? done.map { CallRow($0, in: place, visit) } : [],
            advice: advice(open, visit),
            undo: undo(entries.first { $0.id == ticked && $0.tick != nil }, place, visit),
            isEmpty: open.isEmpty,
            empty: words(done.isEmpty ? "calls.empty" : "calls.all_called"),
            allLabel: isWhole ? nil : wholeLabel(open.count, shown: shown.count, words),
            doneLabel: isWhole && !done.isEmpty ? words("calls.done", ["count": words.number(done.count)]) : nil,
            mayPrint: !open.isEmpty,
            openCount: open.isEmpty ? nil : words.number(open.count),
            lead: open.isEmpty ? words("calls.lead.none") : words.counted("calls.lead", open.count),
            detail: open.isEmpty ? nil : words.counted("today.detail.calls", open.count),
            isWhole: isWhole,
            isTasks: place == .tasks
        )
    }

    /// The way to the list, with the number of those who are still to be called where not all of them stand here.
    private static func wholeLabel(_ open: Int, shown: Int, _ words: Words) -> String {
        open > shown ? words("calls.whole", ["count": words.number(open)]) : words("calls.to_whole")
    }

    /// Until when: opening hours are not known, but the first of these appointments is.
    private static func advice(_ open: [CallEntry], _ visit: Visit) -> String {
        guard let first = open.first else { return "" }
        let start = first.appointment.wallStart
        let day = start.date == visit.today ? "today" : start.date == visit.today.adding(days: 1) ? "tomorrow" : "later"
        let arguments = ["time": visit.words.clock(start), "moment": visit.words.short(start)]
        return visit.words("calls.before." + day, arguments)
    }

    private static func undo(_ entry: CallEntry?, _ place: Place, _ visit: Visit) -> Undo? {
        guard let entry, let tick = entry.tick, visit.mayWrite else { return nil }
        return Undo(
            sentence: visit.words("calls.ticked", ["name": PatientName.listed(entry.patient)]),
            action: "/anrufe/\(entry.id)",
            place: place.rawValue,
            seen: tick.mark
        )
    }
}

/// `/anrufe`
struct CallsPage: Sendable {
    let day: String
    let calls: CallsView

    init(_ calls: CallsView, _ visit: Visit) {
        day = visit.words.longDay(visit.today)
        self.calls = calls
    }
}

/// The list on paper: who, when, which number, and room to write.
struct CallSheet: Sendable {
    struct Line: Sendable {
        let moment: String
        let patient: String
        let place: String
        /// nil where none is known that is the patient's.
        let number: String?
        let lack: String
        let status: String
    }

    let lead: String
    let stand: String
    let lines: [Line]
    let isEmpty: Bool

    init(_ open: [CallEntry], _ visit: Visit) {
        let words = visit.words
        lead = open.isEmpty ? words("calls.lead.none") : words.counted("calls.lead", open.count)
        stand = words(
            "calls.stand",
            [
                "practice": visit.practice.name,
                "moment": words.moment(WallTime.of(visit.now, in: visit.practice.timeZone)),
            ]
        )
        lines = open.map { entry in
            let row = CallRow(entry, in: .list, visit)
            return Line(
                moment: row.moment,
                patient: row.patient,
                place: row.place,
                number: row.call?.number,
                lack: row.lack,
                status: row.status
            )
        }
        isEmpty = lines.isEmpty
    }
}
