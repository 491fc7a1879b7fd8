import Database
import Domain

/// Whose password was right, and which one it was. Looking takes its time: what a match opens is opened only where that is
/// still the password, so that one that was just changed opens nothing.
public struct PasswordMatch: Hashable, Sendable {
    public let user: User
    let hash: [UInt8]
    /// Whether the second factor was shown as well, or by whom nothing more is asked: somebody who is signed in.
    let isWhole: Bool

    init(_ user: User, hash: [UInt8], isWhole: Bool) {
        self.user = user
        self.hash = hash
        self.isWhole = isWhole
    }

    /// The account as it stands.
    ///
    /// - Throws: ``StorageError/notFound``
    static func find(_ id: User.ID, isWhole: Bool, in transaction: Transaction) throws -> PasswordMatch {
        let row = try transaction.first(
            "SELECT \(Columns.list(Columns.user)), password_hash FROM users WHERE id = $1",
            id.rawValue
        )
        return try Lookup.read(row) { PasswordMatch(try User(&$0), hash: try $0.bytes(), isWhole: isWhole) }
    }
}
