import Domain

/// A patient's number, to be dialled by one touch (RFC 3966).
struct CallLink: Sendable {
    let path: String
    let number: String

    /// nil where there is no number.
    init?(_ patient: Patient, _ visit: Visit) { self.init(patient.reached.mobile, visit) }

    init?(_ mobile: MobileNumber?, _ visit: Visit) {
        guard let mobile else { return nil }
        path = "tel:" + mobile.e164
        number = mobile.dialled(from: visit.practice.country)
    }
}
