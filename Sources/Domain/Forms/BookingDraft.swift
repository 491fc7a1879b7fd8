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
    ///
    /// - Throws: `ProblemList` where another number or address stands there by now: who wrote this one saw none.
    public func write(to patient: inout PatientDraft, country: Country) throws {
        var problems: [FieldProblem] = []
        if !mobile.trimmingWhitespace().isEmpty {
            let path = patient.reachedMobile
            let known = patient[keyPath: path]
            let isSame = (try? MobileNumber.parse(mobile, country: country).get())?.e164 == known
            if known.isEmpty || isSame {
                patient[keyPath: path] = mobile
            } else {
                let number = MobileNumber(e164: known)?.dialled(from: country) ?? known
                problems.append(FieldProblem("mobile", .contactKnown, ["known": number]))
            }
        }
        if !email.trimmingWhitespace().isEmpty {
            let path = patient.reachedEmail
            let known = patient[keyPath: path]
            if known.isEmpty || (try? EmailAddress.parse(email, field: "email").get())?.value == known {
                patient[keyPath: path] = email
            } else {
                problems.append(FieldProblem("email", .contactKnown, ["known": known]))
            }
        }
        if !problems.isEmpty { throw ProblemList(problems) }
    }
}

/// What became of a booking.
public struct Booking: Hashable, Sendable {
    public let patient: Patient
    /// The earliest first; several where they are a series.
    public let outcomes: [AppointmentOutcome]
    /// Whether an earlier sending of the same form booked it.
    public let isRepeated: Bool

    public init(patient: Patient, outcomes: [AppointmentOutcome], isRepeated: Bool = false) {
        self.patient = patient
        self.outcomes = outcomes
        self.isRepeated = isRepeated
    }
}
