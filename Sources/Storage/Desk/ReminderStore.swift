import Database
import Domain
import Foundation

/// What became of the reminders of an appointment.
public struct ReminderStore: Sendable {
    let driver: any SQLDriver

    /// All of them, those of earlier starts included, in the order in which they were planned.
    ///
    /// - Throws: ``StorageError/notFound``
    public func of(
        _ appointment: Appointment.ID,
        _ practice: Practice.ID,
        now: Date
    ) async throws -> [ReminderStanding] {
        try await driver.read { transaction in
            let id = try Lookup.appointment(appointment, practice, in: transaction).id
            return try ReminderStandings.of([id], now: now, in: transaction)[id] ?? []
        }
    }
}
