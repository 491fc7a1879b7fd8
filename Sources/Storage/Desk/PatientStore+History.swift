import Database
import Domain
import Foundation

/// An appointment of a patient, as the patient's page shows it.
public struct PatientAppointment: Hashable, Sendable {
    public let appointment: Appointment
    public let location: String
    /// Empty where the appointment has none.
    public let practitioner: String
    public let reminders: [ReminderStanding]
}

/// How often a patient did not come.
public struct NoShows: Hashable, Sendable {
    public let count: Int
    /// nil where the patient always came.
    public let last: WallTime?
}

extension PatientStore {
    /// What is coming, the next first, or what was, the last first; with the reminders as they stand now.
    public func appointments(
        _ patient: Patient.ID,
        _ practice: Practice.ID,
        coming: Bool,
        now: Date,
        _ page: PageRequest
    ) async throws -> Page<PatientAppointment> {
        let (limit, cursor) = try page.checked()
        let (sign, order) = coming ? (">", "ASC") : ("<", "DESC")
        var conditions = Conditions()
        conditions.add("a.patient_id = ? AND a.practice_id = ?", patient.rawValue, practice.rawValue)
        conditions.add("a.start_at \(coming ? ">=" : "<") ?", now.milliseconds)
        if let cursor { conditions.add("(a.start_at, a.id) \(sign) (?, ?)", cursor.key, cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")), l.name, t.name
                FROM appointments a
                JOIN locations l ON l.id = a.location_id
                LEFT JOIN practitioners t ON t.id = a.practitioner_id
                WHERE \(sql) ORDER BY a.start_at \(order), a.id \(order) LIMIT \(most)
                """,
                values: values
            ).entities { reader in
                (try Appointment(&reader), try reader.text(), try reader.optionalText() ?? "")
            }
            let standings = try ReminderStandings.of(rows.map(\.0.id), now: now, in: transaction)
            let found = rows.map { appointment, location, practitioner in
                PatientAppointment(
                    appointment: appointment,
                    location: location,
                    practitioner: practitioner,
                    reminders: standings[appointment.id] ?? []
                )
            }
            return Page(found, limit: limit) {
                Cursor(key: $0.appointment.start.milliseconds, id: $0.appointment.id.rawValue)
            }
        }
    }

    public func noShows(_ patient: Patient.ID, _ practice: Practice.ID) async throws -> NoShows {
        try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT a.start_wall, (
                    SELECT COUNT(*) FROM appointments o
                    WHERE o.patient_id = $1 AND o.practice_id = $2 AND o.status = 'no_show')
                FROM appointments a WHERE a.patient_id = $1 AND a.practice_id = $2 AND a.status = 'no_show'
                ORDER BY a.start_at DESC LIMIT 1
                """,
                patient.rawValue,
                practice.rawValue
            )
            guard let row = rows.first else { return NoShows(count: 0, last: nil) }
            return NoShows(count: Int(try row.integer(1)), last: WallTime(iso: try row.text(0)))
        }
    }

    /// When each of some patients comes next.
    public func next(_ patients: [Patient.ID], now: Date) async throws -> [Patient.ID: Appointment] {
        try await driver.read { transaction in
            let rows = try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment, of: "a")) FROM patients p JOIN appointments a ON a.id = (
                    SELECT n.id FROM appointments n
                    WHERE n.patient_id = p.id AND n.status = 'booked' AND n.start_at >= $1
                    ORDER BY n.start_at, n.id LIMIT 1)
                WHERE \(transaction.dialect.isOne("p.id", of: "$2"))
                """,
                values: [now.milliseconds.sqlValue, .integers(patients.map(\.rawValue))]
            ).entities(Appointment.init)
            return Dictionary(rows.map { ($0.patientID, $0) }) { first, _ in first }
        }
    }
}
