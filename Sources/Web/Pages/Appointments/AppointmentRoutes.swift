import Domain
import Hummingbird
import Storage

/// `/termine` and what lies below it.
func addAppointments(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/neu", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        var form = AppointmentForm(FormData(query: request))
        let around = try await visit.surroundings(of: &form)
        try await noteChosen(around, visit)
        return try appointmentPage(.view(form, around, FormProblems(visit.words), visit), visit)
    }
    routes.post("/termine/neu", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let form = AppointmentForm(sent.form)
        if sent.form.has("action") { return try await shownAgain(form, nil, FormProblems(visit.words), visit, .ok) }
        if let open = try await visit.stillSearching(form) { return try await nobodyChosen(open, nil, visit) }
        return try await booked(form, visit, request)
    }
    addAppointmentParts(to: routes, pages)
    addAppointmentRecord(to: routes, pages)
    addCancellation(to: routes, pages)
}

/// Books it, unless somebody who may be the new patient is to be asked about first.
private func booked(_ form: AppointmentForm, _ visit: Visit, _ request: Request) async throws -> Response {
    do {
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.appointments.book(
                visit.practiceID,
                form.booking(visit.practice),
                sent: form.sent,
                now: visit.now
            )
        }
        switch attempt {
        case .done(let booking): return SeeOther.response(try await noted(booking, form, visit), to: request)
        case .refused(let problems): return try await shownAgain(form, nil, problems, visit)
        }
    } catch is UnseenLookalikes {
        return try await shownAgain(form, nil, FormProblems(visit.words), visit, .conflict, .asksWhoIsNew)
    }
}

/// Who is named in the address is shown.
private func noteChosen(_ around: AppointmentPage.Surroundings, _ visit: Visit) async throws {
    guard let patient = around.circumstances.stored else { return }
    try await visit.note(.looked, .patient, patient.id.rawValue)
}

/// Puts a booking on record, and tells where it leads.
private func noted(_ booking: Booking, _ form: AppointmentForm, _ visit: Visit) async throws -> String {
    guard let first = booking.outcomes.first?.appointment else { return "/" }
    let isSeries = booking.outcomes.count > 1
    // What the form booked when it came before is on record already.
    if !booking.isRepeated {
        if form.isForNewcomer {
            try await visit.note(.created, .patient, booking.patient.id.rawValue)
        } else if !form.contact.isEmpty {
            try await visit.note(.changed, .patient, booking.patient.id.rawValue)
        }
        for outcome in booking.outcomes {
            try await visit.note(.created, .appointment, outcome.appointment.id.rawValue)
        }
    }
    return form.next(after: booking.outcomes, first.id, isSeries: isSeries, canUndo: true)
}

/// The parts of the form that a script asks for anew.
private func addAppointmentParts(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/termine/patienten", for: .reader) { request, context in
        let visit = try await Visit(pages, context, hasMenu: false)
        let query = FormData(query: request)
        let found = try await visit.foundPatients(AppointmentForm(query).search)
        let model = PatientOptions.view(found, visit, mayAdd: !query.has("vorhanden"))
        return try pages.fragment("appointments/options", model, visit)
    }
    routes.get("/termine/patient", for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        var form = AppointmentForm(FormData(query: request))
        var around = try await visit.surroundings(of: &form)
        around.found = []
        try await noteChosen(around, visit)
        let model = PatientField.view(form, around, FormProblems(visit.words), visit)
        return try pages.fragment("appointments/patient", model, visit)
    }
    // A form's inputs, which must not stand in an address.
    routes.post("/termine/vorhanden", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        var form = AppointmentForm(sent.form)
        form.patientID = AppointmentForm.newcomerID
        form.search = ""
        let model = PatientField.alike(try await visit.patientsLike(form), visit)
        return try pages.fragment("appointments/alike", model, visit)
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
        return try pages.fragment("appointments/update", AppointmentUpdate(form, around, visit), visit)
    }
}

/// The form once more, with everything that was typed.
func shownAgain(
    _ form: AppointmentForm,
    _ existing: Appointment?,
    _ problems: FormProblems,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .unprocessableContent,
    _ occasion: AppointmentPage.Occasion = .none
) async throws -> Response {
    var form = form
    let around = try await visit.surroundings(of: &form, existing: existing)
    return try appointmentPage(.view(form, around, problems, visit, occasion), visit, status)
}

/// The form once more, with the hits of a search of which none was taken.
func nobodyChosen(_ form: AppointmentForm, _ existing: Appointment?, _ visit: Visit) async throws -> Response {
    let problems = FormProblems(visit.words, [FieldProblem("patientId", .fieldRequired)])
    return try await shownAgain(form, existing, problems, visit)
}

func appointmentPage(
    _ model: AppointmentPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    let frame = Frame(visit, title: model.lead, current: .calendar)
    return try visit.pages.page("appointments/appointment", model, frame, status: status)
}

/// What a script puts in the place of what no longer holds.
struct AppointmentUpdate: Sendable {
    let reminder: ReminderChoices
    let times: AppointmentTimes

    init(_ form: AppointmentForm, _ around: AppointmentPage.Surroundings, _ visit: Visit) {
        let problems = FormProblems(visit.words)
        reminder = ReminderChoices.view(form, around.circumstances, problems, visit)
        times = AppointmentTimes.view(form, around, visit, isUpdate: true)
    }
}
