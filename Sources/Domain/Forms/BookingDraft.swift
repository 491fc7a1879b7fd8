/// An appointment as a desk writes it: with a patient who may be new, a number that was missing, a repetition.
public struct BookingDraft: Hashable, Sendable {
    public var appointment: AppointmentDraft
    /// Whom the appointment is for, where that is nobody on record yet; the appointment's own patient is not read then.
    public var newPatient: PatientDraft?
    /// What is added to the master data of the patient on record.
    public var contact: ContactDraft
    /// nil: one appointment.
    public var series: SeriesDraft?

    public init(
        _ appointment: AppointmentDraft,
        newPatient: PatientDraft? = nil,
        contact: ContactDraft = ContactDraft(),
        series: SeriesDraft? = nil
    ) {
        self.appointment = appointment
        self.newPatient = newPatient
        self.contact = contact
        self.series = series
    }
}

/// A number or an address that a patient's master data lacked.
public struct ContactDraft: Hashable, Sendable {
    public var mobile: String
    public var email: String

    /// Empty: nothing is changed.
    public init(mobile: String = "", email: String = "") {
        self.mobile = mobile
        self.email = email
    }

    public var isEmpty: Bool { mobile.trimmingWhitespace().isEmpty && email.trimmingWhitespace().isEmpty }

    /// Puts what was written into the master data, where messages to the patient go; what was not stays.
    public func write(to patient: inout PatientDraft) {
        if !mobile.trimmingWhitespace().isEmpty { patient[keyPath: patient.reachedMobile] = mobile }
        if !email.trimmingWhitespace().isEmpty { patient[keyPath: patient.reachedEmail] = email }
    }
}

/// What became of a booking.
public struct Booking: Hashable, Sendable {
    public let patient: Patient
    /// The earliest first; several where they are a series.
    public let outcomes: [AppointmentOutcome]

    public init(patient: Patient, outcomes: [AppointmentOutcome]) {
        self.patient = patient
        self.outcomes = outcomes
    }
}
