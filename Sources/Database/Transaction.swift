/// What one run of a statement gave.
struct SQLResult {
    var rows: [SQLRow] = []
    /// Rows that an INSERT, UPDATE or DELETE changed.
    var changed = 0
}

/// What a driver does for an open transaction.
struct TransactionSteps {
    /// Runs one statement for each row of values, prepared once.
    let run: (String, [[SQLValue]]) throws -> [SQLResult]
    /// Runs one statement for all rows of values together.
    let runGiven: (String, GivenRows) throws -> SQLResult
    /// Runs several statements without values.
    let script: (String) throws -> Void
    /// Rings for a topic once the transaction is committed.
    let announce: (Topic) throws -> Void
}

/// An open transaction. It must not leave the closure that it was given to.
public struct Transaction {
    public let dialect: Dialect
    let steps: TransactionSteps

    init(dialect: Dialect, steps: TransactionSteps) {
        self.dialect = dialect
        self.steps = steps
    }

    /// All rows of a statement; also of an INSERT, UPDATE or DELETE with RETURNING.
    public func query(_ sql: String, _ values: any SQLBindable...) throws -> [SQLRow] {
        try query(sql, values: values.map { $0.sqlValue })
    }

    /// As above, for values that were collected.
    public func query(_ sql: String, values: [SQLValue]) throws -> [SQLRow] {
        try steps.run(sql, [values]).first?.rows ?? []
    }

    /// The rows of one statement that is run for each row of values, in the order of the values.
    public func query(_ sql: String, each rows: [[SQLValue]]) throws -> [[SQLRow]] {
        rows.isEmpty ? [] : try steps.run(sql, rows).map(\.rows)
    }

    /// The only row of a statement, or nil.
    public func first(_ sql: String, _ values: any SQLBindable...) throws -> SQLRow? {
        try query(sql, values: values.map { $0.sqlValue }).first
    }

    /// As above, for values that were collected.
    public func first(_ sql: String, values: [SQLValue]) throws -> SQLRow? {
        try query(sql, values: values).first
    }

    /// Runs a statement and tells how many rows it changed.
    @discardableResult
    public func execute(_ sql: String, _ values: any SQLBindable...) throws -> Int {
        try execute(sql, values: values.map { $0.sqlValue })
    }

    /// As above, for values that were collected.
    @discardableResult
    public func execute(_ sql: String, values: [SQLValue]) throws -> Int {
        try steps.run(sql, [values]).first?.changed ?? 0
    }

    /// Runs one statement for each row of values, prepared once; tells the rows changed by each.
    @discardableResult
    public func execute(_ sql: String, each rows: [[SQLValue]]) throws -> [Int] {
        rows.isEmpty ? [] : try steps.run(sql, rows).map(\.changed)
    }

    /// Waits until no other transaction is open that took the turn of the same name, on whatever node. Whatever such a
    /// one wrote is seen by the statements that follow.
    public func takeTurn(_ name: String) throws {
        if let turn = dialect.turn { _ = try query(turn, name) }
    }

    /// Runs several statements without values, as migrations do.
    public func script(_ sql: String) throws {
        try steps.script(sql)
    }

    /// Rings for whoever waits for the topic, here and on other nodes, once this transaction is committed.
    public func announce(_ topic: Topic) throws {
        try steps.announce(topic)
    }
}
