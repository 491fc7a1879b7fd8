import Database
import Domain
import Foundation

/// How a mailbox does beyond what is on record of every carrier.
public struct MailboxStanding: Hashable, Sendable {
    /// When it was last looked for what came back; nil for never.
    public let readAt: Date?
    /// Why it could not be read; empty where it could, or was not tried.
    public let trouble: String
    /// Until when it may send no more; nil where it may.
    public let heldUntil: Date?
    /// How many its server took in an hour or a day before it took no more.
    public let perHour: Int?
    public let perDay: Int?

    public init(
        readAt: Date? = nil,
        trouble: String = "",
        heldUntil: Date? = nil,
        perHour: Int? = nil,
        perDay: Int? = nil
    ) {
        self.readAt = readAt
        self.trouble = trouble
        self.heldUntil = heldUntil
        self.perHour = perHour
        self.perDay = perDay
    }
}

extension MailboxStore {
    /// Takes everything, where nothing is to be opened by it.
    public static let unchecked: Check = { _, _ in }

    /// Every mailbox of the installation, in the order in which they were added.
    public func all() async throws -> [Mailbox] {
        try await driver.read { transaction in
            try transaction.query("\(Self.selection) ORDER BY b.provider_id").entities(Mailbox.init)
        }
    }

    /// - Parameter practice: nil for the whole installation.
    public func standings(of practice: Practice.ID? = nil) async throws -> [Provider.ID: MailboxStanding] {
        let rows = try await driver.read { transaction in
            try transaction.query(
                """
                SELECT provider_id, read_at, read_trouble, held_until, learned_hour, learned_day FROM mailboxes
                WHERE $1 = 0 OR practice_id = $1
                """,
                practice?.rawValue ?? 0
            ).entities { reader in
                (
                    try reader.id() as Provider.ID,
                    MailboxStanding(
                        readAt: try reader.optionalDate(),
                        trouble: try reader.text(),
                        heldUntil: try reader.optionalDate(),
                        perHour: try reader.optionalInteger().map { Int($0) },
                        perDay: try reader.optionalInteger().map { Int($0) }
                    )
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: rows)
    }
}
