import Database
import Domain
import Foundation

/// How a provider does, as the processes that speak with it see it; for pages, `doctor` and metrics.
public struct ProviderHealth: Hashable, Sendable {
    public enum State: String, CaseIterable, Sendable {
        case well
        /// Not reached, or our account is refused: it is tried from time to time.
        case resting
        /// It takes messages, and no receipt comes.
        case silent
    }

    public let provider: Provider.ID
    public let state: State
    /// The provider's own words and codes; no personal data.
    public let detail: String
    public let since: Date
    /// When it was last told so.
    public let seenAt: Date

    /// What was told long ago tells nothing: nobody may speak with the provider any more.
    public func isCurrent(at now: Date) -> Bool { now.timeIntervalSince(seenAt) < Self.validity }

    /// In seconds; more than twice the time after which it is told anew.
    static let validity = 900.0
}

/// Keeps what is known of the providers' health.
public struct HealthStore: Sendable {
    let driver: any SQLDriver

    /// - Parameter detail: cut to 200 characters.
    public func note(
        _ state: ProviderHealth.State,
        of provider: Provider.ID,
        detail: String = "",
        at now: Date
    ) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO health (provider_id, state, detail, since, seen_at) VALUES ($1, $2, $3, $4, $4)
                ON CONFLICT (provider_id) DO UPDATE SET detail = excluded.detail, seen_at = excluded.seen_at,
                    since = CASE WHEN health.state = excluded.state THEN health.since ELSE excluded.since END,
                    state = excluded.state
                """,
                provider.rawValue,
                state.rawValue,
                String(detail.prefix(200)),
                now.milliseconds
            )
        }
    }

    public func all() async throws -> [Provider.ID: ProviderHealth] {
        let rows = try await driver.read { transaction in
            try transaction.query("SELECT provider_id, state, detail, since, seen_at FROM health").entities { reader in
                ProviderHealth(
                    provider: try reader.id(),
                    state: try reader.word(),
                    detail: try reader.text(),
                    since: try reader.date(),
                    seenAt: try reader.date()
                )
            }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.provider, $0) })
    }

    /// Whether there are providers for a practice's SMS, and all of them were told to be ill not long ago.
    static func areAllIll(for practice: Practice.ID, now: Date, in transaction: Transaction) throws -> Bool {
        let row = try transaction.first(
            """
            SELECT COUNT(*), COUNT(CASE WHEN h.state <> 'well' AND h.seen_at > $1 THEN 1 END)
            FROM providers p LEFT JOIN health h ON h.provider_id = p.id
            WHERE p.kind <> 'mailbox' AND p.enabled = 1 AND (p.practice_id = $2 OR p.practice_id IS NULL)
            """,
            (now - ProviderHealth.validity).milliseconds,
            practice.rawValue
        )
        guard let row else { return false }
        let (all, ill) = (try row.integer(0), try row.integer(1))
        return all > 0 && all == ill
    }

    /// Of providers that carry messages.
    static func counts(in transaction: Transaction) throws -> [ProviderHealth.State: Int] {
        let rows = try transaction.query(
            """
            SELECT h.state, COUNT(*) FROM health h JOIN providers p ON p.id = h.provider_id
            WHERE p.enabled = 1 GROUP BY h.state
            """
        ).entities { reader in (try reader.word() as ProviderHealth.State, Int(try reader.integer())) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    /// How many of some messages are still without any receipt.
    public func unanswered(_ messages: [Message.ID]) async throws -> Int {
        try await driver.read { transaction in
            let row = try transaction.first(
                """
                SELECT COUNT(*) FROM messages
                WHERE \(transaction.dialect.isOne("id", of: "$1")) AND status = 'submitted'
                """,
                values: [.integers(messages.map(\.rawValue))]
            )
            return Int(try row?.integer(0) ?? 0)
        }
    }
}
