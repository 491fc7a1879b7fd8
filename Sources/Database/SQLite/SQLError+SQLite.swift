import GRDB
import GRDBSQLite

extension SQLError {
    init(_ error: DatabaseError) {
        self.init(code: error.resultCode.rawValue, message: error.message ?? "")
    }

    /// - Parameter code: a result code of SQLite, basic or extended; its lowest eight bits are the basic one.
    init(code: CInt, message: String) {
        switch code & 0xFF {
        case SQLITE_CONSTRAINT: self = .constraint(message)
        case SQLITE_BUSY, SQLITE_LOCKED: self = .busy
        case SQLITE_FULL: self = .full
        case SQLITE_IOERR: self = .disk
        case SQLITE_NOTADB, SQLITE_CORRUPT: self = .notADatabase
        case SQLITE_CANTOPEN: self = .cannotOpen("no such file, or no right to open it")
        case SQLITE_READONLY: self = .cannotOpen("no right to write to it")
        case SQLITE_ERROR where message.hasPrefix("no such table"): self = .noSuchTable
        default: self = .failed("\(code) \(message)")
        }
    }

    init(opening error: any Error) {
        switch error {
        case let error as DatabaseError: self = SQLError(error)
        case let error as SQLError: self = error
        default: self = .cannotOpen("no such folder, or no right to write to it")
        }
    }
}
