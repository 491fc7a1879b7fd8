import Domain
import Storage

/// Whom a question is about.
struct QuestionPeople: Sendable {
    /// Who the appointment is for as it stands.
    let name: String
    /// Whom the messages went to, where the appointment is to be another patient's; else empty.
    let informed: [Patient.ID: String]
    /// The number of whoever was told; nil where there is none.
    let call: CallLink?
}

extension Visit {
    /// - Parameter isHandedOn: whether the appointment is to be another patient's.
    func people(_ late: LateChange?, of old: Appointment, isHandedOn: Bool = false) async throws -> QuestionPeople {
        let owner = try await person(old.patientID)
        var informed: [Patient.ID: String] = [:]
        var call = late == nil ? nil : owner.flatMap { CallLink($0, self) }
        for id in late?.messages.map(\.patient).unique ?? [] {
            let patient = id == old.patientID ? owner : try await person(id)
            if isHandedOn { informed[id] = spoken(patient) }
            call = patient.flatMap { CallLink($0, self) } ?? call
        }
        return QuestionPeople(name: spoken(owner), informed: informed, call: call)
    }

    func people(_ question: ChangeQuestion, of old: Appointment) async throws -> QuestionPeople {
        let isHandedOn = question.consequences.contains { $0.appointment.patientID != old.patientID }
        return try await people(question.late, of: old, isHandedOn: isHandedOn)
    }

    private func person(_ id: Patient.ID) async throws -> Patient? {
        do { return try await storage.patients.find(id, practiceID) } catch StorageError.notFound { return nil }
    }

    private func spoken(_ patient: Patient?) -> String { patient.map(PatientName.spoken) ?? words("booking.nobody") }
}

extension Array where Element: Hashable {
    /// Each once, in the order in which they came.
    var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
