import Domain
import Foundation
import Storage

extension Visit {
    /// Reads what an appointment's form needs beside its inputs; fills the location in where there is only one to choose.
    func surroundings(
        of form: inout AppointmentForm,
        existing: Appointment? = nil
    ) async throws -> AppointmentPage.Surroundings {
        let locations = try await storage.locations.all(practiceID)
        if form.locationID.isEmpty { form.locationID = locations.first?.id.description ?? "" }
        let practitioners = try await storage.practitioners.all(practiceID)
        let standings = try await standings(existing)
        let circumstances = try await circumstances(form, locations, practitioners, existing, standings)
        return AppointmentPage.Surroundings(
            locations: locations,
            practitioners: practitioners,
            found: try await foundPatients(form.search),
            alike: try await patientsLike(form),
            circumstances: circumstances,
            neighbourhoods: try await neighbourhoods(form, circumstances),
            series: try await series(existing),
            standings: standings,
            told: try await told(existing)
        )
    }

    private func circumstances(
        _ form: AppointmentForm,
        _ locations: [Location],
        _ practitioners: [Practitioner],
        _ existing: Appointment?,
        _ standings: [ReminderStanding]
    ) async throws -> ReminderChoices.Circumstances {
        let location = locations.first { $0.id.description == form.locationID }
        let stored = try await chosenPatient(form)
        let prospect = ProspectivePatient(form, stored, practice)
        let startsAt = startsAt(form, location, existing)
        let zone = location?.timeZone ?? practice.timeZone
        let offer = try await storage.appointments.offer(
            practiceID,
            as: prospect.patient,
            locationID: location?.id,
            start: startsAt,
            editing: existing,
            now: now
        )
        return ReminderChoices.Circumstances(
            offer: offer,
            stored: stored,
            patient: prospect.patient,
            contactProblems: prospect.problems,
            location: location,
            practitioners: practitioners,
            start: form.wallStart,
            startsAt: startsAt,
            lastStartsAt: form.plan.flatMap { plan in
                form.wallStart.map { $0.later(days: plan.days.last ?? 0).instant(in: zone) }
            },
            existing: existing,
            standings: standings
        )
    }

    /// The first patients that match what was typed.
    func foundPatients(_ search: String) async throws -> [Patient] {
        guard !search.isEmpty else { return [] }
        return try await storage.patients.list(
            practiceID,
            PatientFilter(search: search),
            PageRequest(limit: 12)
        ).items
    }

    /// Those on record who may be the new patient: of the same name or nearly so, or with the same number.
    func patientsLike(_ form: AppointmentForm) async throws -> [Lookalike] {
        guard form.isForNewcomer else { return [] }
        let typed = TypedPatient(form)
        let draft = PatientDraft(firstName: typed.firstName, lastName: typed.lastName, mobile: typed.mobile)
        return try await storage.patients.lookalikes(practiceID, draft, near: true)
    }

    /// nil for an id that names nobody; the rules report it when the form is saved.
    func chosenPatient(_ form: AppointmentForm) async throws -> Patient? {
        guard let id = Patient.ID(form.patientID) else { return nil }
        do {
            return try await storage.patients.find(id, practiceID)
        } catch StorageError.notFound {
            return nil
        }
    }

    /// The form without whom it shows as chosen, where somebody else was looked for since and not found yet; nil where the
    /// choice holds.
    func stillSearching(_ form: AppointmentForm) async throws -> AppointmentForm? {
        guard !form.search.isEmpty, form.search != form.searched, let chosen = try await chosenPatient(form),
            form.search != PatientName.listed(chosen).trimmingWhitespace()
        else { return nil }
        var form = form
        form.patientID = ""
        return form
    }

    private func neighbourhoods(
        _ form: AppointmentForm,
        _ given: ReminderChoices.Circumstances
    ) async throws -> [Neighbourhood] {
        let zone = given.zone
        guard let first = form.wallStart, let span = form.span(in: zone), given.existing?.status != .cancelled else {
            return []
        }
        let spans = (form.plan?.days ?? [0]).map { days in
            let start = first.later(days: days).instant(in: zone)
            return AppointmentSpan(
                start: start,
                end: start + span.end.timeIntervalSince(span.start),
                timeZone: zone,
                locationID: given.location?.id,
                practitionerID: Practitioner.ID(form.practitionerID),
                patientID: given.stored?.id,
                except: given.existing?.id
            )
        }
        return try await storage.appointments.neighbourhoods(practice, spans)
    }

    private func series(_ existing: Appointment?) async throws -> [Appointment] {
        guard let id = existing?.seriesID else { return [] }
        return try await storage.appointments.series(id, practiceID)
    }

    private func standings(_ existing: Appointment?) async throws -> [ReminderStanding] {
        guard let existing else { return [] }
        return try await storage.reminders.of(existing.id, practiceID, now: now)
    }

    /// What was said on the patient's own page.
    private func told(_ existing: Appointment?) async throws -> [LinkAnswerRow] {
        guard let existing else { return [] }
        return try await storage.links.of(existing.id, practiceID)
    }

    private func startsAt(_ form: AppointmentForm, _ location: Location?, _ existing: Appointment?) -> Date? {
        if let existing, AppointmentForm(existing: existing).wallStart == form.wallStart { return existing.start }
        return form.wallStart?.instant(in: location?.timeZone ?? practice.timeZone)
    }
}

/// The patient as the master data will be once the form is saved.
struct ProspectivePatient {
    let patient: Patient?
    /// What is wrong with a number or an address that was added.
    let problems: [FieldProblem]

    init(_ form: AppointmentForm, _ stored: Patient?, _ practice: Practice) {
        var patient = stored
        var written = form.contact
        if form.isForNewcomer {
            patient = Patient(
                id: Patient.ID(0),
                practiceID: practice.id,
                firstName: form.newcomer.firstName.trimmingWhitespace(),
                lastName: form.newcomer.lastName.trimmingWhitespace(),
                reminderKind: form.newcomersKind(practice)
            )
            written = ContactDraft(mobile: form.newcomer.mobile, email: form.newcomer.email)
        }
        // Only what is missing is added.
        if patient?.reached.mobile != nil { written.mobile = "" }
        if patient?.reached.email != nil { written.email = "" }
        var problems: [FieldProblem] = []
        if !written.mobile.trimmingWhitespace().isEmpty {
            switch MobileNumber.parse(written.mobile, country: practice.country) {
            case .success(let mobile): patient = patient?.reached(mobile: mobile, email: nil)
            case .failure(let problem): problems.append(problem)
            }
        }
        if !written.email.trimmingWhitespace().isEmpty {
            switch EmailAddress.parse(written.email, field: "email") {
            case .success(let email): patient = patient?.reached(mobile: nil, email: email)
            case .failure(let problem): problems.append(problem)
            }
        }
        self.patient = patient
        self.problems = form.isForNewcomer ? [] : problems
    }
}
