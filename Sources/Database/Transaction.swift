/// What a driver does for an open transaction.
struct TransactionSteps {
    let query: (String, [SQLValue]) throws -> [SQLRow]
    let execute: (String, [SQLValue]) throws -> Int
    let executeEach: (String, [[SQLValue]]) throws -> [Int]
    let script: (String) throws -> Void
}

/// An open transaction. It must not leave the closure that it was given to.
public struct Transaction {
    public let dialect: Dialect
    private let steps: TransactionSteps

    init(dialect: Dialect, steps: TransactionSteps) {
        self.dialect = dialect
        self.steps = steps
    }

    /// All rows of a statement; also of an INSERT, UPDATE or DELETE with RETURNING.
    public func query(_ sql: String, _ values: any SQLBindable...) throws -> [SQLRow] {
        try steps.query(sql, values.map { $0.sqlValue })
    }

    /// As above, for values that were collected.
    public func query(_ sql: String, values: [SQLValue]) throws -> [SQLRow] {
        try steps.query(sql, values)
    }

    /// The only row of a statement, or nil.
    public func first(_ sql: String, _ values: any SQLBindable...) throws -> SQLRow? {
        try steps.query(sql, values.map { $0.sqlValue }).first
    }

    /// As above, for values that were collected.
    public func first(_ sql: String, values: [SQLValue]) throws -> SQLRow? {
        try steps.query(sql, values).first
    }

    /// Runs a statement and tells how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ values: any SQLBindable...) throws -> Int {
        try steps.execute(sql, values.map { $0.sqlValue })
    }

    /// As above, for values that were collected.
    @discardableResult
    public func execute(_ sql: String, values: [SQLValue]) throws -> Int {
        try steps.execute(sql, values)
    }

    /// Runs one statement for each row of values, prepared once; tells the rows changed by each.
    @discardableResult
    public func execute(_ sql: String, each rows: [[SQLValue]]) throws -> [Int] {
        try steps.executeEach(sql, rows)
    }

    /// Runs several statements without values, as migrations do.
    public func script(_ sql: String) throws {
        try steps.script(sql)
    }
}
