/// Many rows of values that one statement works on together. The statement reads them as a table named `given`:
///
///     UPDATE things SET name = given.name FROM given WHERE things.id = given.id RETURNING things.id
///
/// One run for many rows costs a fraction of a run for each, in either database. A row of the target may be meant by
/// one given row only: what becomes of it by two is not defined.
public struct GivenRows: Sendable {
    /// What a column holds. NULL is of any kind.
    public enum Kind: Sendable {
        case integer
        case text
    }

    struct Column: Sendable {
        let name: String
        let kind: Kind
    }

    let columns: [Column]
    let rows: [[SQLValue]]

    /// - Parameters:
    ///   - columns: their names, in the order in which each row holds the values.
    public init(_ columns: KeyValuePairs<String, Kind>, _ rows: [[SQLValue]]) {
        self.columns = columns.map { Column(name: $0.key, kind: $0.value) }
        self.rows = rows
    }

    /// `given (name, …)`
    var head: String { "WITH given (" + columns.map(\.name).joined(separator: ", ") + ") AS (" }
}

extension Transaction {
    /// The rows of a statement that works on all given rows; of an UPDATE or INSERT those of its RETURNING, in no order.
    public func query(_ sql: String, given: GivenRows) throws -> [SQLRow] {
        given.rows.isEmpty ? [] : try steps.runGiven(sql, given).rows
    }

    /// Runs a statement for all given rows and tells how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, given: GivenRows) throws -> Int {
        given.rows.isEmpty ? 0 : try steps.runGiven(sql, given).changed
    }
}
