// A small SQL interface and its two drivers: SQLite by GRDB, PostgreSQL by libpq.
// Statements are written once, in the common subset; `$1, $2 …` stand in the order of their first appearance.
// No table, no domain type, no rule lives here.

/// One installation's database: one file, or one PostgreSQL.
///
/// Everything is done in a transaction. The closures are synchronous and short; they run on the driver's own threads,
/// so no network wait can happen inside one. A closure may be run again from its start where the database asks for it
/// (a conflict between two transactions), so it changes nothing but the database.
public protocol SQLDriver: Sendable {
    /// The words in which the databases differ.
    var dialect: Dialect { get }

    /// A consistent view; writing fails.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// All or nothing, and durable once it returns. Closures that come together may share one commit.
    ///
    /// - Throws: ``SQLError``; after ``SQLError/connectionLost`` it is not known whether the commit took place.
    func write<Value: Sendable>(
        _ isolation: Isolation,
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value

    /// A ring each time a committed transaction announced the topic, here or on another node. Rings that come while
    /// nobody looks count as one. The stream ends with the driver.
    func announcements(of topic: Topic) -> AsyncStream<Void>

    /// The database's clock in milliseconds since 1970-01-01T00:00:00Z, where it has one of its own: nodes whose clocks
    /// differ agree by it. nil where the database is in this process.
    func clockMilliseconds() async throws -> Int64?

    /// Ends all connections. What was written stays.
    func close() throws
}

extension SQLDriver {
    /// A write that behaves as if it were alone.
    public func write<Value: Sendable>(
        _ body: @escaping @Sendable (Transaction) throws -> Value
    ) async throws -> Value {
        try await write(.serializable, body)
    }
}

/// How much a transaction is kept apart from others that run at the same time. SQLite has one writer, so that both are
/// the same there.
public enum Isolation: Sendable {
    /// As if it were alone. Where two get into each other's way, one is run again.
    case serializable
    /// Each statement sees what is committed when it begins. For transactions whose statements guard themselves by the
    /// state that they expect, and count their rows.
    case guarded
}

/// What a transaction can announce once it is committed.
public enum Topic: String, Sendable, CaseIterable {
    /// A reminder was planned or put off to a time before others; whoever sends should look.
    case reminders = "vortag_reminders"
    /// A provider has called (webhook); whoever speaks with it should read that.
    case hooks = "vortag_hooks"
    /// Somebody wants a provider tried.
    case trials = "vortag_trials"
}
