import Domain
import Hummingbird
import Storage

/// `/termine/ID/verschieben`
func addMoves(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/:id/verschieben", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        let existing = try await visit.storage.appointments.find(context.id(), visit.practiceID)
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
        let attempt = try await Attempt.of(visit.words) { try await moved(existing, form, sent) }
        switch attempt {
        case .done(.asked(let told)):
            return try QuestionView.move(told, of: existing, sent.form, visit).response(request, visit, .conflict)
        case .done(.saved(let new)):
            if new.version != existing.version { try await visit.note(.changed, .appointment, new.id.rawValue) }
            return try await visit.offerUndo(of: new, ReturnPath(sent.form, or: new), request)
        case .refused(let problems):
            return try await movePage(existing, sent.form, problems, request, visit, .unprocessableContent)
        }
    }
}

/// What became of a move.
private enum Move: Sendable {
    case saved(Appointment)
    /// There is something to hear first.
    case asked(ChangeConsequences)
}

private func moved(_ existing: Appointment, _ form: AppointmentForm, _ sent: Submission) async throws -> Move {
    let (visit, id) = (sent.visit, existing.id)
    let appointments = visit.storage.appointments
    let told = try await appointments.consequences(
        of: id,
        visit.practiceID,
        expecting: sent.form.version,
        now: visit.now,
        edit: { form.edit(&$0, of: existing) }
    )
    if told.wantsAnswer, sent.form["answer"].isEmpty { return .asked(told) }
    do {
        return .saved(
            try await appointments.change(
                id,
                visit.practiceID,
                expecting: sent.form.version,
                answer: sent.form.lateAnswer,
                undoable: true,
                now: visit.now,
                edit: { form.edit(&$0, of: existing) }
            ).appointment
        )
    } catch let late as LateChange {
        // The reminder went out while the person was thinking.
        return .asked(ChangeConsequences(appointment: told.appointment, notices: told.notices, late: late))
    }
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
    let model = MovePage.view(form, of: existing, around, problems, ReturnPath(sent, or: existing))
    if request.isForPart { return try visit.pages.fragment("calendar/move-part", model, visit, status: status) }
    let frame = Frame(visit, title: model.lead, current: .calendar)
    return try visit.pages.page("calendar/move", model, frame, status: status)
}
