import Database
import Domain
import Foundation

/// Calls of providers (webhooks): on record as they came before they are answered, read afterwards by whoever speaks
/// with the provider.
public struct HookStore: Sendable {
    /// One that waits to be read.
    public struct Waiting: Sendable {
        public let id: Int64
        public let hook: StoredHook
    }

    let driver: any SQLDriver

    /// Puts a genuine call on record; false for one that came before, of which nothing is taken again.
    public func store(_ hook: StoredHook, of provider: Provider.ID, fingerprint: [UInt8]) async throws -> Bool {
        try await driver.write(.guarded) { transaction in
            let row = try transaction.first(
                """
                INSERT INTO hooks (provider_id, fingerprint, received_at, content_type, body)
                VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (provider_id, fingerprint) DO NOTHING RETURNING id
                """,
                provider.rawValue,
                fingerprint,
                hook.receivedAt.milliseconds,
                hook.contentType,
                hook.body
            )
            if row != nil { try transaction.announce(.hooks) }
            return row != nil
        }
    }

    /// Those of a provider that nobody has read, in the order in which they came.
    public func waiting(_ provider: Provider.ID, limit: Int = 200) async throws -> [Waiting] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT id, content_type, body, received_at FROM hooks
                WHERE provider_id = $1 AND outcome IS NULL ORDER BY id LIMIT $2
                """,
                provider.rawValue,
                limit
            ).map { row in
                var reader = RowReader(row)
                return Waiting(
                    id: try reader.integer(),
                    hook: StoredHook(
                        contentType: try reader.text(),
                        body: try reader.bytes(),
                        receivedAt: try reader.date()
                    )
                )
            }
        }
    }

    /// Notes that calls were read, or cannot be. What they said is forgotten; that they came is not.
    public func finish(read: [Int64], unreadable: [Int64]) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                "UPDATE hooks SET outcome = $1, body = $2 WHERE id = $3",
                each: (read.map { ($0, "read") } + unreadable.map { ($0, "unreadable") })
                    .map { id, outcome in [.text(outcome), .bytes([]), .integer(id)] }
            )
        }
    }

    /// Whether the provider has called within so many seconds: then silence means something.
    public func hasCalled(_ provider: Provider.ID, since instant: Date) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                "SELECT 1 FROM hooks WHERE provider_id = $1 AND outcome = 'read' AND received_at >= $2 LIMIT 1",
                provider.rawValue,
                instant.milliseconds
            ) != nil
        }
    }

    /// Forgets calls that came before the instant, also unread ones: a provider that is gone has no reader.
    public func drop(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            try transaction.execute("DELETE FROM hooks WHERE received_at < $1", instant.milliseconds)
        }
    }

    /// A ring each time a call was put on record.
    public func arrivals() -> AsyncStream<Void> { driver.announcements(of: .hooks) }
}
