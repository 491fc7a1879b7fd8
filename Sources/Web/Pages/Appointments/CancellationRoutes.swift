import Domain
import Hummingbird
import Storage

/// `/termine/ID/absagen`: of a series, a page asks how much of it is meant; a dialog of the calendar means the one.
func addCancellation(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id/absagen", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        try await visit.note(.looked, .appointment, existing.id.rawValue)
        var form = FormData()
        if let back = FormData(query: request).returnPath { form[ReturnPath.field] = back.path }
        if let over = QuestionView.over(existing, form, visit) { return try over.response(request, visit, .conflict) }
        return try await asked(existing, form, request, visit, .ok)
    }
    routes.post("/termine/:id/absagen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        if let over = QuestionView.over(existing, sent.form, visit) {
            return try over.response(request, visit, .conflict)
        }
        let form = AppointmentForm(sent.form)
        do {
            if form.scope == .later { return try await cancelLater(existing, sent, request) }
            return try await cancel(existing, sent, request)
        } catch is LateChange {
            return try await asked(existing, sent.form, request, visit, .conflict)
        } catch StorageError.stale where request.isForPart {
            let words = visit.words
            let back = ReturnPath(sent.form, or: existing)
            return try QuestionView.told(words("fault.stale.heading"), words("fault.stale.advice"), back: back, words)
                .response(request, visit, .conflict)
        }
    }
}

private func cancel(_ existing: Appointment, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let cancelled = try await visit.storage.appointments.cancel(
        existing.id,
        visit.practiceID,
        expecting: sent.form.version,
        answer: sent.form.lateAnswer,
        undoable: true,
        now: visit.now
    )
    try await visit.note(.changed, .appointment, cancelled.id.rawValue)
    return try await visit.offerUndo(of: cancelled, ReturnPath(sent.form, or: cancelled), request)
}

private func cancelLater(
    _ existing: Appointment,
    _ sent: Submission,
    _ request: Request
) async throws -> Response {
    let visit = sent.visit
    let outcomes = try await visit.storage.appointments.cancelLater(
        existing.id,
        visit.practiceID,
        expecting: sent.form.version,
        answer: sent.form.lateAnswer,
        undoable: true,
        now: visit.now
    )
    for outcome in outcomes where outcome.isChanged {
        try await visit.note(.changed, .appointment, outcome.appointment.id.rawValue)
    }
    return try await visit.offerUndo(of: existing, ReturnPath(sent.form, or: existing), request)
}

/// Asks before it is cancelled; of a series, whether the later ones are meant too, about all of which it warns.
private func asked(
    _ existing: Appointment,
    _ form: FormData,
    _ request: Request,
    _ visit: Visit,
    _ status: HTTPResponse.Status
) async throws -> Response {
    let store = visit.storage.appointments
    let later = try await later(existing, visit)
    let asksScope = later > 0 && !request.isForPart
    let late =
        asksScope
        ? try await store.lateChangeOfLater(than: existing.id, visit.practiceID, now: visit.now)
        : try await store.lateChange(of: existing.id, visit.practiceID, now: visit.now)
    let people = try await visit.people(late, of: existing)
    let scope = asksScope ? ScopeChoice(SeriesScope(rawValue: form["scope"]) ?? .one) : nil
    return try QuestionView.cancel(late, of: existing, later: later, form, people, visit, scope)
        .response(request, visit, status)
}

/// How many of its series are to come after it.
private func later(_ existing: Appointment, _ visit: Visit) async throws -> Int {
    guard let series = existing.seriesID else { return 0 }
    return try await visit.storage.appointments.series(series, visit.practiceID).count { other in
        other.start > existing.start && other.start > visit.now && other.status == .booked
    }
}
