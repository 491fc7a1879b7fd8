import Database
import Domain
import Foundation
import Synchronization

extension Date {
    /// Milliseconds since 1970-01-01T00:00:00Z, as the tables keep instants.
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1_000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1_000) }
}

/// Reads the columns of a row from left to right, so that rows of joined tables are read entity by entity.
struct RowReader {
    private let row: SQLRow
    private var column: Int

    init(_ row: SQLRow, at column: Int = 0) {
        self.row = row
        self.column = column
    }

    /// Whether the next column is NULL; an outer join that found nothing begins with one.
    var isNull: Bool { row.isNull(column) }

    mutating func skip(_ count: Int = 1) { column += count }

    mutating func integer() throws -> Int64 { try row.integer(step()) }
    mutating func optionalInteger() throws -> Int64? { try row.optionalInteger(step()) }
    mutating func text() throws -> String { try row.text(step()) }
    mutating func optionalText() throws -> String? { try row.optionalText(step()) }
    mutating func bool() throws -> Bool { try row.bool(step()) }
    mutating func bytes() throws -> [UInt8] { try row.bytes(step()) }
    mutating func id<Owner>() throws -> Identifier<Owner> { Identifier(try integer()) }
    mutating func optionalID<Owner>() throws -> Identifier<Owner>? { try optionalInteger().map { Identifier($0) } }
    mutating func date() throws -> Date { Date(milliseconds: try integer()) }
    mutating func optionalDate() throws -> Date? { try optionalInteger().map { Date(milliseconds: $0) } }

    /// A word of an enumeration.
    mutating func word<Word: RawRepresentable<String>>() throws -> Word {
        let here = column
        return try Self.required(Word(rawValue: text()), here)
    }

    mutating func optionalWord<Word: RawRepresentable<String>>() throws -> Word? {
        if isNull {
            skip()
            return nil
        }
        return try word()
    }

    mutating func zone() throws -> TimeZone {
        let here = column
        return try Self.required(TimeZones.named(text()), here)
    }

    mutating func optionalZone() throws -> TimeZone? {
        if isNull {
            skip()
            return nil
        }
        return try zone()
    }

    /// A value that was checked before it was stored.
    mutating func stored<Value>(_ make: (String) -> Value?) throws -> Value {
        let here = column
        return try Self.required(make(text()), here)
    }

    mutating func optionalStored<Value>(_ make: (String) -> Value?) throws -> Value? {
        if isNull {
            skip()
            return nil
        }
        return try stored(make)
    }

    private mutating func step() -> Int {
        defer { column += 1 }
        return column
    }

    private static func required<Value>(_ value: Value?, _ column: Int) throws -> Value {
        guard let value else { throw SQLError.unexpectedValue(column: column) }
        return value
    }
}

/// Time zones by name. Making one reads tzdata, which is too slow for each of many rows.
enum TimeZones {
    private static let known = Mutex<[String: TimeZone]>([:])

    static func named(_ identifier: String) -> TimeZone? {
        known.withLock { known in
            if let zone = known[identifier] { return zone }
            let zone = TimeZone(identifier: identifier)
            known[identifier] = zone
            return zone
        }
    }
}
