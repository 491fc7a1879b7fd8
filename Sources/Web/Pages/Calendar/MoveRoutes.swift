import Domain
import Hummingbird
import Storage

/// `/termine/ID/verschieben`
func addMoves(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id/verschieben", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        try await visit.note(.looked, .appointment, existing.id.rawValue)
        let query = FormData(query: request)
        if let over = QuestionView.over(existing, query, visit) { return try over.response(request, visit, .conflict) }
        return try await movePage(existing, query, FormProblems(visit.words), request, visit)
    }
    routes.post("/termine/:id/verschieben", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
        if let over = QuestionView.over(existing, sent.form, visit) {
            return try over.response(request, visit, .conflict)
        }
        let form = AppointmentForm(moving: existing, sent.form)
        do {
            switch try await Attempt.of(visit.words, { try await moved(existing, form, sent) }) {
            case .done(let outcome):
                let new = outcome.appointment
                if outcome.isChanged { try await visit.note(.changed, .appointment, new.id.rawValue) }
                return try await visit.offerUndo(of: new, ReturnPath(sent.form, or: new), request)
            case .refused(let problems):
                return try await movePage(existing, sent.form, problems, request, visit, .unprocessableContent)
            }
        } catch let question as ChangeQuestion {
            return try await asked(question, of: existing, to: "/termine/\(existing.id)/verschieben", sent, request)
        }
    }
}

private func moved(
    _ existing: Appointment,
    _ form: AppointmentForm,
    _ sent: Submission
) async throws -> AppointmentOutcome {
    try await sent.visit.storage.appointments.change(
        existing.id,
        sent.visit.practiceID,
        expecting: sent.form.version,
        answer: sent.form.lateAnswer,
        asking: true,
        undoable: true,
        now: sent.visit.now,
        edit: { form.edit(&$0, of: existing) }
    )
}

/// Asks before a change is saved.
func asked(
    _ question: ChangeQuestion,
    of existing: Appointment,
    to path: String,
    _ sent: Submission,
    _ request: Request
) async throws -> Response {
    let visit = sent.visit
    let people = try await visit.people(question, of: existing)
    return try QuestionView.change(question, of: existing, sent.form, to: path, people, visit)
        .response(request, visit, .conflict)
}

private func movePage(
    _ existing: Appointment,
    _ sent: FormData,
    _ problems: FormProblems,
    _ request: Request,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) async throws -> Response {
    let around = MovePage.Surroundings(
        locations: try await visit.storage.locations.all(visit.practiceID),
        practitioners: try await visit.storage.practitioners.all(visit.practiceID)
    )
    let form = AppointmentForm(moving: existing, sent)
    let name = try await visit.people(nil, of: existing).name
    let model = MovePage.view(form, of: existing, name, around, problems, ReturnPath(sent, or: existing))
    if request.isForPart { return try visit.pages.fragment("calendar/move-part", model, visit, status: status) }
    let frame = Frame(visit, title: model.lead, current: .calendar)
    return try visit.pages.page("calendar/move", model, frame, status: status)
}
