import Database
import Domain
import Foundation

/// Writes what was decided about due reminders that do not leave now: one statement for each sort of decision.
struct DecisionBatch {
    /// How long a reminder that waits for a reason to pass is left alone, in seconds.
    static let waitingPause = 30.0
    /// The same for a practice that is paused or has reached its limit, in seconds: who ends that wakes what waits, at once.
    private static let pausedPause = 900.0

    private let now: Date
    private var skipped: [(reminder: Reminder, reason: SkipReason)] = []
    private var rerouted: [(reminder: Reminder, callingCode: Int)] = []
    private var waiting: [(reminder: Reminder, reason: SkipReason?, until: Date)] = []

    init(now: Date) { self.now = now }

    /// Never sent.
    mutating func skip(_ reminder: Reminder, _ reason: SkipReason) { skipped.append((reminder, reason)) }

    /// Just after the latest time it is looked at once more, and ends as too late.
    mutating func wait(_ reminder: Reminder, _ reason: SkipReason) {
        let pause = reason == .practicePaused || reason == .monthlyLimit ? Self.pausedPause : Self.waitingPause
        waiting.append((reminder, reason, min(now + pause, reminder.latestAt + 0.001)))
    }

    /// Its number is of another country than was thought; who carries that one looks at it next.
    mutating func reroute(_ reminder: Reminder, to callingCode: Int) { rerouted.append((reminder, callingCode)) }

    /// Who carries it takes nothing before the instant; just after the latest time it ends as too late all the same.
    mutating func hold(_ reminder: Reminder, until: Date) {
        waiting.append((reminder, nil, min(until, reminder.latestAt + 0.001)))
    }

    /// Not before the instant.
    mutating func putOff(_ reminder: Reminder, until: Date) { waiting.append((reminder, nil, until)) }

    func write(in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET state = 'skipped', reason = given.reason
            FROM given WHERE reminders.id = given.reminder AND \(ReminderQueue.isPlanned)
            """,
            given: GivenRows(
                ["reminder": .integer, "reason": .text],
                skipped.map { [.integer($0.reminder.id.rawValue), .text($0.reason.rawValue)] }
            )
        )
        // One that was to be sent once more after an unknown outcome: now nothing will tell what became of the first time.
        let tried = skipped.map(\.reminder).filter { $0.messageID != nil }
        try RescueStore.presumeFailed(tried.map(\.id), in: transaction)
        try MailBytes.drop(of: tried.filter { $0.channel == .email }.map(\.id), in: transaction)
        try transaction.execute(
            """
            UPDATE reminders SET reason = given.reason, next_at = given.next
            FROM given WHERE reminders.id = given.reminder AND \(ReminderQueue.isPlanned)
            """,
            given: GivenRows(
                ["reminder": .integer, "reason": .text, "next": .integer],
                waiting.map { entry in
                    [
                        .integer(entry.reminder.id.rawValue), (entry.reason?.rawValue).sqlValue,
                        .integer(entry.until.milliseconds),
                    ]
                }
            )
        )
        try writeReroutes(in: transaction)
    }

    /// Looked at anew at once where the code was another; written with the patient, too, so that later ones have it.
    private func writeReroutes(in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE reminders SET calling_code = given.code, next_at = due_at, reason = NULL
            FROM given WHERE reminders.id = given.reminder AND \(ReminderQueue.isPlanned) AND calling_code <> given.code
            """,
            given: GivenRows(
                ["reminder": .integer, "code": .integer],
                rerouted.map { [.integer($0.reminder.id.rawValue), .integer(Int64($0.callingCode))] }
            )
        )
        try transaction.execute(
            "UPDATE patients SET calling_code = $1 WHERE id = $2 AND calling_code <> $1",
            each: rerouted.map { [.integer(Int64($0.callingCode)), .integer($0.reminder.patientID.rawValue)] }
        )
    }
}
