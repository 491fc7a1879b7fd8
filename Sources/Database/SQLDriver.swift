// A small SQL interface and its drivers. SQLite by GRDB today; PostgreSQL will stand beside it.
// Statements use `$1, $2 …` in the order of their first appearance, which both databases read.
// No table, no domain type, no rule lives here.

/// One installation's database: one file, or one PostgreSQL.
///
/// Everything is done in a transaction. The closures are synchronous and short; they run on the driver's own threads,
/// so no network wait can happen inside one.
public protocol SQLDriver: Sendable {
    /// The words in which the databases differ.
    var dialect: Dialect { get }

    /// A consistent view; writing fails.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// All or nothing, and durable once it returns. Closures that come together may share one commit.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> Value) async throws -> Value

    /// Ends all connections. What was written stays.
    func close() throws
}

/// The few words that differ between the databases.
public struct Dialect: Sendable {
    /// Type of a 64-bit integer column.
    public let integer: String
    /// Definition of a primary key that numbers itself, never twice.
    public let identity: String
    /// Type of a column of bytes.
    public let bytes: String
    /// Stands behind a table's closing parenthesis.
    public let tableOptions: String
    /// Stands behind the selection of rows that a worker claims.
    public let skipLocked: String

    public static let sqlite = Dialect(
        integer: "INTEGER",
        identity: "INTEGER PRIMARY KEY AUTOINCREMENT",
        bytes: "BLOB",
        tableOptions: " STRICT",
        skipLocked: ""
    )
}
