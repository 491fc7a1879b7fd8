import Database
import Domain
import Foundation

extension UserStore {
    /// Changes a user's particulars. Another role or address ends the user's sessions, but for the one of `keeping`;
    /// links that went to the old address are good for nothing any more.
    ///
    /// - Parameter version: the one that the edit was made from, see ``Domain/User/version``; nil: whichever there is.
    /// - Throws: `ProblemList` (`last_admin` on `role` where nobody would be left to administer the practice),
    ///   ``StorageError/notFound``, ``StorageError/stale``
    public func change(
        _ id: User.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        keeping token: String? = nil,
        edit: @escaping @Sendable (inout UserDraft) -> Void
    ) async throws -> User {
        try await driver.write { transaction in
            let old = try Lookup.user(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = UserDraft(existing: old)
            edit(&draft)
            let fields = try draft.validated(standard: old.language)
            if old.role == .admin, fields.role != .admin {
                try Self.checkAdmin(remains: practice, without: id, field: "role", in: transaction)
            }
            let row = try transaction.first(
                """
                UPDATE users SET name = $1, email = $2, role = $3, language = $4
                WHERE id = $5 AND NOT EXISTS (SELECT 1 FROM users o WHERE o.email = $2 AND o.id <> $5)
                RETURNING \(Columns.list(Columns.user))
                """,
                fields.name,
                fields.email.value,
                fields.role.rawValue,
                fields.language.rawValue,
                id.rawValue
            )
            guard row != nil else { throw ProblemList(FieldProblem("email", .emailTaken)) }
            let isElsewhere = fields.email != old.email
            if isElsewhere || fields.role != old.role {
                try SessionStore.endAll(of: id, keeping: token, in: transaction)
            }
            if isElsewhere { try ResetStore.endAll(of: id, in: transaction) }
            return try Lookup.read(row, User.init)
        }
    }

    /// Takes a user away, with sessions, links and second factor. What the user did stays on record.
    ///
    /// - Throws: `ProblemList` with `last_admin` on `user`, ``StorageError/notFound``
    public func remove(_ id: User.ID, _ practice: Practice.ID) async throws {
        try await driver.write { transaction in
            let user = try Lookup.user(id, practice, in: transaction)
            if user.role == .admin {
                try Self.checkAdmin(remains: practice, without: id, field: "user", in: transaction)
            }
            try transaction.execute("DELETE FROM users WHERE id = $1", id.rawValue)
        }
    }

    /// Sets a new password and ends all sessions of the user.
    ///
    /// - Parameter old: what it takes the place of; nil: of whatever there is.
    /// - Returns: with what the person comes in again.
    /// - Throws: `ProblemList` on `password`, ``StorageError/notFound``, ``StorageError/stale`` where it is the old one no
    ///   more
    @discardableResult
    public func setPassword(
        _ id: User.ID,
        password: String,
        replacing old: PasswordMatch? = nil
    ) async throws -> PasswordMatch {
        let (user, house) = try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.user)) FROM users WHERE id = $1",
                id.rawValue
            )
            let user = try Lookup.read(row, User.init)
            return (user, try Lookup.practice(user.practiceID, in: transaction).name)
        }
        let kept = try await work.password(password, for: user, of: house, salt: random(Password.saltBytes))
        return try await driver.write { transaction in
            if let old {
                let present = try PasswordMatch.find(id, isWhole: true, in: transaction)
                guard present.hash == old.hash else { throw StorageError.stale }
            }
            try Self.set(kept, id, in: transaction)
            return try PasswordMatch.find(id, isWhole: true, in: transaction)
        }
    }

    /// Whether it is the user's password, for what somebody who is signed in must not do unasked.
    public func matches(_ id: User.ID, password: String) async throws -> SignInOutcome {
        let (user, kept) = try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT \(Columns.list(Columns.user)), password_salt, password_hash FROM users WHERE id = $1",
                id.rawValue
            )
            return try Lookup.read(row) {
                (try User(&$0), Password(salt: try $0.bytes(), hash: try $0.bytes()))
            }
        }
        guard let matches = try await work.run({ try kept.matches(password) }) else { return .busy }
        return matches ? .matched(PasswordMatch(user, hash: kept.hash, isWhole: true)) : .wrong(user)
    }

    /// Everything that the old password had opened is shut.
    static func set(_ kept: Password, _ id: User.ID, in transaction: Transaction) throws {
        let changed = try transaction.execute(
            "UPDATE users SET password_salt = $1, password_hash = $2 WHERE id = $3",
            kept.salt,
            kept.hash,
            id.rawValue
        )
        guard changed == 1 else { throw StorageError.notFound }
        try SessionStore.endAll(of: id, in: transaction)
        try ResetStore.endAll(of: id, in: transaction)
    }

    private static func checkAdmin(
        remains practice: Practice.ID,
        without id: User.ID,
        field: String,
        in transaction: Transaction
    ) throws {
        let other = try transaction.first(
            "SELECT 1 FROM users WHERE practice_id = $1 AND role = 'admin' AND id <> $2",
            practice.rawValue,
            id.rawValue
        )
        guard other == nil else { return }
        throw ProblemList(FieldProblem(field, .fieldInvalid, ["reason": "last_admin"]))
    }
}

extension User {
    /// Another one with each change of the particulars that a form shows: their digest, since users carry no count.
    public var version: Int64 {
        let text = [email.value, name, role.rawValue, language.rawValue].joined(separator: "\n")
        return Hash.of(text).prefix(7).reduce(0) { $0 << 8 | Int64($1) }
    }
}

extension Lookup {
    static func user(_ id: User.ID, _ practice: Practice.ID, in transaction: Transaction) throws -> User {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.user)) FROM users WHERE id = $1 AND practice_id = $2",
            id.rawValue,
            practice.rawValue
        )
        return try read(row, User.init)
    }
}
