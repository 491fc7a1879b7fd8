/// Someone beside the patient: a child's parent, for one.
public struct PatientContact: Hashable, Sendable {
    public var name: String
    /// Such as `Mutter`, in the practice's own words.
    public var relation: String
    public var mobile: MobileNumber?
    public var email: EmailAddress?

    public init(name: String = "", relation: String = "", mobile: MobileNumber? = nil, email: EmailAddress? = nil) {
        self.name = name
        self.relation = relation
        self.mobile = mobile
        self.email = email
    }

    public static let nobody = PatientContact()
}

/// Where messages to a patient go.
public struct Reached: Hashable, Sendable {
    public let mobile: MobileNumber?
    public let email: EmailAddress?

    /// - Parameter contact: whom they go to in the patient's place; the patient's own are never used beside it.
    init(_ mobile: MobileNumber?, _ email: EmailAddress?, contact: PatientContact?) {
        self.mobile = contact == nil ? mobile : contact?.mobile
        self.email = contact == nil ? email : contact?.email
    }
}

extension Patient {
    /// The number and the address that messages go to: the contact's where they are to go there, and then never the
    /// patient's own.
    public var reached: Reached { Reached(mobile, email, contact: reachesContact ? contact : nil) }

    /// The patient with another number or address there; nil leaves what is.
    public func reached(mobile: MobileNumber?, email: EmailAddress?) -> Patient {
        var patient = self
        if reachesContact {
            patient.contact.mobile = mobile ?? contact.mobile
            patient.contact.email = email ?? contact.email
        } else {
            patient.mobile = mobile ?? self.mobile
            patient.email = email ?? self.email
        }
        return patient
    }

    /// By which a search finds the patient.
    public var words: Set<String> {
        PatientWords.of(
            firstName: firstName,
            lastName: lastName,
            mobile: mobile,
            contact: contact,
            birthDate: birthDate
        )
    }
}
