import Database
import Domain
import Foundation

extension AppointmentStore {
    /// What the e-mail of the next booked appointment would be filled with, for a preview.
    ///
    /// - Parameter location: only appointments there; nil: anywhere in the practice.
    /// - Returns: nil while nothing is booked.
    public func mailFacts(_ practice: Practice.ID, at location: Location.ID?, now: Date) async throws -> MailFacts? {
        var conditions = Conditions()
        conditions.add("a.practice_id = ? AND a.status = 'booked'", practice.rawValue)
        conditions.add("a.start_at > ?", now.milliseconds)
        if let location { conditions.add("a.location_id = ?", location.rawValue) }
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let row = try transaction.first(
                """
                SELECT p.first_name, p.last_name, a.start_at, a.time_zone, l.name, l.address, t.name, pr.name,
                    pr.language
                FROM appointments a
                JOIN patients p ON p.id = a.patient_id
                JOIN locations l ON l.id = a.location_id
                JOIN practices pr ON pr.id = a.practice_id
                LEFT JOIN practitioners t ON t.id = a.practitioner_id
                WHERE \(sql) ORDER BY a.start_at, a.id LIMIT 1
                """,
                values: values
            )
            guard let row else { return nil }
            var reader = RowReader(row)
            return MailFacts(
                firstName: try reader.text(),
                lastName: try reader.text(),
                start: WallTime.of(try reader.date(), in: try reader.zone()),
                location: try reader.text(),
                address: try reader.text(),
                practitioner: try reader.optionalText() ?? "",
                practice: try reader.text(),
                language: try reader.word()
            )
        }
    }
}
