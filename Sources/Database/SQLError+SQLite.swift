import GRDB

extension SQLError {
    init(_ error: DatabaseError) {
        switch error.resultCode {
        case .SQLITE_CONSTRAINT: self = .constraint(error.message ?? "constraint")
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy
        case .SQLITE_FULL: self = .full
        case .SQLITE_IOERR: self = .disk
        case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase
        case .SQLITE_CANTOPEN: self = .cannotOpen("no such file, or no right to open it")
        case .SQLITE_READONLY: self = .cannotOpen("no right to write to it")
        default: self = .failed("\(error.resultCode) \(error.message ?? "")")
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
