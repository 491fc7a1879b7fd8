import Database

/// Moves all rows of one installation into an empty database of the same schema, on the same or another engine.
///
/// The tables are those that the source's own catalogue names. The source is read in one consistent view, in batches
/// along the primary keys, and the target written in one transaction: it holds all or nothing.
public struct InstallationCopy: Sendable {
    /// Why it was not begun.
    public enum Refusal: Error, Hashable, Sendable {
        /// The target holds rows in this table.
        case notEmpty(table: String)
        /// The two do not have the same tables and columns.
        case differs(table: String)
    }

    /// How far it is, for whoever waits.
    public struct Progress: Sendable {
        public let table: String
        public let rows: Int
        public let total: Int
    }

    /// Rows of one table, on their way.
    struct Batch: Sendable {
        let table: TableShape
        let rows: [[SQLValue]]
        let progress: Progress
    }

    /// Written by the migrations themselves, in the target too.
    static let unmoved: Set<String> = ["migrations"]
    private static let batchSize = 1_000

    let source: any SQLDriver
    let target: any SQLDriver

    public init(from source: any SQLDriver, to target: any SQLDriver) {
        self.source = source
        self.target = target
    }

    /// - Returns: the rows of each table in source and target, in the order in which they were moved.
    /// - Throws: ``Refusal``, ``SQLError``, ``StorageError/notMigrated(found:expected:)`` of the source.
    public func run(
        progress: @escaping @Sendable (Progress) -> Void
    ) async throws -> [(table: String, source: Int, target: Int)] {
        try await Migrations(driver: source).check()
        _ = try await Migrations(driver: target).run()
        let tables = try await agreedTables()
        let conveyor = Conveyor<Batch>(capacity: 4)
        async let sent = conveyor.joining { [source] in
            try await source.read { try Self.send($0, tables, to: conveyor) }
        }
        async let stored: Void = conveyor.joining { [target] in
            try await target.write(.guarded) { try Self.store($0, tables, from: conveyor, progress) }
        }
        // The one that failed first says why; the other only heard of it.
        let outcome: (counts: [Int], Void)
        do { outcome = try await (sent, stored) } catch { throw conveyor.failure ?? error }
        let kept = try await target.read { transaction in try tables.map { try Self.count($0, transaction) } }
        return tables.enumerated().map { ($0.element.name, outcome.counts[$0.offset], kept[$0.offset]) }
    }

    /// The tables to move, those that others refer to first.
    private func agreedTables() async throws -> [TableShape] {
        let shapes = try await source.read { try $0.tables() }
        try await target.read { transaction in
            let there = Dictionary(uniqueKeysWithValues: try transaction.tables().map { ($0.name, $0) })
            for shape in shapes where !Self.unmoved.contains(shape.name) {
                guard let other = there[shape.name], Set(other.columns) == Set(shape.columns), !shape.key.isEmpty else {
                    throw Refusal.differs(table: shape.name)
                }
                guard try Self.count(shape, transaction) == 0 else { throw Refusal.notEmpty(table: shape.name) }
            }
        }
        return Self.ordered(shapes.filter { !Self.unmoved.contains($0.name) })
    }

    /// Each behind all that it refers to. References in a circle, which we have none of, would come last.
    static func ordered(_ shapes: [TableShape]) -> [TableShape] {
        var (done, open) = ([TableShape](), shapes)
        while !open.isEmpty {
            let names = Set(open.map(\.name))
            let next = open.filter { $0.references.subtracting([$0.name]).isDisjoint(with: names) }
            if next.isEmpty { return done + open }
            done += next
            open.removeAll { next.contains($0) }
        }
        return done
    }

    private static func count(_ table: TableShape, _ transaction: Transaction) throws -> Int {
        Int(try transaction.first("SELECT COUNT(*) FROM \(table.name)")?.integer(0) ?? 0)
    }

    private static func send(
        _ transaction: Transaction,
        _ tables: [TableShape],
        to conveyor: Conveyor<Batch>
    ) throws -> [Int] {
        try conveyor.begin(.sending)
        let counts = try tables.map { try count($0, transaction) }
        for (table, total) in zip(tables, counts) {
            let places = table.key.compactMap { table.columns.firstIndex(of: $0) }
            let (columns, key) = (table.columns.joined(separator: ", "), table.key.joined(separator: ", "))
            let behind = "WHERE (\(key)) > (\(placeholders(places.count)))"
            var (moved, last) = (0, [SQLValue]())
            repeat {
                let rows = try transaction.query(
                    """
                    SELECT \(columns) FROM \(table.name) \(last.isEmpty ? "" : behind)
                    ORDER BY \(key) LIMIT \(batchSize)
                    """,
                    values: last
                ).map(\.values)
                moved += rows.count
                last = rows.count < batchSize ? [] : rows.last.map { row in places.map { row[$0] } } ?? []
                let progress = Progress(table: table.name, rows: moved, total: total)
                if !rows.isEmpty { try conveyor.put(Batch(table: table, rows: rows, progress: progress)) }
            } while !last.isEmpty
        }
        conveyor.finish()
        return counts
    }

    private static func store(
        _ transaction: Transaction,
        _ tables: [TableShape],
        from conveyor: Conveyor<Batch>,
        _ progress: (Progress) -> Void
    ) throws {
        try conveyor.begin(.storing)
        while let batch = try conveyor.take() {
            let columns = batch.table.columns
            try transaction.execute(
                """
                INSERT INTO \(batch.table.name) (\(columns.joined(separator: ", ")))
                VALUES (\(placeholders(columns.count)))
                """,
                each: batch.rows
            )
            progress(batch.progress)
        }
        for table in tables { try transaction.continueNumbering(table) }
    }

    /// `$1, $2, $3`
    private static func placeholders(_ count: Int) -> String {
        (1...count).map { "$\($0)" }.joined(separator: ", ")
    }
}
