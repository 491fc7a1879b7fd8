import Database
import Domain
import Foundation

/// Finds the messages of receipts that matched no id as it stands: by the id's other spellings, and, for messages whose
/// outcome is unknown and whose id was never learnt, by recipient, sender, time and text.
enum Evidence {
    /// Receipts are left alone for so many seconds first: the message of the very same id may only just be on its way.
    static let patience = 10.0
    /// For so many seconds a receipt is tried by its other spellings.
    private static let spellingWindow = 130.0
    /// At most this many a round.
    private static let roundSize = 5000

    static func match(now: Date, in transaction: Transaction) throws -> Int {
        var matched = 0
        for receipt in try waiting(now: now, in: transaction) {
            let known = try KnownMessage.find(
                provider: receipt.provider,
                receipt.spellings,
                before: receipt.at,
                in: transaction
            )
            guard let known else { continue }
            try apply(receipt, to: known.message, key: known.spelling, in: transaction)
            matched += 1
        }
        let groups = Dictionary(grouping: try aboutUnclear(now: now, in: transaction), by: \.addresses)
        for group in groups.values { matched += try matchUnclear(group, in: transaction) }
        return matched
    }

    /// Receipts that matched no id as it stands, while another spelling may; later nothing new can be known of one.
    private static func waiting(now: Date, in transaction: Transaction) throws -> [Unmatched] {
        try transaction.query(
            """
            SELECT \(Unmatched.columns) FROM receipts
            WHERE message_id IS NULL AND received_at < $1 AND received_at >= $2 ORDER BY received_at DESC, id LIMIT $3
            """,
            (now - patience).milliseconds,
            (now - spellingWindow).milliseconds,
            roundSize
        ).map { try Unmatched($0) }
    }

    /// For so many seconds after a message was given up as failed, a receipt may still know better.
    private static let givenUpWindow = 3 * 86_400.0

    private static let about = """
        JOIN attempts a ON a.message_id = m.id AND a.outcome || '' = 'unknown'
        JOIN receipts r ON r.provider_id = a.provider_id AND r.recipient = m.recipient
        """
    /// Receipts, however old, that speak of a recipient whose message is unclear, or was given up without evidence in the
    /// last days. What was given up before is not read again in every round: an index holds it by its time.
    static let selection = """
        SELECT \(Unmatched.columns) FROM receipts WHERE received_at < $1 AND id IN (
            SELECT r.id FROM messages m \(about)
            WHERE m.unclear = 1 AND m.recipient <> '' AND r.message_id IS NULL
            UNION SELECT r.id FROM messages m \(about)
            WHERE m.presumed = 1 AND m.status = 'provider_error' AND m.receipt_key IS NULL AND m.created_at >= $2
                AND m.recipient <> '' AND r.message_id IS NULL)
        ORDER BY received_at, id LIMIT $3
        """

    private static func aboutUnclear(now: Date, in transaction: Transaction) throws -> [Unmatched] {
        try transaction.query(
            selection,
            (now - patience).milliseconds,
            (now - givenUpWindow).milliseconds,
            roundSize
        ).map { try Unmatched($0) }
    }

    /// Receipts about one recipient, from one sender, by one provider. Where there are more messages that they could
    /// mean than receipts, nothing is taken for known.
    private static func matchUnclear(_ receipts: [Unmatched], in transaction: Transaction) throws -> Int {
        guard let first = receipts.first else { return 0 }
        var candidates = try transaction.query(
            """
            SELECT m.id, m.text, MIN(a.started_at) FROM messages m
            JOIN attempts a ON a.message_id = m.id AND a.outcome || '' = 'unknown' AND a.provider_id = $1
            WHERE m.recipient = $2 AND ($3 = '' OR m.sender = $3)
                AND (m.unclear = 1 OR (m.presumed = 1 AND m.status = 'provider_error' AND m.receipt_key IS NULL))
            GROUP BY m.id, m.text ORDER BY MIN(a.started_at), m.id
            """,
            first.provider,
            first.recipient,
            first.sender
        ).map { try Candidate($0) }
        let ids = Set(receipts.compactMap(\.spellings.first))
        guard candidates.count <= ids.count else { return 0 }
        var matched = 0
        var taken: [String: Int64] = [:]
        for receipt in receipts {
            let key = receipt.spellings.first ?? ""
            let index = candidates.firstIndex { receipt.mayMean($0) }
            guard let message = taken[key] ?? index.map({ candidates.remove(at: $0).id }) else { continue }
            taken[key] = message
            guard let known = try KnownMessage.find(message, in: transaction) else { continue }
            try learn(key, of: message, by: receipt, in: transaction)
            try apply(receipt, to: known, key: key, in: transaction)
            matched += 1
        }
        return matched
    }

    /// The provider took it after all, and this is the id that it gave.
    private static func learn(
        _ key: String,
        of message: Int64,
        by receipt: Unmatched,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            UPDATE messages SET provider_id = $1, provider_message_id = $2, receipt_key = $2,
                submitted_at = COALESCE(submitted_at, $3)
            WHERE id = $4
            """,
            receipt.provider,
            key,
            receipt.at.milliseconds,
            message
        )
        try UsageStore.count([Identifier(message)], at: receipt.at, in: transaction)
        try transaction.execute(
            """
            UPDATE reminders SET state = 'settled'
            WHERE id = (SELECT reminder_id FROM messages WHERE id = $1) AND state IN ('started', 'planned')
            """,
            message
        )
    }

    /// - Parameter key: the spelling by which the message, or its part, was found.
    private static func apply(
        _ receipt: Unmatched,
        to known: KnownMessage,
        key: String,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            "UPDATE receipts SET message_id = $1, recipient = '', sender = '', snippet = '' WHERE id = $2",
            known.id,
            receipt.id
        )
        if known.isErased { try ReceiptInbox.eraseTexts(of: [known.id], in: transaction) }
        var moves = MessageMoves()
        try moves.add(receipt.status, key: key, at: receipt.at, to: known, in: transaction)
        try moves.write(in: transaction)
    }
}

/// A receipt that waits in the inbox.
private struct Unmatched {
    struct Addresses: Hashable {
        let provider: Int64
        let recipient: String
        let sender: String
    }

    static let columns = "id, provider_id, spellings, status, received_at, recipient, sender, snippet"

    let id: Int64
    let provider: Int64
    let spellings: [String]
    let status: MessageStatus
    let at: Date
    let recipient: String
    let sender: String
    let snippet: String

    init(_ row: SQLRow) throws {
        var reader = RowReader(row)
        id = try reader.integer()
        provider = try reader.integer()
        spellings = try reader.text().split(separator: "\n").map(String.init)
        status = try reader.word()
        at = try reader.date()
        recipient = try reader.text()
        sender = try reader.text()
        snippet = try reader.text()
    }

    var addresses: Addresses { Addresses(provider: provider, recipient: recipient, sender: sender) }

    func mayMean(_ candidate: Candidate) -> Bool {
        candidate.startedAt <= at + KnownMessage.clockSlack && (snippet.isEmpty || candidate.text.hasPrefix(snippet))
    }
}

/// A message whose outcome is unknown.
private struct Candidate {
    let id: Int64
    let text: String
    let startedAt: Date

    init(_ row: SQLRow) throws {
        var reader = RowReader(row)
        id = try reader.integer()
        text = try reader.text()
        startedAt = try reader.date()
    }
}
