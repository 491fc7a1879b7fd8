import Domain
import Foundation
import Hummingbird
import Storage

/// `/`, the call list, and the settings of the report about both.
func addStart(to routes: PageRoutes, _ pages: PageServices) {
    addCalls(to: routes, pages)
    addMorningReport(to: routes, pages)
    routes.get("/", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let ticked = Reminder.ID(FormData(query: request)["erledigt"])
        let model = StartPage(try await house(visit), ticked: ticked, visit)
        return try pages.page("start/start", model, Frame(visit, title: visit.words("start.title"), current: .start))
    }
}

private func house(_ visit: Visit) async throws -> StartPage.House {
    let (storage, id, now) = (visit.storage, visit.practiceID, visit.now)
    let zone = visit.practice.timeZone
    let counts = try await storage.today.counts(id, visit.today, in: zone, now: now)
    let first = counts.later > 0 ? visit.today : visit.today.adding(days: 1)
    let next = try await storage.today.next(id, from: first)
    let nextDay = next?.day ?? first
    let warnings = try await storage.forecast.warnings(id, now: now)
    return StartPage.House(
        counts: counts,
        lines: try await storage.today.lines(id, visit.today, in: zone, limit: SentView.most),
        calls: try await storage.calls.list(id, now: now),
        told: try await storage.links.openCounts(id),
        warnings: warnings,
        nextDay: nextDay,
        next: next,
        reminded: try await agenda(
            from: first.adding(days: 1),
            to: nextDay.adding(days: 2),
            limit: 1_000,
            visit
        ),
        coming: try await agenda(
            from: visit.today,
            to: visit.today.adding(days: ComingDays.reach),
            limit: ComingDays.most + 1,
            visit
        ),
        firstSteps: try await firstSteps(visit)
    )
}

/// - Parameter to: the first day that no longer belongs to it.
private func agenda(from: LocalDate, to: LocalDate, limit: Int, _ visit: Visit) async throws -> [AgendaRow] {
    let zone = visit.practice.timeZone
    let span = AgendaSpan(
        visit.practiceID,
        from: WallTime(date: from, hour: 0, minute: 0).instant(in: zone),
        to: WallTime(date: to, hour: 0, minute: 0).instant(in: zone)
    )
    return try await visit.storage.appointments.agenda(span, now: visit.now, limit: limit)
}

private func firstSteps(_ visit: Visit) async throws -> StartSteps.House? {
    let (storage, id) = (visit.storage, visit.practiceID)
    if try await storage.today.hasBegun(id) { return nil }
    let patients = try await storage.patients.list(id, PatientFilter(), PageRequest(limit: 1))
    return StartSteps.House(
        locations: try await storage.locations.all(id),
        setup: try await storage.practices.setup(id),
        hasPatient: !patients.items.isEmpty
    )
}
