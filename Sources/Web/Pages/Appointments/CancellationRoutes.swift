import Domain
import Hummingbird
import Storage

/// `/termine/…/absagen`
func addCancellation(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id/absagen", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        var form = FormData()
        if let back = FormData(query: request).returnPath { form[ReturnPath.field] = back.path }
        return try await asked(existing, form, visit, .ok)
    }
    routes.post("/termine/:id/absagen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        let form = AppointmentForm(sent.form)
        do {
            let outcomes = try await cancelled(existing, form.scope, sent)
            let next = try await noted(outcomes, existing, form, visit)
            return SeeOther.response(form.back == nil ? "/termine/\(existing.id)" : next, to: request)
        } catch is LateChange {
            return try await asked(existing, sent.form, visit, .conflict)
        }
    }
}

private func cancelled(
    _ existing: Appointment,
    _ scope: SeriesScope,
    _ sent: Submission
) async throws -> [AppointmentOutcome] {
    let visit = sent.visit
    let store = visit.storage.appointments
    guard scope == .later else {
        let appointment = try await store.cancel(
            existing.id,
            visit.practiceID,
            expecting: sent.form.version,
            answer: sent.form.lateAnswer,
            now: visit.now
        )
        return [AppointmentOutcome(appointment: appointment)]
    }
    return try await store.cancelLater(
        existing.id,
        visit.practiceID,
        expecting: sent.form.version,
        answer: sent.form.lateAnswer,
        now: visit.now
    )
}

/// Asks before it is cancelled; of a series, whether the later ones are meant too, about all of which it warns.
private func asked(
    _ existing: Appointment,
    _ form: FormData,
    _ visit: Visit,
    _ status: HTTPResponse.Status
) async throws -> Response {
    let store = visit.storage.appointments
    var later = 0
    if let series = existing.seriesID {
        later = try await store.series(series, visit.practiceID).count { other in
            other.start > existing.start && other.start > visit.now && other.status == .booked
        }
    }
    let late =
        later == 0
        ? try await store.lateChange(of: existing.id, visit.practiceID, now: visit.now)
        : try await store.lateChangeOfLater(than: existing.id, visit.practiceID, now: visit.now)
    let scope = later == 0 ? nil : ScopeChoice(SeriesScope(rawValue: form["scope"]) ?? .one)
    return try latePage(.view(.cancel, late, of: existing, form, visit, scope), visit, status)
}

func latePage(_ model: LatePage, _ visit: Visit, _ status: HTTPResponse.Status) throws -> Response {
    let frame = Frame(visit, title: model.lead, current: .start)
    return try visit.pages.page("appointments/late", model, frame, status: status)
}
