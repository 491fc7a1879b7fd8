import Domain
import Foundation
import Storage

/// The start page: whether everybody got their reminder, whom to call, what went out today, what goes out next, and the
/// appointments of the coming days.
struct StartPage: Sendable {
    let lead: String
    let details: String
    /// What patients said by their links and nobody dealt with; nil where there is none.
    let told: String?
    let banners: [Banner]
    let firstSteps: StartSteps?
    /// nil where nobody is to be called.
    let calls: CallsView?
    let sent: SentView?
    let next: NextView?
    let coming: ComingDays

    /// What was read for it.
    struct House: Sendable {
        let counts: DayCounts
        let lines: [DayLine]
        let calls: [CallEntry]
        let told: [LinkAnswer.Kind: Int]
        let warnings: [ForecastWarning]
        /// On this day the next reminders leave, or the next could where none are planned.
        let nextDay: LocalDate
        let next: NextSending?
        /// The appointments that these are about, and those of the days before them.
        let reminded: [AgendaRow]
        let coming: [AgendaRow]
        /// nil where the practice has begun.
        let firstSteps: StartSteps.House?
    }

    init(_ house: House, ticked: Reminder.ID?, _ visit: Visit) {
        let open = house.calls.filter { $0.tick == nil }
        let day = DayLead(house.counts, calls: house.calls, visit)
        lead = house.firstSteps == nil ? day.sentence : visit.words("first.lead")
        details = day.details
        told = Self.told(house.told, visit.words)
        let steps = house.firstSteps.map { StartSteps($0, visit) }
        banners = Banner.all(house.warnings.filter { steps?.warnings.contains($0.code) != true }, visit)
        firstSteps = steps
        let view = CallsView.view(house.calls, in: .start, ticked: ticked, visit)
        calls = open.isEmpty && view.undo == nil ? nil : view
        sent = SentView(house.counts, house.lines, told: Set(open.compactMap(\.missed.message?.id)), visit)
        next = house.firstSteps == nil ? NextView(house.nextDay, house.next, house.reminded, visit) : nil
        coming = ComingDays(house.coming, visit)
    }

    /// `2 möchten absagen, 1 Nummer ist falsch`
    private static func told(_ open: [LinkAnswer.Kind: Int], _ words: Words) -> String? {
        let kinds = LinkAnswer.Kind.allCases.filter { $0.asksForAction && open[$0, default: 0] > 0 }
        if kinds.isEmpty { return nil }
        return words.list(kinds.map { words.counted("today.told.\($0.rawValue)", open[$0, default: 0]) })
    }
}
