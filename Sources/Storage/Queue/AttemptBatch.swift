import Database
import Domain
import Foundation

/// Writes the start of attempts that belong together: the messages, the attempts, the reminders' new state. One
/// statement for each, however many there are.
struct AttemptBatch {
    private struct Entry {
        let composed: ComposedMessage
        let reminder: Reminder
        let location: Location.ID?
        var message: Int64 = 0
        var number: Int64 = 1
        var mail: OutgoingMail?
    }

    private let carrier: Carrier?
    private let worker: String
    private let now: Date
    private var first: [Entry] = []
    private var further: [Entry] = []

    init(carrier: Carrier?, worker: String, now: Date) {
        self.carrier = carrier
        self.worker = worker
        self.now = now
    }

    mutating func add(_ composed: ComposedMessage, _ context: ReminderContext) {
        var entry = Entry(composed: composed, reminder: context.reminder, location: context.locationID)
        if let message = context.reminder.messageID {
            entry.message = message.rawValue
            further.append(entry)
        } else {
            first.append(entry)
        }
    }

    mutating func write(in transaction: Transaction) throws -> [StartedAttempt] {
        try insertMessages(in: transaction)
        try renewMessages(in: transaction)
        var entries = first + further
        try writeMails(&entries, in: transaction)
        try insertAttempts(entries, in: transaction)
        let changed = try transaction.execute(
            """
            UPDATE reminders SET state = 'started', reason = NULL
            FROM given WHERE reminders.id = given.reminder AND \(ReminderQueue.isPlanned)
            """,
            given: GivenRows(["reminder": .integer], entries.map { [.integer($0.reminder.id.rawValue)] })
        )
        // The rows are locked since they were read, so this cannot be; if it were, something would leave unrecorded.
        guard changed == entries.count else { throw StorageError.stale }
        return try entries.map(started)
    }

    private func insertAttempts(_ entries: [Entry], in transaction: Transaction) throws {
        try transaction.execute(
            """
            INSERT INTO attempts (message_id, number, provider_id, worker, started_at, detail)
            SELECT message, attempt, provider, worker, started, '' FROM given
            """,
            given: GivenRows(
                ["message": .integer, "attempt": .integer, "provider": .integer, "worker": .text, "started": .integer],
                entries.map { entry in
                    [
                        .integer(entry.message), .integer(entry.number), provider, .text(worker),
                        .integer(now.milliseconds),
                    ]
                }
            )
        )
    }

    /// A first attempt makes the message.
    private mutating func insertMessages(in transaction: Transaction) throws {
        let rows = try transaction.query(
            """
            INSERT INTO messages (reminder_id, practice_id, channel, recipient, sender, text, says_start, segments,
                unclear, presumed, attempts, possibly_twice, provider_id, expires_at, poll_at, location_id, created_at)
            SELECT reminder, practice, channel, recipient, sender, text, says, segments, 0, 0, 1, 0, provider, expires,
                poll, location, created
            FROM given RETURNING reminder_id, id
            """,
            given: GivenRows(
                [
                    "reminder": .integer, "practice": .integer, "channel": .text, "location": .integer,
                    "created": .integer, "recipient": .text, "sender": .text, "text": .text, "says": .text,
                    "segments": .integer,
                    "provider": .integer, "expires": .integer, "poll": .integer,
                ],
                first.map { entry in
                    [
                        .integer(entry.reminder.id.rawValue), .integer(entry.reminder.practiceID.rawValue),
                        .text(entry.composed.channel.rawValue), (entry.location?.rawValue).sqlValue,
                        .integer(now.milliseconds),
                    ] + content(of: entry)
                }
            )
        )
        let ids = Dictionary(uniqueKeysWithValues: try rows.map { (try $0.integer(0), try $0.integer(1)) })
        for index in first.indices {
            guard let id = ids[first[index].reminder.id.rawValue] else { throw StorageError.notFound }
            first[index].message = id
        }
    }

    /// A further one brings it up to date. One that follows an attempt that may have left is marked: the patient may
    /// get it twice.
    private mutating func renewMessages(in transaction: Transaction) throws {
        let rows = try transaction.query(
            """
            UPDATE messages SET recipient = given.recipient, sender = given.sender, text = given.text,
                says_start = given.says, location_id = given.location, segments = given.segments, provider_id = given.provider,
                expires_at = given.expires, poll_at = given.poll, attempts = attempts + 1,
                possibly_twice = CASE WHEN EXISTS (SELECT 1 FROM attempts t WHERE t.message_id = messages.id
                    AND (t.outcome IS NULL OR t.outcome IN ('accepted', 'unknown'))) THEN 1 ELSE 0 END
            FROM given WHERE messages.id = given.message RETURNING id, attempts
            """,
            given: GivenRows(
                [
                    "message": .integer, "location": .integer, "recipient": .text, "sender": .text, "text": .text,
                    "says": .text, "segments": .integer, "provider": .integer, "expires": .integer, "poll": .integer,
                ],
                further.map { [.integer($0.message), ($0.location?.rawValue).sqlValue] + content(of: $0) }
            )
        )
        let numbers = Dictionary(uniqueKeysWithValues: try rows.map { (try $0.integer(0), try $0.integer(1)) })
        for index in further.indices {
            guard let number = numbers[further[index].message] else { throw StorageError.notFound }
            further[index].number = number
        }
    }

    /// What the message says and who carries it, in the order of both statements above.
    private func content(of entry: Entry) -> [SQLValue] {
        [
            .text(entry.composed.recipient), .text(entry.composed.sender), .text(entry.composed.text),
            .text(entry.composed.tells?.iso ?? ""), .integer(Int64(entry.composed.segments)), provider,
            expiry(entry.composed), (carrier?.firstPoll).map { (now + $0).milliseconds }.sqlValue,
        ]
    }

    private var provider: SQLValue { (carrier?.provider.rawValue).sqlValue }

    /// Without news a quarter of an hour after the validity's end, the message counts as expired.
    private func expiry(_ composed: ComposedMessage) -> SQLValue {
        guard carrier?.reportsDelivery ?? false, case .sms(let sms) = composed else { return .null }
        return .integer((now + Double(sms.validitySeconds) + 900).milliseconds)
    }

    private func writeMails(_ entries: inout [Entry], in transaction: Transaction) throws {
        var places: [Int] = []
        var mails: [(Message.ID, Reminder.ID, Int, ComposedMail)] = []
        for (place, entry) in entries.enumerated() {
            guard case .mail(let mail) = entry.composed else { continue }
            places.append(place)
            mails.append((Identifier(entry.message), entry.reminder.id, Int(entry.number), mail))
        }
        guard !mails.isEmpty, let carrier = carrier?.mail else { return }
        let written = try MailBatch(carrier: carrier, now: now).write(mails, in: transaction)
        for (place, mail) in zip(places, written) { entries[place].mail = mail }
    }

    private func outgoing(_ entry: Entry) throws -> OutgoingMessage {
        switch entry.composed {
        case .sms(let sms):
            return .sms(OutgoingSMS(id: Identifier(entry.message), attempt: Int(entry.number), composed: sms))
        case .mail:
            guard let mail = entry.mail else { throw StorageError.notFound }
            return .mail(mail)
        }
    }

    private func started(_ entry: Entry) throws -> StartedAttempt {
        StartedAttempt(
            reminderID: entry.reminder.id,
            number: Int(entry.number),
            message: try outgoing(entry),
            latestAt: entry.reminder.latestAt,
            startedAt: now
        )
    }
}
