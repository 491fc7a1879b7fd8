import Database
import Domain
import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Storage

/// The desk changes what the engine is just starting. On SQLite there is one writer, and no race.
@Suite(.enabled(if: TestDatabase.engine == .postgresql, "for PostgreSQL alone"))
struct RaceTests {
    enum Change: String, CaseIterable {
        case cancel, move, location
    }

    /// What the other side was told.
    private final class Answer: Sendable {
        let text = Mutex<String?>(nil)
    }

    private func change(_ change: Change, _ world: World, _ appointment: Appointment, to other: Location) async
        -> String
    {
        do {
            _ = try await world.change(appointment) { draft in
                switch change {
                case .cancel: draft.status = "cancelled"
                case .move: draft.start = "2027-03-09T10:30"
                case .location: draft.locationID = other.id.description
                }
            }
            return "saved"
        } catch is LateChange {
            return "warned"
        } catch {
            return "\(error)"
        }
    }

    @Test(arguments: Change.allCases)
    func aChangeWaitsForTheStartOfTheReminderAndIsThenWarned(_ kind: Change) async throws {
        let world = try await World()
        let appointment = try await world.book(try await world.patient()).appointment
        let other = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Nord"),
            now: world.now
        )
        let reminder = try #require(try await world.standings(appointment).first).reminder
        let engine = try world.database.another(connections: 1)
        let answer = Answer()
        let at = Int64(world.now.timeIntervalSince1970 * 1_000)
        let practice = world.practice.id.rawValue
        try await engine.write(.guarded) { transaction in
            let held = try transaction.query(
                "SELECT id FROM reminders WHERE state = 'planned' AND id = $1\(transaction.dialect.skipLocked)",
                reminder.id.rawValue
            )
            #expect(held.count == 1)
            Task.detached {
                let text = await change(kind, world, appointment, to: other)
                answer.text.withLock { $0 = text }
            }
            // Until the desk waits for us, or has passed us by.
            while answer.text.withLock({ $0 }) == nil,
                try transaction.first(
                    "SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY (pg_blocking_pids(pid))"
                ) == nil
            {}
            let message = try transaction.first(
                """
                INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, unclear, presumed,
                    attempts, possibly_twice, created_at, reminder_id)
                VALUES ($1, 'sms', '+436641234500', 'Praxis', 'x', 1, 0, 0, 1, 0, $2, $3) RETURNING id
                """,
                practice,
                at,
                reminder.id.rawValue
            )?.integer(0)
            try transaction.execute(
                "INSERT INTO attempts (message_id, number, worker, started_at, detail) VALUES ($1, 1, 'w', $2, '')",
                message,
                at
            )
            try transaction.execute(
                "UPDATE reminders SET state = 'started' WHERE id = $1",
                reminder.id.rawValue
            )
        }
        while answer.text.withLock({ $0 }) == nil { await Task.yield() }
        #expect(answer.text.withLock { $0 } == "warned")
        try engine.close()
    }
}
