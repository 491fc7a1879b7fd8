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
        let location = locations.first { $0.id.description == form.locationID }
        let patient = try await chosenPatient(form)
        let found = try await foundPatients(form.search)
        let startsAt = startsAt(form, location, existing)
        let offer = try await storage.appointments.offer(
            practiceID,
            patientID: patient?.id,
            locationID: location?.id,
            start: startsAt,
            now: now
        )
        var standings: [ReminderStanding] = []
        var told: [LinkAnswerRow] = []
        if let existing {
            told = try await storage.links.of(existing.id, practiceID)
            standings = try await storage.reminders.of(existing.id, practiceID, now: now)
        }
        return AppointmentPage.Surroundings(
            locations: locations,
            practitioners: try await storage.practitioners.all(practiceID),
            found: found,
            circumstances: ReminderChoices.Circumstances(
                offer: offer,
                patient: patient,
                location: location,
                start: form.wallStart,
                startsAt: startsAt,
                existing: existing
            ),
            standings: standings,
            told: told
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

    /// nil for an id that names nobody; the rules report it when the form is saved.
    func chosenPatient(_ form: AppointmentForm) async throws -> Patient? {
        guard let id = Patient.ID(form.patientID) else { return nil }
        do {
            return try await storage.patients.find(id, practiceID)
        } catch StorageError.notFound {
            return nil
        }
    }

    private func startsAt(_ form: AppointmentForm, _ location: Location?, _ existing: Appointment?) -> Date? {
        if let existing, AppointmentForm(existing: existing).wallStart == form.wallStart { return existing.start }
        return form.wallStart?.instant(in: location?.timeZone ?? practice.timeZone)
    }
}
