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
        var undo = try await visit.undo(request)
        // The page tells what is missing by itself, and for longer.
        undo?.taken = []
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
        if let open = try await visit.stillSearching(form) { return try await nobodyChosen(open, existing, visit) }
        do {
            switch try await changed(existing, form, sent) {
            case .done(let outcomes):
                return SeeOther.response(try await noted(outcomes, existing, form, visit), to: request)
            case .refused(let problems): return try await shownAgain(form, existing, problems, visit)
            }
        } catch let question as ChangeQuestion {
            return try await asked(question, of: existing, to: "/termine/\(existing.id)", sent, request)
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
        let outcome = try await visit.storage.appointments.change(
            id,
            visit.practiceID,
            expecting: sent.form.version,
            now: visit.now,
            edit: { $0.status = status.rawValue }
        )
        if outcome.isChanged { try await visit.note(.changed, .appointment, id.rawValue) }
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
                asking: true,
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
            asking: true,
            undoable: true,
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
    for outcome in outcomes where outcome.isChanged {
        try await visit.note(.changed, .appointment, outcome.appointment.id.rawValue)
    }
    if !form.contact.isEmpty, let patient = Patient.ID(form.patientID) {
        try await visit.note(.changed, .patient, patient.rawValue)
    }
    let isSeries = form.scope == .later
    let canUndo = form.patientID == existing.patientID.description
    return form.next(after: outcomes, existing.id, isSeries: isSeries, canUndo: canUndo)
}

extension AppointmentForm {
    /// Where saving leads: back. What the rules took away is told by the calendar together with the way to take the change
    /// back, otherwise by the appointment's own page.
    func next(
        after outcomes: [AppointmentOutcome],
        _ id: Appointment.ID,
        isSeries: Bool,
        canUndo: Bool
    ) -> String {
        let more = back.map { "&" + $0.encoded } ?? ""
        let own = "/termine/\(id)?gespeichert=\(isSeries ? "serie" : "1")" + more
        let isToldThere = canUndo && back?.offersUndo == true
        let lacks = outcomes.contains { !$0.notices.isEmpty }
        let path = lacks && !isToldThere ? own : back?.noting("gespeichert", id.description) ?? own
        return canUndo ? ReturnPath(path)?.offering(id) ?? path : path
    }
}
