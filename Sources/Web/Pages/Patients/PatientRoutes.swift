import Domain
import Hummingbird
import Storage

/// `/patienten` and what lies below it.
func addPatients(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/patienten", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let search = query["suche"].trimmingWhitespace()
        let page = try await visit.storage.patients.list(
            visit.practiceID,
            PatientFilter(search: search.isEmpty ? nil : search),
            PageRequest(limit: 50, cursor: query["cursor"].isEmpty ? nil : query["cursor"])
        )
        let frame = Frame(visit, title: visit.words("patients.title"), current: .patients)
        return try pages.page("patients", PatientListPage.view(page, search: search, visit), frame)
    }
    routes.get("/patienten/neu", for: .staff) { _, context in
        let visit = try await Visit(pages, context)
        return try patientPage(.view(PatientDraft(), nil, FormProblems(visit.words), visit), visit)
    }
    routes.post("/patienten/neu", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let draft = sent.form.patient(PatientDraft())
        let visit = sent.visit
        switch try await Attempt.of(
            visit.words,
            { try await visit.storage.patients.create(visit.practiceID, draft, now: visit.now) }
        )
        {
        case .done(let patient): return SeeOther.response("/patienten/\(patient.id)?gespeichert=1", to: request)
        case .refused(let problems):
            return try patientPage(.view(draft, nil, problems, visit), visit, .unprocessableContent)
        }
    }
    addPatientRecord(to: routes, pages)
    addPatientDeletion(to: routes, pages)
}

private func addPatientRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/patienten/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let history = try await history(context, visit)
        let saved = FormData(query: request).has("gespeichert")
        let draft = PatientDraft(existing: history.patient)
        return try patientPage(.view(draft, history, FormProblems(visit.words), visit, saved: saved), visit)
    }
    routes.post("/patienten/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: Patient.ID = try context.id()
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.patients.change(
                id,
                visit.practiceID,
                expecting: sent.form.version,
                now: visit.now,
                edit: { $0 = sent.form.patient($0) }
            )
        }
        guard case .refused(let problems) = attempt else {
            return SeeOther.response("/patienten/\(id)?gespeichert=1", to: request)
        }
        let history = try await history(context, visit)
        let draft = sent.form.patient(PatientDraft(existing: history.patient))
        return try patientPage(.view(draft, history, problems, visit), visit, .unprocessableContent)
    }
}

private func addPatientDeletion(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/patienten/:id/loeschen", for: .staff) { _, context in
        let visit = try await Visit(pages, context)
        let patient = try await visit.storage.patients.find(context.id(), visit.practiceID)
        let frame = Frame(visit, title: visit.words("patient.delete.title"), current: .patients)
        return try pages.page("patient-delete", PatientDeletePage.view(patient, visit), frame)
    }
    routes.post("/patienten/:id/loeschen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        try await visit.storage.patients.delete(
            context.id(),
            visit.practiceID,
            expecting: sent.form.version,
            now: visit.now
        )
        return SeeOther.response("/patienten", to: request)
    }
}

private func patientPage(
    _ model: PatientPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    try visit.pages.page("patient", model, Frame(visit, title: model.lead, current: .patients), status: status)
}

/// The patient with the next appointments and the last messages.
private func history(_ context: WebContext, _ visit: Visit) async throws -> PatientPage.History {
    let storage = visit.storage
    let patient = try await storage.patients.find(context.id(), visit.practiceID)
    let coming = try await storage.appointments.list(
        visit.practiceID,
        AppointmentFilter(from: visit.now, patientID: patient.id),
        PageRequest(limit: 20)
    )
    var appointments: [(appointment: Appointment, reminders: [ReminderStanding])] = []
    for appointment in coming.items {
        let standings = try await storage.reminders.of(appointment.id, visit.practiceID, now: visit.now)
        appointments.append((appointment, standings))
    }
    let messages = try await storage.messages.list(
        visit.practiceID,
        MessageFilter(patientID: patient.id),
        PageRequest(limit: 20)
    )
    return PatientPage.History(
        patient: patient,
        appointments: appointments,
        messages: messages.items,
        answers: try await storage.inbound.of(patient.id, visit.practiceID),
        told: try await storage.links.of(patient.id, visit.practiceID)
    )
}

extension FormData {
    /// The form's inputs in place of the draft's; what the form does not hold stays.
    fileprivate func patient(_ draft: PatientDraft) -> PatientDraft {
        var draft = draft
        draft.firstName = self["firstName"]
        draft.lastName = self["lastName"]
        draft.mobile = self["mobile"]
        draft.email = self["email"]
        draft.reminderKind = self["reminderKind"]
        draft.smsConsent = self["smsConsent"]
        draft.emailConsent = self["emailConsent"]
        return draft
    }
}

extension WebContext {
    /// The id in the path; what is no id names nothing.
    func id<Owner>(_ name: String = "id") throws -> Identifier<Owner> {
        guard let id = parameters.get(name).flatMap({ Identifier<Owner>($0) }) else { throw StorageError.notFound }
        return id
    }
}
