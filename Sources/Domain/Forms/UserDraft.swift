/// Someone who signs in, as an admin wrote them.
public struct UserDraft: Hashable, Sendable {
    public var name = ""
    public var email = ""
    public var role = ""
    public var language = ""

    public init() {}

    public init(name: String = "", email: String, role: String, language: String = "") {
        self.name = name
        self.email = email
        self.role = role
        self.language = language
    }

    public init(existing user: User) {
        self.init(
            name: user.name,
            email: user.email.value,
            role: user.role.rawValue,
            language: user.language.rawValue
        )
    }

    /// Whether only somebody who shows their own password may save it: it makes an admin, or leads the link to a new
    /// password elsewhere.
    ///
    /// - Parameter old: who it is by now; nil for somebody new.
    public func isGrave(from old: User?) -> Bool {
        let becomesAdmin = role.trimmingWhitespace() == User.Role.admin.rawValue && old?.role != .admin
        let address = email.trimmingWhitespace().lowercased()
        return becomesAdmin || old.map { $0.email.value != address } ?? false
    }

    /// - Parameter standard: the language where none is said.
    /// - Throws: every broken rule of the form.
    public func validated(standard: Language) throws(ProblemList) -> UserFields {
        var form = FormReader()
        let name = form.line(name, "name", limit: 80)
        let role: User.Role? = form.word(role, "role")
        let email = form.email(email)
        if email == nil, form.problems.allSatisfy({ $0.field != "email" }) {
            form.add(FieldProblem("email", .fieldRequired))
        }
        let language: Language? = form.word(language, "language", standard: standard)
        guard let role, let email, let language else { throw ProblemList(form.problems) }
        return try form.finish(UserFields(name: name, email: email.lowercased, role: role, language: language))
    }
}

/// Someone whose particulars passed the rules.
public struct UserFields: Hashable, Sendable {
    public let name: String
    /// In small letters: it is one person's in the whole installation.
    public let email: EmailAddress
    public let role: User.Role
    public let language: Language
}
