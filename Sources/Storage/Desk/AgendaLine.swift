import Database
import Domain
import Foundation

/// An appointment and how its reminders stand now, as far as signs tell: what a calendar reads of hundreds at once.
public struct AgendaLine: Hashable, Sendable {
    public let id: Appointment.ID
    /// The day on the clock of the appointment's zone.
    public let date: LocalDate
    public let status: Appointment.Status
    public let generation: Int64
    /// As in ``Appointment/shortfall``.
    public let shortfall: [ProblemCode]
    /// Those of an earlier start only where there are no others.
    public fileprivate(set) var signs: [ReminderSign] = []
}

extension AgendaLine {
    fileprivate init(_ reader: inout RowReader) throws {
        id = try reader.id()
        let start = try reader.date()
        date = WallTime.of(start, in: try reader.zone()).date
        status = try reader.word()
        generation = try reader.integer()
        shortfall = try Appointment.shortfall(&reader)
    }
}

extension ReminderStandings {
    /// The lines of some appointments, in their order by start and id.
    ///
    /// - Parameter selection: a statement that finds the rows of `appointments`.
    static func lines(
        _ selection: String,
        values: [SQLValue],
        now: Date,
        in transaction: Transaction
    ) throws -> [AgendaLine] {
        let rows = try transaction.query(
            """
            SELECT a.id, a.start_at, a.time_zone, a.status, a.generation, a.shortfall, \(signColumns)
            FROM (\(selection)) a
            LEFT JOIN reminders r ON r.appointment_id = a.id AND \(Reach.current.condition)
            LEFT JOIN messages m ON m.reminder_id = r.id
            ORDER BY a.start_at, a.id
            """,
            values: values
        )
        var lines: [AgendaLine] = []
        lines.reserveCapacity(rows.count)
        var found: [Found<ReminderSign>] = []
        found.reserveCapacity(rows.count)
        var others: [Appointment.ID] = []
        for row in rows {
            var reader = RowReader(row)
            let line = try AgendaLine(&reader)
            if lines.last?.id != line.id { lines.append(line) }
            if reader.isNull { others.append(line.id) } else { found.append(try sign(&reader)) }
        }
        found += try read(signColumns, of: others, .all, in: transaction, sign)
        let signs = try judged(found, now: now, in: transaction)
        for index in lines.indices { lines[index].signs = signs[lines[index].id] ?? [] }
        return lines
    }

    private static let signColumns = """
        r.appointment_id, r.id, r.state, r.reason, r.purpose, r.generation, m.id, m.status, m.unclear, m.presumed
        """

    private static func sign(_ reader: inout RowReader) throws -> Found<ReminderSign> {
        let (appointment, id): (Appointment.ID, Reminder.ID) = (try reader.id(), try reader.id())
        let (state, reason): (Reminder.State, SkipReason?) = (try reader.word(), try reader.optionalWord())
        let purpose: Reminder.Purpose = try reader.word()
        let generation = try reader.integer()
        let message: Message.State? = try reader.optionalInteger() == nil ? nil : try Message.State(&reader)
        return Found(appointment: appointment, id: id, state: state, reason: reason) { reason in
            ReminderSign(
                id: id,
                isCorrection: purpose == .correction,
                generation: generation,
                state: state,
                reason: reason,
                message: message
            )
        }
    }
}
