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
            PageRequest(limit: PatientListPage.size, cursor: query["cursor"].isEmpty ? nil : query["cursor"])
        )
        let next = try await visit.storage.patients.next(page.items.map(\.id), now: visit.now)
        let frame = Frame(visit, title: visit.words("patients.title"), current: .patients)
        return try pages.page("patients/list", PatientListPage.view(page, next, search: search, visit), frame)
    }
    routes.get("/patienten/neu", for: .staff) { _, context in
        let visit = try await Visit(pages, context)
        return try patientPage(.view(PatientDraft(), nil, occasion(visit), visit), visit)
    }
    routes.post("/patienten/neu", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await createPatient(sent, request)
    }
    // A form's inputs, which must not stand in an address.
    routes.post("/patienten/gleiche", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let found = try await visit.storage.patients.lookalikes(
            visit.practiceID,
            sent.form.patient(PatientDraft()),
            except: Patient.ID(sent.form["id"])
        )
        let (namesakes, sharers) = (found.filter(\.hasSameName), found.filter { !$0.hasSameName })
        let view = LookalikesView(namesakes: namesakes, sharers: sharers, visit)
        let part = FormData(query: request)["art"] == "name" ? "patients/namesakes" : "patients/sharers"
        return try pages.fragment(part, view, visit)
    }
    addPatientRecord(to: routes, pages)
    addPatientDeletion(to: routes, pages)
}

private func occasion(_ visit: Visit) -> PatientPage.Occasion {
    PatientPage.Occasion(problems: FormProblems(visit.words))
}

/// Creates the patient, unless somebody of the same name is to be asked about first.
private func createPatient(_ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let draft = sent.form.patient(PatientDraft())
    var occasion = occasion(visit)
    occasion.once = sent.form["once"]
    do {
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.patients.create(
                visit.practiceID,
                draft,
                sent: sent.form.newPatient,
                by: Actor(visit.session.user),
                now: visit.now
            )
        }
        switch attempt {
        case .done((let patient, let isRepeated)):
            if !isRepeated { try await visit.note(.created, .patient, patient.id.rawValue) }
            return SeeOther.response("/patienten/\(patient.id)?gespeichert=1", to: request)
        case .refused(let problems):
            occasion.problems = problems
            return try patientPage(.view(draft, nil, occasion, visit), visit, .unprocessableContent)
        }
    } catch let unseen as UnseenLookalikes {
        occasion.asked = unseen.found
        return try patientPage(.view(draft, nil, occasion, visit), visit, .conflict)
    }
}

private func addPatientRecord(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/patienten/:id", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let history = try await history(context.id(), query, visit)
        let draft = PatientDraft(existing: history.patient)
        var occasion = occasion(visit)
        occasion.saved = query.has("gespeichert")
        if occasion.saved {
            occasion.sharers = try await visit.storage.patients.lookalikes(
                visit.practiceID,
                draft,
                except: history.patient.id
            ).filter { !$0.hasSameName }
        }
        // Who turns the pages of a list looks on. What is no page of one was refused as it was read.
        if ["spaeter", "frueher", "nachrichten"].allSatisfy({ query[$0].isEmpty }) {
            try await visit.note(.looked, .patient, history.patient.id.rawValue)
        }
        return try patientPage(.view(draft, history, occasion, visit), visit)
    }
    routes.post("/patienten/:id", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        return try await changePatient(context.id(), sent, request)
    }
}

/// Changes the master data, unless somebody of the new name is to be asked about first.
private func changePatient(_ id: Patient.ID, _ sent: Submission, _ request: Request) async throws -> Response {
    let visit = sent.visit
    let old = try await visit.storage.patients.find(id, visit.practiceID)
    let draft = sent.form.patient(PatientDraft(existing: old))
    var occasion = occasion(visit)
    if (draft.firstName, draft.lastName) != (old.firstName, old.lastName) {
        let found = try await visit.storage.patients.lookalikes(visit.practiceID, draft, except: id)
        occasion.asked = LookalikesView.asked(found, sent.form)
    }
    var status = HTTPResponse.Status.conflict
    if occasion.asked.isEmpty {
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.patients.change(
                id,
                visit.practiceID,
                expecting: sent.form.version,
                by: Actor(visit.session.user),
                now: visit.now,
                edit: { $0 = sent.form.patient($0) }
            )
        }
        guard case .refused(let problems) = attempt else {
            try await visit.note(.changed, .patient, id.rawValue)
            return SeeOther.response("/patienten/\(id)?gespeichert=1", to: request)
        }
        occasion.problems = problems
        status = .unprocessableContent
    }
    let history = try await history(id, FormData(), visit)
    return try patientPage(.view(draft, history, occasion, visit), visit, status)
}

private func addPatientDeletion(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/patienten/:id/loeschen", for: .staff) { _, context in
        let visit = try await Visit(pages, context)
        let patient = try await visit.storage.patients.find(context.id(), visit.practiceID)
        let deletion = try await visit.storage.patients.deletion(of: patient.id, visit.practiceID, now: visit.now)
        return try deletePage(patient, deletion, visit, .ok)
    }
    routes.post("/patienten/:id/loeschen", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let id: Patient.ID = try context.id()
        do {
            try await visit.storage.patients.delete(
                id,
                visit.practiceID,
                expecting: sent.form.version,
                knowing: .announced(sent.form["announced"]),
                now: visit.now
            )
        } catch let question as DeletionQuestion {
            let patient = try await visit.storage.patients.find(id, visit.practiceID)
            return try deletePage(patient, question.deletion, visit, .conflict)
        }
        try await visit.note(.deleted, .patient, id.rawValue)
        return SeeOther.response("/patienten", to: request)
    }
}

private func deletePage(
    _ patient: Patient,
    _ deletion: PatientDeletion,
    _ visit: Visit,
    _ status: HTTPResponse.Status
) throws -> Response {
    let model = PatientDeletePage.view(patient, deletion, isChanged: status == .conflict, visit)
    let frame = Frame(visit, title: visit.words("patient.delete.title"), current: .patients)
    return try visit.pages.page("patients/delete", model, frame, status: status)
}

private func patientPage(
    _ model: PatientPage,
    _ visit: Visit,
    _ status: HTTPResponse.Status = .ok
) throws -> Response {
    try visit.pages.page(
        "patients/patient",
        model,
        Frame(visit, title: model.title, current: .patients),
        status: status
    )
}

/// The patient with appointments and messages; which pages of them, the address says.
private func history(_ id: Patient.ID, _ query: FormData, _ visit: Visit) async throws -> PatientPage.History {
    let storage = visit.storage
    let (practice, now) = (visit.practiceID, visit.now)
    let page = { (name: String) in PageRequest(limit: 10, cursor: query[name].isEmpty ? nil : query[name]) }
    let patient = try await storage.patients.find(id, practice)
    return PatientPage.History(
        patient: patient,
        coming: try await storage.patients.appointments(id, practice, coming: true, now: now, page("spaeter")),
        past: try await storage.patients.appointments(id, practice, coming: false, now: now, page("frueher")),
        noShows: try await storage.patients.noShows(id, practice),
        messages: try await storage.messages.list(practice, MessageFilter(patientID: id), page("nachrichten")),
        answers: try await storage.inbound.of(id, practice),
        consents: try await storage.patients.consents(id, practice),
        told: try await storage.links.of(id, practice)
    )
}

extension WebContext {
    /// The id in the path; what is no id names nothing.
    func id<Owner>(_ name: String = "id") throws -> Identifier<Owner> {
        guard let id = parameters.get(name).flatMap({ Identifier<Owner>($0) }) else { throw StorageError.notFound }
        return id
    }
}
