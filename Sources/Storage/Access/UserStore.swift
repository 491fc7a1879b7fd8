import Database
import Domain
import Foundation

/// The people who sign in to the pages.
public struct UserStore: Sendable {
    let driver: any SQLDriver
    let random: RandomBytes

    /// - Parameters:
    ///   - email: signs in with it, so it is one user's in the whole installation; small letters are kept.
    ///   - password: at least 10 characters.
    /// - Throws: `ProblemList` on `email`, `role` or `password`; ``StorageError/notFound`` for the practice.
    public func create(
        _ practice: Practice.ID,
        email: String,
        role: String,
        password: String,
        now: Date
    ) async throws -> User {
        var form = FormReader()
        let role: User.Role? = form.word(role, "role")
        let address: String
        switch EmailAddress.parse(email) {
        case .success(let parsed): address = parsed.value.lowercased()
        case .failure(let problem):
            form.add(problem)
            address = ""
        }
        var kept: Password?
        do { kept = try Password(password, salt: random(Password.saltBytes)) } catch let problems as ProblemList {
            form.add(problems)
        }
        guard form.problems.isEmpty, let role, let kept else { throw ProblemList(form.problems) }
        return try await driver.write { transaction in
            let language = try Lookup.practice(practice, in: transaction).language
            let row = try transaction.first(
                """
                INSERT INTO users (practice_id, email, role, language, password_salt, password_hash, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (email) DO NOTHING
                RETURNING \(Columns.list(Columns.user))
                """,
                practice.rawValue,
                address,
                role.rawValue,
                language.rawValue,
                kept.salt,
                kept.hash,
                now.milliseconds
            )
            guard row != nil else { throw ProblemList(FieldProblem("email", .emailTaken)) }
            return try Lookup.read(row, User.init)
        }
    }

    /// By e-mail address.
    public func all(_ practice: Practice.ID) async throws -> [User] {
        try await driver.read { transaction in
            try transaction.query(
                "SELECT \(Columns.list(Columns.user)) FROM users WHERE practice_id = $1 ORDER BY email",
                practice.rawValue
            ).entities(User.init)
        }
    }

    /// - Throws: ``StorageError/notFound``
    public func find(_ id: User.ID) async throws -> User {
        try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.user)) FROM users WHERE id = $1",
                id.rawValue
            )
            return try Lookup.read(row, User.init)
        }
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

    /// Sets a new password and ends all sessions of the user.
    ///
    /// - Throws: `ProblemList` on `password`, ``StorageError/notFound``
    public func setPassword(_ id: User.ID, password: String) async throws {
        let kept = try Password(password, salt: random(Password.saltBytes))
        try await driver.write { transaction in
            let changed = try transaction.execute(
                "UPDATE users SET password_salt = $1, password_hash = $2 WHERE id = $3",
                kept.salt,
                kept.hash,
                id.rawValue
            )
            guard changed == 1 else { throw StorageError.notFound }
            try transaction.execute("DELETE FROM sessions WHERE user_id = $1", id.rawValue)
        }
    }

    /// The user with this address and password, or nil; it takes the same time whether the address is known or not.
    public func signIn(email: String, password: String) async throws -> User? {
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
        let matches = try (found?.password ?? nobody).matches(password)
        return matches ? found?.user : nil
    }
}
