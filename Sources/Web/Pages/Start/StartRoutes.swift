import Domain
import Foundation
import Hummingbird
import Storage

/// `/`
func addStart(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let zone = visit.practice.timeZone
        let from = WallTime(date: visit.today, hour: 0, minute: 0).instant(in: zone)
        let to = WallTime(date: visit.today.adding(days: StartPage.reach), hour: 0, minute: 0).instant(in: zone)
        let agenda = try await visit.storage.appointments.agenda(
            visit.practiceID,
            from: from,
            to: to,
            now: visit.now,
            limit: 1_000
        )
        let warnings = try await visit.storage.forecast.warnings(visit.practiceID, now: visit.now)
        let model = StartPage.view(agenda, warnings, visit)
        return try pages.page("start", model, Frame(visit, title: visit.words("start.title"), current: .start))
    }
}
