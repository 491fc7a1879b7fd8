import GRDB
import GRDBSQLite

/// Runs statements on one of GRDB's connections. The connection, its life and its cache of prepared statements are
/// GRDB's; values go in and out by SQLite's own functions, since GRDB's argument arrays took a quarter of the engine's
/// time.
struct SQLiteConnection {
    /// Rows that one statement works on together, at most; further ones cost no less each.
    private static let largestGiven = 128

    let database: GRDB.Database

    func run(_ sql: String, each rows: [[SQLValue]]) throws -> [SQLResult] {
        let handle = try prepared(sql)
        defer { sqlite3_clear_bindings(handle) }
        var results: [SQLResult] = []
        results.reserveCapacity(rows.count)
        for values in rows {
            defer { sqlite3_reset(handle) }
            try checkCount(values.count, handle)
            try bind(values, to: handle)
            results.append(try step(handle))
        }
        return results
    }

    /// Runs one statement for all rows together. A statement is prepared for a number of rows, which is always a power of
    /// two, so that few are.
    func run(_ sql: String, given: GivenRows) throws -> SQLResult {
        let row = "(" + given.columns.map { _ in "?" }.joined(separator: ",") + ")"
        var result = SQLResult()
        var rest = given.rows[...]
        while !rest.isEmpty {
            let count = min(Self.largestGiven, 1 << (Int.bitWidth - 1 - rest.count.leadingZeroBitCount))
            let values = String(repeating: row + ",", count: count - 1) + row
            let handle = try prepared("\(given.head)VALUES \(values)) \(sql)")
            defer {
                sqlite3_reset(handle)
                sqlite3_clear_bindings(handle)
            }
            try checkCount(count * given.columns.count, handle)
            for (index, values) in rest.prefix(count).enumerated() {
                try bind(values, from: index * given.columns.count, to: handle)
            }
            let part = try step(handle)
            result.rows += part.rows
            result.changed += part.changed
            rest = rest.dropFirst(count)
        }
        return result
    }

    private func prepared(_ sql: String) throws -> OpaquePointer {
        do { return try database.cachedStatement(sql: sql).sqliteStatement } catch let error as DatabaseError {
            throw SQLError(error)
        }
    }

    func script(_ sql: String) throws {
        do { try database.execute(sql: sql) } catch let error as DatabaseError { throw SQLError(error) }
    }

    private func step(_ handle: OpaquePointer) throws -> SQLResult {
        var result = SQLResult()
        let columns = sqlite3_column_count(handle)
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: result.rows.append(SQLRow((0..<columns).map { value(handle, $0) }))
            case SQLITE_DONE:
                if sqlite3_stmt_readonly(handle) == 0 { result.changed = database.changesCount }
                return result
            case let code: throw failure(code)
            }
        }
    }

    private func checkCount(_ count: Int, _ handle: OpaquePointer) throws {
        guard Int(sqlite3_bind_parameter_count(handle)) == count else {
            throw SQLError.failed("a statement has other parameters than it was given values")
        }
    }

    /// - Parameter start: how many parameters stand before the first.
    private func bind(_ values: [SQLValue], from start: Int = 0, to handle: OpaquePointer) throws {
        for (index, value) in values.enumerated() {
            let code = bind(value, at: CInt(start + index + 1), to: handle)
            guard code == SQLITE_OK else { throw failure(code) }
        }
    }

    private func bind(_ value: SQLValue, at index: CInt, to handle: OpaquePointer) -> CInt {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let integer): return sqlite3_bind_int64(handle, index, integer)
        case .text(let text): return bind(text, at: index, to: handle)
        case .bytes(let bytes):
            // An empty array may have no address, and no address would be NULL.
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, index, 0) }
            return bytes.withUnsafeBytes { buffer in
                sqlite3_bind_blob64(handle, index, buffer.baseAddress, UInt64(buffer.count), Self.copied)
            }
        case .integers(let integers):
            return bind("[" + integers.map(String.init).joined(separator: ",") + "]", at: index, to: handle)
        }
    }

    private func bind(_ text: String, at index: CInt, to handle: OpaquePointer) -> CInt {
        var text = text
        return text.withUTF8 { buffer in
            buffer.withMemoryRebound(to: CChar.self) { characters in
                // The empty text's buffer may have no address, and no address would be NULL.
                guard let start = characters.baseAddress, !characters.isEmpty else {
                    return sqlite3_bind_text(handle, index, "", 0, Self.copied)
                }
                return sqlite3_bind_text(handle, index, start, CInt(characters.count), Self.copied)
            }
        }
    }

    private func value(_ handle: OpaquePointer, _ column: CInt) -> SQLValue {
        switch sqlite3_column_type(handle, column) {
        case SQLITE_INTEGER: return .integer(sqlite3_column_int64(handle, column))
        case SQLITE_FLOAT: return .integer(Int64(sqlite3_column_double(handle, column)))
        case SQLITE_TEXT:
            guard let start = sqlite3_column_text(handle, column) else { return .text("") }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .text(String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self))
        case SQLITE_BLOB:
            guard let start = sqlite3_column_blob(handle, column) else { return .bytes([]) }
            let count = Int(sqlite3_column_bytes(handle, column))
            return .bytes([UInt8](UnsafeRawBufferPointer(start: start, count: count)))
        default: return .null
        }
    }

    private func failure(_ code: CInt) -> SQLError {
        SQLError(code: code, message: String(cString: sqlite3_errmsg(database.sqliteConnection)))
    }

    /// SQLITE_TRANSIENT: SQLite copies the value before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
}
