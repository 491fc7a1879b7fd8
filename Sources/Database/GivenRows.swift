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

    /// - Throws: where a row has another number of values than there are columns, or one of another kind.
    func check() throws {
        for row in rows {
            guard row.count == columns.count, zip(row, columns).allSatisfy({ $1.kind.holds($0) }) else {
                throw SQLError.failed("a given row does not fit its columns")
            }
        }
    }

    /// `given (name, …)`
    var head: String { "WITH given (" + columns.map(\.name).joined(separator: ", ") + ") AS (" }
}

extension GivenRows.Kind {
    func holds(_ value: SQLValue) -> Bool {
        switch (value, self) {
        case (.null, _), (.integer, .integer), (.text, .text): true
        default: false
        }
    }
}

extension Transaction {
    /// The rows of a statement that works on all given rows; of an UPDATE or INSERT those of its RETURNING, in no order.
    public func query(_ sql: String, given: GivenRows) throws -> [SQLRow] {
        try run(sql, given).rows
    }

    /// Runs a statement for all given rows and tells how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, given: GivenRows) throws -> Int {
        try run(sql, given).changed
    }

    private func run(_ sql: String, _ given: GivenRows) throws -> SQLResult {
        if given.rows.isEmpty { return SQLResult() }
        try given.check()
        return try steps.runGiven(sql, given)
    }
}
