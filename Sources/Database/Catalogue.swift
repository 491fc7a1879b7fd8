/// One table as the database itself describes it.
public struct TableShape: Hashable, Sendable {
    public let name: String
    public let columns: [String]
    /// Columns of the primary key, in its order.
    public let key: [String]
    /// Tables that it refers to.
    public let references: Set<String>

    public init(name: String, columns: [String], key: [String], references: Set<String>) {
        self.name = name
        self.columns = columns
        self.key = key
        self.references = references
    }
}

extension Transaction {
    /// All tables that are ours, read from the database's own catalogue.
    public func tables() throws -> [TableShape] {
        var references: [String: Set<String>] = [:]
        for row in try query(dialect.references) { references[try row.text(0), default: []].insert(try row.text(1)) }
        var shapes: [(name: String, columns: [String], key: [Int64: String])] = []
        for row in try query(dialect.columns) {
            let (table, column, place) = (try row.text(0), try row.text(1), try row.integer(2))
            if shapes.last?.name != table { shapes.append((table, [], [:])) }
            shapes[shapes.count - 1].columns.append(column)
            if place > 0 { shapes[shapes.count - 1].key[place] = column }
        }
        return shapes.map { shape in
            TableShape(
                name: shape.name,
                columns: shape.columns,
                key: shape.key.sorted { $0.key < $1.key }.map(\.value),
                references: references[shape.name] ?? []
            )
        }
    }

    /// Lets a table whose rows were written with their ids number the next one behind the highest.
    public func continueNumbering(_ table: TableShape) throws {
        guard !dialect.numberingBefore.isEmpty, table.key == ["id"] else { return }
        _ = try query(dialect.numberingBefore + table.name + dialect.numberingAfter.replacing("$", with: table.name))
    }
}
