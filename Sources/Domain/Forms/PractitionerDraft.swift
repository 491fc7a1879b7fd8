/// A practitioner as somebody wrote them.
public struct PractitionerDraft: Hashable, Sendable {
    public var name = ""
    public var email = ""

    public init() {}

    public init(name: String, email: String = "") {
        self.name = name
        self.email = email
    }

    public init(existing practitioner: Practitioner) {
        self.init(name: practitioner.name, email: practitioner.email?.value ?? "")
    }

    /// - Throws: every broken rule of the form.
    public func validated() throws(ProblemList) -> PractitionerFields {
        var form = FormReader()
        let name = form.line(name, "name", required: true)
        let email = form.email(email)
        return try form.finish(PractitionerFields(name: name, email: email))
    }
}

/// A practitioner who passed the rules.
public struct PractitionerFields: Hashable, Sendable {
    public let name: String
    public let email: EmailAddress?
}
