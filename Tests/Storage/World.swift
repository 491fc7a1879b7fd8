// The tables, tested on a real database of each test's own.
// Time is an argument; what the sending engine would write is written here by hand.
// No network, no queue.

import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

/// An installation with one practice, in a database that goes away with it.
final class World: Sendable {
    let database: TestDatabase
    var driver: any SQLDriver { database.driver }
    let storage: Storage
    let practice: Practice
    let location: Location
    /// Monday, 1 March 2027, 10:00 in Vienna.
    let now: Date

    init(
        key: UInt8 = 7,
        publicURL: String? = nil,
        practice edit: (inout PracticeDraft) -> Void = { _ in },
        location editLocation: (inout LocationDraft) -> Void = { _ in }
    ) async throws {
        database = try await TestDatabase()
        storage = World.storage(database.driver, key: key, publicURL: publicURL)
        now = try #require(RFC3339.parse("2027-03-01T10:00:00+01:00")).instant
        _ = try await storage.migrate()
        var draft = PracticeDraft(name: "Praxis am Platz", smsEnabled: true, emailEnabled: true, senderID: "Praxis")
        edit(&draft)
        practice = try await storage.practices.create(draft, now: now)
        var place = LocationDraft(name: "Hauptplatz", closingText: "Bis morgen!")
        editLocation(&place)
        location = try await storage.locations.create(practice.id, place, now: now)
    }

    static func storage(_ driver: any SQLDriver, key: UInt8, publicURL: String? = nil) -> Storage {
        Storage(
            driver: driver,
            secrets: SecretBox(key: Array(repeating: key, count: 32)),
            random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } },
            publicURL: publicURL
        )
    }

    func instant(_ text: String) throws -> Date { try #require(RFC3339.parse(text)).instant }

    func patient(
        _ lastName: String = "Huber",
        mobile: String = "0664 1234500",
        email: String = "huber@example.org",
        kind: String = "sms",
        edit: (inout PatientDraft) -> Void = { _ in }
    ) async throws -> Patient {
        var draft = PatientDraft(
            firstName: "Anna",
            lastName: lastName,
            mobile: mobile,
            email: email,
            reminderKind: kind
        )
        edit(&draft)
        return try await storage.patients.create(practice.id, draft, now: now)
    }

    /// Books for a week from now, unless the start says otherwise.
    func book(
        _ patient: Patient,
        start: String = "2027-03-08T10:30",
        kind: String? = nil,
        now: Date? = nil
    ) async throws -> AppointmentOutcome {
        let draft = AppointmentDraft(patientID: patient.id.description, start: start, reminderKind: kind)
        return try await storage.appointments.create(practice.id, draft, now: now ?? self.now)
    }

    func change(
        _ appointment: Appointment,
        answer: LateChangeAnswer = .unasked,
        now: Date? = nil,
        edit: @escaping @Sendable (inout AppointmentDraft) -> Void
    ) async throws -> AppointmentOutcome {
        try await storage.appointments.change(
            appointment.id,
            practice.id,
            answer: answer,
            now: now ?? self.now,
            edit: edit
        )
    }

    func standings(_ appointment: Appointment, now: Date? = nil) async throws -> [ReminderStanding] {
        try await storage.reminders.of(appointment.id, practice.id, now: now ?? self.now)
    }

    /// `sms reminder 1 planned`, one for each reminder.
    func lines(_ appointment: Appointment) async throws -> [String] {
        try await standings(appointment).map { standing in
            let reminder = standing.reminder
            let reason = reminder.state == .skipped ? " " + (reminder.reason?.rawValue ?? "-") : ""
            return "\(reminder.channel) \(reminder.purpose) \(reminder.generation) \(reminder.state)\(reason)"
        }
    }

    /// Writes what the engine writes for an attempt of a reminder, and how it ended.
    ///
    /// - Parameters:
    ///   - says: the start that the message told; empty where it told that the appointment is cancelled.
    ///   - place: where the appointment was to take place then; nil: that is not on record.
    @discardableResult
    func attempt(
        _ reminder: Reminder,
        at instant: Date,
        outcome: String?,
        settled: Bool = true,
        says: String? = nil,
        at place: Location? = nil
    ) async throws -> Message.ID {
        let milliseconds = Int64(instant.timeIntervalSince1970 * 1_000)
        return try await driver.write { transaction in
            let message = try transaction.query(
                """
                INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear,
                    presumed, attempts, possibly_twice, created_at, reminder_id, says_start, location_id)
                VALUES ($1, $2, '+436641234500', 'Praxis', 'Terminerinnerung', 1, $3, $4, 0, 1, 0, $5, $6, $7, $8)
                RETURNING id
                """,
                reminder.practiceID.rawValue,
                reminder.channel.rawValue,
                outcome.flatMap { Self.status[$0] },
                outcome == "unknown",
                milliseconds,
                reminder.id.rawValue,
                says,
                place?.id.rawValue
            )[0].integer(0)
            try transaction.execute(
                """
                INSERT INTO attempts (message_id, number, worker, started_at, outcome, detail)
                VALUES ($1, 1, 't', $2, $3, '')
                """,
                message,
                milliseconds,
                outcome
            )
            try transaction.execute(
                "UPDATE reminders SET state = $1 WHERE id = $2",
                settled ? "settled" : "planned",
                reminder.id.rawValue
            )
            return Message.ID(message)
        }
    }

    /// What an outcome makes of the message; an open or unknown one has no status.
    private static let status = [
        "accepted": "submitted", "unreachable": "service_unreachable", "account_refused": "provider_refused",
        "refused": "provider_refused",
    ]

    func count(_ sql: String) async throws -> Int64 {
        try await driver.read { try $0.query(sql)[0].integer(0) }
    }
}

/// What a late change is warned of, in so far as most tests ask.
struct Warned: Hashable {
    let sentAt: Date
    let channels: Set<Channel>
}

extension LateChange {
    var brief: Warned { Warned(sentAt: sentAt, channels: channels) }
}

/// The codes of the rules that a piece of work breaks; empty where it breaks none.
func codes(_ work: () async throws -> Void) async throws -> [String] {
    do {
        try await work()
        return []
    } catch let list as ProblemList {
        return list.problems.map { "\($0.field) \($0.code.rawValue)" }
    }
}
