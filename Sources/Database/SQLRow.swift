/// One row of a result, its columns in the order of the statement.
public struct SQLRow: Sendable {
    public let values: [SQLValue]

    public init(_ values: [SQLValue]) { self.values = values }

    /// - Throws: ``SQLError/unexpectedValue(column:)`` where the column is missing or of another type.
    public func integer(_ column: Int) throws -> Int64 {
        guard column < values.count, case .integer(let value) = values[column] else {
            throw SQLError.unexpectedValue(column: column)
        }
        return value
    }

    public func optionalInteger(_ column: Int) throws -> Int64? {
        isNull(column) ? nil : try integer(column)
    }

    public func text(_ column: Int) throws -> String {
        guard column < values.count, case .text(let value) = values[column] else {
            throw SQLError.unexpectedValue(column: column)
        }
        return value
    }

    public func optionalText(_ column: Int) throws -> String? {
        isNull(column) ? nil : try text(column)
    }

    public func bool(_ column: Int) throws -> Bool { try integer(column) != 0 }

    public func bytes(_ column: Int) throws -> [UInt8] {
        guard column < values.count, case .bytes(let value) = values[column] else {
            throw SQLError.unexpectedValue(column: column)
        }
        return value
    }

    public func isNull(_ column: Int) -> Bool {
        guard column < values.count, case .null = values[column] else { return false }
        return true
    }
}
