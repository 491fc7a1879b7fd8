import Database
import Domain
import Foundation

/// Someone in the list of those who sign in.
public struct UserStanding: Hashable, Sendable {
    public let user: User
    /// When the person was last there, to five minutes; nil where never.
    public let seenAt: Date?
}

/// What became of an e-mail address and a password.
public enum SignInOutcome: Hashable, Sendable {
    case matched(PasswordMatch)
    /// - Parameter user: whose address it is; nil where nobody signs in with it.
    case wrong(User?)
    /// So many sign in at once that nothing was looked at.
    case busy
}

/// The people who sign in to the pages.
public struct UserStore: Sendable {
    let driver: any SQLDriver
    let random: RandomBytes
    let work: PasswordWork

    /// As below, for who knows no name.
    public func create(
        _ practice: Practice.ID,
        email: String,
        role: String,
        password: String,
        now: Date
    ) async throws -> User {
        try await create(practice, UserDraft(email: email, role: role), password: password, now: now)
    }

    /// - Parameter password: nil for one who is going to set it by a link; until then nobody signs in.
    /// - Throws: `ProblemList` on `name`, `email`, `role`, `language` or `password`; ``StorageError/notFound`` for the
    ///   practice.
    public func create(
        _ practice: Practice.ID,
        _ draft: UserDraft,
        password: String?,
        now: Date
    ) async throws -> User {
        let house = try await driver.read { try Lookup.practice(practice, in: $0) }
        var form = FormReader()
        var fields: UserFields?
        do throws(ProblemList) { fields = try draft.validated(standard: house.language) } catch { form.add(error) }
        let names = [house.name, draft.name]
        if let password, let problem = PasswordRule.problem(password, email: draft.email, names: names) {
            form.add(problem)
        }
        guard form.problems.isEmpty, let fields else { throw ProblemList(form.problems) }
        let kept = try await work.hashed(password ?? Base64URL.encode(random(32)), salt: random(Password.saltBytes))
        return try await driver.write { transaction in
            let row = try transaction.first(
                """
                INSERT INTO users (practice_id, email, role, language, name, password_salt, password_hash, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT (email) DO NOTHING
                RETURNING \(Columns.list(Columns.user))
                """,
                practice.rawValue,
                fields.email.value,
                fields.role.rawValue,
                fields.language.rawValue,
                fields.name,
                kept.salt,
                kept.hash,
                now.milliseconds
            )
            guard row != nil else { throw ProblemList(FieldProblem("email", .emailTaken)) }
            return try Lookup.read(row, User.init)
        }
    }

    /// By e-mail address.
    public func all(_ practice: Practice.ID) async throws -> [User] { try await list(practice).map(\.user) }

    /// By e-mail address, with when each was last seen.
    public func list(_ practice: Practice.ID) async throws -> [UserStanding] {
        try await driver.read { transaction in
            try transaction.query(
                "SELECT \(Columns.list(Columns.user)), seen_at FROM users WHERE practice_id = $1 ORDER BY email",
                practice.rawValue
            ).entities { UserStanding(user: try User(&$0), seenAt: try $0.optionalDate()) }
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: User.ID, _ practice: Practice.ID) async throws -> User {
        try await driver.read { try Lookup.user(id, practice, in: $0) }
    }

    /// By the address that the user signs in with.
    ///
    /// - Throws: ``StorageError/notFound``
    public func find(email: String) async throws -> User {
        let address = email.trimmingWhitespace().lowercased()
        return try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.user)) FROM users WHERE email = $1",
                address
            )
            return try Lookup.read(row, User.init)
        }
    }

    /// The user with this address and password; it takes the same time whether the address is known or not.
    public func signIn(email: String, password: String) async throws -> SignInOutcome {
        let address = email.trimmingWhitespace().lowercased()
        let found = try await driver.read { transaction -> (user: User, password: Password)? in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.user)), password_salt, password_hash FROM users WHERE email = $1",
                address
            )
            guard let row else { return nil }
            var reader = RowReader(row)
            let user = try User(&reader)
            return (user, Password(salt: try reader.bytes(), hash: try reader.bytes()))
        }
        let nobody = Password(salt: Array(repeating: 0, count: Password.saltBytes), hash: [])
        let kept = found?.password ?? nobody
        guard let matches = try await work.run({ try kept.matches(password) }) else { return .busy }
        guard matches, let user = found?.user else { return .wrong(found?.user) }
        return .matched(PasswordMatch(user, hash: kept.hash, isWhole: false))
    }
}
