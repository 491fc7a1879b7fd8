import Domain
import Hummingbird
import Storage

/// An appointment that is on record: looking at it, changing it, and noting who came.
func addAppointmentRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        let query = FormData(query: request)
        var form = AppointmentForm(existing: existing)
        form.back = query.returnPath
        let around = try await visit.surroundings(of: &form, existing: existing)
        try await visit.note(.looked, .appointment, existing.id.rawValue)
        let undo = try await visit.undo(request)
        let model = AppointmentPage.view(form, around, FormProblems(visit.words), visit, .init(query), undo: undo)
        return try appointmentPage(model, visit)
    }
    routes.post("/termine/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        let form = AppointmentForm(sent.form)
        if sent.form.has("action") {
            return try await shownAgain(form, existing, FormProblems(visit.words), visit, .ok)
        }
        do {
            switch try await changed(existing, form, sent) {
            case .done(let outcomes):
                return SeeOther.response(try await noted(outcomes, existing, form, visit), to: request)
            case .refused(let problems): return try await shownAgain(form, existing, problems, visit)
            }
        } catch let late as LateChange {
            return try latePage(.view(.move, late, of: existing, sent.form, visit), visit, .conflict)
        }
    }
    addStatus(to: routes, pages)
}

/// Whether somebody came, by one click.
private func addStatus(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/termine/:id/status", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: Appointment.ID = try context.id()
        let existing = try await visit.storage.appointments.find(id, visit.practiceID)
        // Cancelling has a page of its own, which asks.
        guard let status = Appointment.Status(rawValue: sent.form["status"]), status != .cancelled,
            existing.status != .cancelled
        else { throw HTTPError(.notFound) }
        _ = try await visit.storage.appointments.change(
            id,
            visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: { $0.status = status.rawValue }
        )
        try await visit.note(.changed, .appointment, id.rawValue)
        let back = sent.form.returnPath?.noting("gespeichert", id.description)
        return SeeOther.response(back ?? "/termine/\(id)?gespeichert=1", to: request)
    }
}

private func changed(
    _ existing: Appointment,
    _ form: AppointmentForm,
    _ sent: Submission
) async throws -> Attempt<[AppointmentOutcome]> {
    let visit = sent.visit
    let store = visit.storage.appointments
    return try await Attempt.of(visit.words) {
        guard form.scope == .later else {
            let outcome = try await store.change(
                existing.id,
                visit.practiceID,
                expecting: sent.form.version,
                contact: form.contact,
                answer: sent.form.lateAnswer,
                undoable: true,
                now: visit.now,
                edit: { form.edit(&$0, of: existing) }
            )
            return [outcome]
        }
        return try await store.changeLater(
            existing.id,
            visit.practiceID,
            expecting: sent.form.version,
            contact: form.contact,
            answer: sent.form.lateAnswer,
            now: visit.now,
            edit: { form.edit(&$0, of: existing) }
        )
    }
}

/// Puts a change on record, and tells where it leads.
func noted(
    _ outcomes: [AppointmentOutcome],
    _ existing: Appointment,
    _ form: AppointmentForm,
    _ visit: Visit
) async throws -> String {
    for outcome in outcomes { try await visit.note(.changed, .appointment, outcome.appointment.id.rawValue) }
    if !form.contact.isEmpty, let patient = Patient.ID(form.patientID) {
        try await visit.note(.changed, .patient, patient.rawValue)
    }
    // What a move of many took away is told here, where each of them can be looked at.
    let isTold = form.scope == .later && outcomes.contains { !$0.notices.isEmpty }
    let more = form.back.map { "&" + $0.encoded } ?? ""
    let own = "/termine/\(existing.id)?gespeichert=\(form.scope == .later ? "serie" : "1")" + more
    let path = isTold ? own : form.back?.noting("gespeichert", existing.id.description) ?? own
    return form.scope == .later ? path : ReturnPath(path)?.offering(existing.id) ?? path
}
