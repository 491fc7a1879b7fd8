import Database
import Domain
import Foundation

/// Who did something.
public struct Actor: Hashable, Sendable {
    public let userID: User.ID?
    public let name: String

    /// Whoever gives commands on the server itself.
    public static let command = Actor(userID: nil, name: "vortag")

    private init(userID: User.ID?, name: String) {
        self.userID = userID
        self.name = name
    }

    public init(_ user: User) {
        userID = user.id
        name = user.email.value
    }

    public init(_ token: AccessToken) {
        userID = nil
        name = token.name
    }
}

/// The record of who changed or looked at what. It holds ids, and no patient's name, number or text.
public struct AuditStore: Sendable {
    let driver: any SQLDriver

    public func note(
        _ practice: Practice.ID,
        _ actor: Actor,
        _ deed: AuditEntry.Deed,
        _ subject: AuditEntry.Subject,
        _ subjectID: Int64? = nil,
        now: Date
    ) async throws {
        _ = try await driver.write { transaction in
            try transaction.execute(
                """
                INSERT INTO audit (practice_id, at, user_id, actor, deed, subject, subject_id)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                practice.rawValue,
                now.milliseconds,
                actor.userID?.rawValue,
                actor.name,
                deed.rawValue,
                subject.rawValue,
                subjectID
            )
        }
    }
}
