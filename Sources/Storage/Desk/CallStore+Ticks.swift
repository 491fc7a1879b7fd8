import Database
import Domain
import Foundation

extension CallStore {
    /// Puts on record that somebody called. One call is enough for all messages of an appointment that are about the same;
    /// of two who tick it the first one's tick stays, and nothing that the second one wrote is lost without being told.
    ///
    /// - Parameters:
    ///   - note: what came of it; one line, may be empty.
    ///   - isMore: whether the note is to stand behind that of somebody who called before.
    /// - Returns: the tick that stands in place of this one, by which nothing was changed; nil where all was written.
    /// - Throws: `ProblemList` with `note`, ``StorageError/notFound``
    @discardableResult
    public func tick(
        _ reminder: Reminder.ID,
        _ practice: Practice.ID,
        by actor: Actor,
        note: String,
        isMore: Bool = false,
        now: Date
    ) async throws -> CallTick? {
        let note = note.split(whereSeparator: \.isNewline).joined(separator: " ").trimmingWhitespace()
        guard note.count <= Self.longestNote else { throw Self.tooLong(Self.longestNote) }
        return try await driver.write { transaction in
            try Self.check(reminder, practice, in: transaction)
            if let standing = try Self.standing(reminder, in: transaction) {
                if standing.actor == actor.name, standing.note == note { return nil }
                guard isMore else { return standing }
                try Self.add(note, by: actor, to: standing, of: reminder, in: transaction)
                return nil
            }
            let written = try transaction.execute(
                """
                INSERT INTO calls (reminder_id, practice_id, at, user_id, actor, note) VALUES ($1, $2, $3, $4, $5, $6)
                ON CONFLICT (reminder_id) DO NOTHING
                """,
                reminder.rawValue,
                practice.rawValue,
                now.milliseconds,
                actor.userID?.rawValue,
                actor.name,
                note
            )
            return written == 0 ? try Self.standing(reminder, in: transaction) : nil
        }
    }

    /// Takes a tick back: that of the reminder, or of another one that the same call was about.
    ///
    /// - Parameter mark: of the tick that was seen; another one stays.
    /// - Returns: the tick that stands, because it is not the one that was seen; nil where none does any more.
    /// - Throws: ``StorageError/notFound``
    @discardableResult
    public func untick(_ reminder: Reminder.ID, _ practice: Practice.ID, seen mark: String) async throws -> CallTick? {
        try await driver.write { transaction in
            try Self.check(reminder, practice, in: transaction)
            guard let standing = try Self.standing(reminder, in: transaction) else { return nil }
            guard standing.mark == mark else { return standing }
            try transaction.execute(
                "DELETE FROM calls WHERE practice_id = $1 AND reminder_id IN (\(Self.together))",
                practice.rawValue,
                reminder.rawValue
            )
            return nil
        }
    }

    /// Whether anybody called because of a message.
    public func of(_ message: Message.ID, _ practice: Practice.ID) async throws -> CallTick? {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT c.at, c.actor, c.note FROM messages m JOIN calls c ON c.reminder_id = m.reminder_id
                WHERE m.id = $1 AND c.practice_id = $2
                """,
                message.rawValue,
                practice.rawValue
            ).entities(CallTick.init).first
        }
    }

    /// What was noted about a person goes with the person.
    static func erase(_ patient: Patient.ID, in transaction: Transaction) throws {
        try transaction.execute(
            "UPDATE calls SET note = '' WHERE reminder_id IN (SELECT id FROM reminders WHERE patient_id = $1)",
            patient.rawValue
        )
    }

    /// The reminders that one call is enough for.
    private static let together = """
        SELECT o.id FROM reminders r JOIN reminders o ON o.appointment_id = r.appointment_id
            AND o.purpose = r.purpose AND o.generation = r.generation
        WHERE r.id = $2
        """

    private static func standing(_ reminder: Reminder.ID, in transaction: Transaction) throws -> CallTick? {
        try transaction.query(
            """
            SELECT c.at, c.actor, c.note FROM reminders r JOIN reminders o ON o.appointment_id = r.appointment_id
                AND o.purpose = r.purpose AND o.generation = r.generation
            JOIN calls c ON c.reminder_id = o.id
            WHERE r.id = $1 ORDER BY c.at, o.id LIMIT 1
            """,
            reminder.rawValue
        ).entities(CallTick.init).first
    }

    /// A further note of somebody else says whose it is.
    private static func add(
        _ note: String,
        by actor: Actor,
        to standing: CallTick,
        of reminder: Reminder.ID,
        in transaction: Transaction
    ) throws {
        let signed = standing.actor == actor.name ? note : "\(actor.name): \(note)"
        let notes = [standing.note, signed].filter { !$0.isEmpty }.joined(separator: " \u{B7} ")
        guard notes.count <= longestNotes else { throw tooLong(longestNotes) }
        try transaction.execute(
            "UPDATE calls SET note = $1 WHERE reminder_id IN (\(together))",
            notes,
            reminder.rawValue
        )
    }

    private static func tooLong(_ maximum: Int) -> ProblemList {
        ProblemList(FieldProblem("note", .fieldTooLong, ["maximum": String(maximum)]))
    }

    private static func check(
        _ reminder: Reminder.ID,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws {
        let row = try transaction.first(
            "SELECT 1 FROM reminders WHERE id = $1 AND practice_id = $2",
            reminder.rawValue,
            practice.rawValue
        )
        if row == nil { throw StorageError.notFound }
    }
}
