import Database
import Domain

/// What a practice has of what it needs before the first reminder can leave.
public struct PracticeSetup: Hashable, Sendable {
    /// Someone could carry its SMS.
    public let hasProvider: Bool
    /// It has a mailbox that is switched on.
    public let ownMailbox: Bool
    /// A test of one of its own providers or mailboxes went well.
    public let hasTrial: Bool
    /// A message was made for one of its patients.
    public let hasMessages: Bool

    public init(hasProvider: Bool, ownMailbox: Bool, hasTrial: Bool, hasMessages: Bool) {
        self.hasProvider = hasProvider
        self.ownMailbox = ownMailbox
        self.hasTrial = hasTrial
        self.hasMessages = hasMessages
    }
}

extension PracticeStore {
    public func setup(_ id: Practice.ID) async throws -> PracticeSetup {
        try await driver.read { transaction in
            func exists(_ sql: String) throws -> Bool { try transaction.first(sql, id.rawValue) != nil }
            return PracticeSetup(
                hasProvider: try ProviderStore.exists(for: id, in: transaction),
                ownMailbox: try exists(
                    """
                    SELECT 1 FROM mailboxes b JOIN providers v ON v.id = b.provider_id
                    WHERE v.enabled = 1 AND b.practice_id = $1 LIMIT 1
                    """
                ),
                hasTrial: try exists(
                    """
                    SELECT 1 FROM trials t JOIN providers v ON v.id = t.provider_id
                    WHERE (v.practice_id = $1 OR v.id IN (SELECT provider_id FROM mailboxes WHERE practice_id = $1))
                        AND t.step IN ('accepted', 'copied', 'delivered', 'no_news') LIMIT 1
                    """
                ),
                hasMessages: try exists("SELECT 1 FROM messages WHERE practice_id = $1 LIMIT 1")
            )
        }
    }
}
