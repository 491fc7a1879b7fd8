import Database
import Domain
import Foundation

/// A message as a receipt finds it.
struct KnownMessage {
    let id: Int64
    let state: Message.State
    let segments: Int64
    /// The patient's data was erased; nothing personal may come back by way of a receipt.
    let isErased: Bool

    /// By so many seconds the clocks that wrote two instants may differ: a node's from another's, or before from after
    /// it was set right.
    static let clockSlack = 900.0

    private static let columns = ["id", "status", "unclear", "presumed", "segments", "recipient"]

    /// Provider, key, and the instant before which the message was made. A message that is on record when its receipt
    /// comes is older than it whatever the clocks say; one that is looked for afterwards must not be a later one that
    /// happens to have the same id.
    static let byKey = """
        SELECT \(Columns.list(columns)) FROM messages
        WHERE provider_id = $1 AND receipt_key = $2 AND created_at <= $3
        ORDER BY id DESC LIMIT 1
        """

    /// The messages of some ids, by the place of each; the newest where several have the id, nil where none has. Nobody
    /// else changes them until the transaction's end.
    static func find(
        _ keys: [(provider: Provider.ID, key: String)],
        in transaction: Transaction
    ) throws -> [KnownMessage?] {
        var known = [KnownMessage?](repeating: nil, count: keys.count)
        for newest in [newestByKey, newestByPart] {
            let open = keys.indices.filter { known[$0] == nil }
            let given = GivenRows(
                ["place": .integer, "provider": .integer, "spelling": .text],
                open.map { [.integer(Int64($0)), .integer(keys[$0].provider.rawValue), .text(keys[$0].key)] }
            )
            let rows = try transaction.query(
                """
                SELECT given.place, \(Columns.list(columns, of: "m")) FROM given JOIN messages m ON m.id = (\(newest))
                    \(transaction.dialect.locking("m"))
                """,
                given: given
            )
            for row in rows {
                var reader = RowReader(row)
                known[Int(try reader.integer())] = try KnownMessage(&reader)
            }
        }
        return known
    }

    private static let newestByKey = """
        SELECT n.id FROM messages n WHERE n.provider_id = given.provider AND n.receipt_key = given.spelling
        ORDER BY n.id DESC LIMIT 1
        """
    private static let newestByPart = """
        SELECT n.message_id FROM parts n WHERE n.provider_id = given.provider AND n.receipt_key = given.spelling
        ORDER BY n.message_id DESC LIMIT 1
        """

    /// The messages of some numbers; locked as above.
    static func find(_ ids: Set<Int64>, in transaction: Transaction) throws -> [Int64: KnownMessage] {
        let rows = try transaction.query(
            """
            SELECT \(Columns.list(columns, of: "m")) FROM messages m
            WHERE \(transaction.dialect.isOne("m.id", of: "$1"))\(transaction.dialect.locking("m"))
            """,
            values: [.integers(ids.sorted())]
        )
        let known = try rows.map { try KnownMessage($0) }
        return Dictionary(uniqueKeysWithValues: known.map { ($0.id, $0) })
    }

    init(_ row: SQLRow) throws {
        var reader = RowReader(row)
        try self.init(&reader)
    }

    init(_ reader: inout RowReader) throws {
        id = try reader.integer()
        state = Message.State(
            status: try reader.optionalWord(),
            unclear: try reader.bool(),
            presumed: try reader.bool()
        )
        segments = try reader.integer()
        isErased = try reader.text().isEmpty
    }

    static func find(_ id: Int64, in transaction: Transaction) throws -> KnownMessage? {
        try transaction.first("SELECT \(Columns.list(columns)) FROM messages WHERE id = $1", id).map {
            try KnownMessage($0)
        }
    }

    /// The message whose id is one of the spellings, the first that is found, with that spelling.
    static func find(
        provider: Int64,
        _ spellings: [String],
        before instant: Date,
        in transaction: Transaction
    ) throws -> (message: KnownMessage, spelling: String)? {
        for spelling in spellings {
            let row = try transaction.first(byKey, provider, spelling, (instant + clockSlack).milliseconds)
            if let row { return (try KnownMessage(row), spelling) }
            if let part = try MessageParts.message(provider: provider, key: spelling, in: transaction) {
                return try find(part, in: transaction).map { ($0, spelling) }
            }
        }
        return nil
    }
}

/// Moves messages to what receipts report of them. Several receipts of one message take effect in the order in which
/// they were added; each message is written once.
struct MessageMoves {
    private struct Move {
        var from: Message.State
        var to: Message.State
        var deliveredAt: Date?
    }

    private var moves: [Int64: Move] = [:]
    private var order: [Int64] = []

    /// - Parameter key: the id as the receipt has it, which tells the part of a long message.
    mutating func add(
        _ reported: MessageStatus,
        key: String,
        at: Date,
        to message: KnownMessage,
        in transaction: Transaction
    ) throws {
        var reported: MessageStatus? = reported
        if message.segments > 1, let news = reported {
            reported = try MessageParts.status(of: message.id, key: key, reported: news, in: transaction)
        }
        guard let reported else { return }
        var move = moves[message.id] ?? Move(from: message.state, to: message.state)
        guard let next = move.to.moving(to: reported) else { return }
        move.to = next
        if reported == .delivered { move.deliveredAt = at }
        if moves.updateValue(move, forKey: message.id) == nil { order.append(message.id) }
    }

    /// Writes them, guarded by the state that was read. One that has moved meanwhile, on another node, is read again.
    func write(in transaction: Transaction) throws {
        let moved = try write(order.compactMap { id in moves[id].map { (id, $0) } }, in: transaction)
        for id in order where !moved.contains(id) {
            guard var move = moves[id], let known = try KnownMessage.find(id, in: transaction),
                let status = move.to.status, let next = known.state.moving(to: status)
            else { continue }
            (move.from, move.to) = (known.state, next)
            _ = try write([(id, move)], in: transaction)
        }
    }

    /// The ids of those that were in the state that was read.
    private func write(_ moves: [(id: Int64, move: Move)], in transaction: Transaction) throws -> Set<Int64> {
        let rows = try transaction.query(
            """
            UPDATE messages SET status = given.state, unclear = 0, presumed = 0, delivered_at = given.delivered
            FROM given WHERE messages.id = given.message AND COALESCE(status, '') = given.old_state
                AND unclear = given.old_unclear AND presumed = given.old_presumed
            RETURNING id
            """,
            given: GivenRows(
                [
                    "message": .integer, "state": .text, "delivered": .integer, "old_state": .text,
                    "old_unclear": .integer, "old_presumed": .integer,
                ],
                moves.map { id, move in
                    [
                        .integer(id), (move.to.status?.rawValue).sqlValue, (move.deliveredAt?.milliseconds).sqlValue,
                        .text(move.from.status?.rawValue ?? ""), move.from.unclear.sqlValue,
                        move.from.presumed.sqlValue,
                    ]
                }
            )
        )
        return Set(try rows.map { try $0.integer(0) })
    }
}
