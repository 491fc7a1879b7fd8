/// What one connection has prepared: a name for each statement, and the one that was used longest ago gives way.
struct PreparedStatements {
    private struct Entry {
        let name: String
        var usedAt: Int
    }

    private let limit: Int
    private var entries: [String: Entry] = [:]
    private var uses = 0

    init(limit: Int) { self.limit = limit }

    /// The name under which the statement is prepared.
    mutating func name(of sql: String) -> String? {
        uses += 1
        guard let index = entries.index(forKey: sql) else { return nil }
        entries.values[index].usedAt = uses
        return entries.values[index].name
    }

    /// A name for a statement that is about to be prepared, and the name of one that has to go.
    mutating func add(_ sql: String) -> (name: String, evicted: String?) {
        uses += 1
        var evicted: String?
        if entries.count >= limit, let oldest = entries.min(by: { $0.value.usedAt < $1.value.usedAt }) {
            entries[oldest.key] = nil
            evicted = oldest.value.name
        }
        let name = "s\(uses)"
        entries[sql] = Entry(name: name, usedAt: uses)
        return (name, evicted)
    }

    /// The server did not prepare it.
    mutating func forget(_ sql: String) { entries[sql] = nil }
}
