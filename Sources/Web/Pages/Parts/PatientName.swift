import Domain

/// How a patient is called in lists and sentences.
enum PatientName {
    /// `Muster, Eva`
    static func listed(_ patient: Patient) -> String {
        patient.firstName.isEmpty ? patient.lastName : patient.lastName + ", " + patient.firstName
    }

    /// `Eva Muster`
    static func spoken(_ patient: Patient) -> String {
        patient.firstName.isEmpty ? patient.lastName : patient.firstName + " " + patient.lastName
    }
}
