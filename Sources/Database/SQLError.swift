/// What can go wrong between us and the database, in terms that do not depend on which one it is.
public enum SQLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A UNIQUE, CHECK, NOT NULL or FOREIGN KEY said no. The detail names the constraint, never a value.
    case constraint(String)
    /// Someone else holds the database for longer than we wait.
    case busy
    /// No room on the disk.
    case full
    /// The disk failed to read or write; where it is full, some of SQLite's files fail in this way.
    case disk
    /// The file is no database, or is damaged.
    case notADatabase
    /// The file or server cannot be opened, and trying again will not help: the configuration is wrong.
    case cannotOpen(String)
    /// The server does not answer, or takes no connection at present.
    case unreachable(String)
    /// The statement names a table that is not there: the schema is not ours, or was never made.
    case noSuchTable
    /// The connection broke; whether a commit that was under way took place is not known.
    case connectionLost
    /// A row is not of the shape that the statement promises.
    case unexpectedValue(column: Int)
    /// Everything else, in the database's own words.
    case failed(String)

    public var description: String {
        switch self {
        case .constraint(let detail): "the database refused a row: \(detail)"
        case .busy: "the database is locked by another process"
        case .full: "the disk that holds the database is full"
        case .disk: "the disk that holds the database cannot be read or written; it may be full"
        case .notADatabase: "the file is not a database, or it is damaged"
        case .cannotOpen(let detail): "the database cannot be opened: \(detail)"
        case .unreachable(let detail): "the database server cannot be reached: \(detail)"
        case .noSuchTable: "the database does not have our tables"
        case .connectionLost: "the connection to the database was lost"
        case .unexpectedValue(let column): "a row has an unexpected value in column \(column)"
        case .failed(let detail): "the database failed: \(detail)"
        }
    }
}
