import Foundation

/// Someone who signs in to the pages.
public struct User: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<User>

    public enum Role: String, CaseIterable, Sendable {
        /// Everything, settings and users included.
        case admin
        /// Appointments and patients.
        case staff
        /// Looks, changes nothing.
        case reader

        public var mayWrite: Bool { covers(.staff) }

        /// Whether someone with this role may do all that one with the other may.
        public func covers(_ other: Role) -> Bool { rank >= other.rank }

        private var rank: Int {
            switch self {
            case .reader: 0
            case .staff: 1
            case .admin: 2
            }
        }
    }

    public var id: ID
    public var practiceID: Practice.ID
    public var email: EmailAddress
    public var role: Role
    public var language: Language
    /// How colleagues call the person; may be empty.
    public var name = ""
    /// Since when a code is asked for beside the password; nil where none is.
    public var secondFactorSince: Date?

    /// What the person is called where others read it.
    public var displayName: String { name.isEmpty ? email.value : name }

    public init(id: ID, practiceID: Practice.ID, email: EmailAddress, role: Role, language: Language) {
        self.id = id
        self.practiceID = practiceID
        self.email = email
        self.role = role
        self.language = language
    }
}

/// A key for the JSON interface; only the hash of its secret is kept.
public struct AccessToken: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<AccessToken>

    public enum Scope: String, CaseIterable, Sendable {
        case read, write
    }

    public var id: ID
    public var practiceID: Practice.ID
    public var name: String
    public var scope: Scope

    public init(id: ID, practiceID: Practice.ID, name: String, scope: Scope) {
        self.id = id
        self.practiceID = practiceID
        self.name = name
        self.scope = scope
    }
}
