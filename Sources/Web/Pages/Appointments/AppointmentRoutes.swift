import Domain
import Hummingbird
import Storage

/// `/termine` and what lies below it.
func addAppointments(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/neu", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        var form = AppointmentForm(FormData(query: request))
        let around = try await visit.surroundings(of: &form)
        return try appointmentPage(.view(form, around, FormProblems(visit.words), visit), visit)
    }
    routes.post("/termine/neu", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let form = AppointmentForm(sent.form)
        if sent.form.has("action") { return try await shownAgain(form, nil, FormProblems(visit.words), visit, .ok) }
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.appointments.create(
                visit.practiceID,
                form.draft(),
                origin: .person,
                now: visit.now
            )
        }
        switch attempt {
        case .done(let outcome):
            return SeeOther.response("/termine/\(outcome.appointment.id)?gespeichert=1", to: request)
        case .refused(let problems): return try await shownAgain(form, nil, problems, visit)
        }
    }
    addAppointmentParts(to: routes, pages)
    addAppointmentRecord(to: routes, pages)
}

/// The parts of the form that a script asks for anew.
private func addAppointmentParts(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/patienten", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let form = AppointmentForm(FormData(query: request))
        let found = try await visit.foundPatients(form.search)
        let chosen = try await visit.chosenPatient(form)
        let model = PatientChoices.view(form, found, chosen, FormProblems(visit.words), visit)
        return try pages.fragment("parts/patient-choices", model, visit)
    }
    routes.post("/termine/erinnerung", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        var form = AppointmentForm(sent.form)
        var existing: Appointment?
        if let id = Appointment.ID(sent.form["id"]) {
            existing = try await visit.storage.appointments.find(id, visit.practiceID)
        }
        let around = try await visit.surroundings(of: &form, existing: existing)
        let model = ReminderChoices.view(form, around.circumstances, FormProblems(visit.words), visit)
        return try pages.fragment("parts/reminder-choices", model, visit)
    }
}

private func addAppointmentRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        var form = AppointmentForm(existing: existing)
        let around = try await visit.surroundings(of: &form, existing: existing)
        let saved = FormData(query: request).has("gespeichert")
        let undo = try await visit.undo(request)
        return try appointmentPage(
            .view(form, around, FormProblems(visit.words), visit, saved: saved, undo: undo),
            visit
        )
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
            case .done: return SeeOther.response("/termine/\(existing.id)?gespeichert=1", to: request)
            case .refused(let problems): return try await shownAgain(form, existing, problems, visit)
            }
        } catch let late as LateChange {
            return try latePage(.view(.move, late, of: existing, sent.form, visit), visit, .conflict)
        }
    }
}

private func changed(
    _ existing: Appointment,
    _ form: AppointmentForm,
    _ sent: Submission
) async throws -> Attempt<AppointmentOutcome> {
    let visit = sent.visit
    return try await Attempt.of(visit.words) {
        try await visit.storage.appointments.change(
            existing.id,
            visit.practiceID,
            expecting: sent.form.version,
            answer: sent.form.lateAnswer,
            now: visit.now,
            edit: { form.edit(&$0, of: existing) }
        )
    }
}

/// The form once more, with everything that was typed.
private func shownAgain(
    _ form: AppointmentForm,
    _ existing: Appointment?,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .unprocessableContent
) async throws -> Response {
    var form = form
    let around = try await visit.surroundings(of: &form, existing: existing)
    return try appointmentPage(.view(form, around, problems, visit), visit, status)
}

private func appointmentPage(
    _ model: AppointmentPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    try visit.pages.page("appointment", model, Frame(visit, title: model.lead, current: .start), status: status)
}

private func latePage(_ model: LatePage, _ visit: Visit, _ status: HTTPResponse.Status) throws -> Response {
    try visit.pages.page("late", model, Frame(visit, title: model.lead, current: .start), status: status)
}
