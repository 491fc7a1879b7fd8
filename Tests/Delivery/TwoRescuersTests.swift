import Database
import Delivery
import Domain
import Foundation
import Storage
import Synchronization
import TestDatabase
import Testing

/// Two nodes that look for unknown outcomes at the same time.
@Suite(.enabled(if: TestDatabase.engine == .postgresql, "SQLite has one writer"))
struct TwoRescuersTests {
    @Test func whatTheOtherNodeHasSentAgainIsNotSentAThirdTime() async throws {
        let world = try await World()
        try await world.book(2)
        try world.set(World.morning)
        try await world.drain(ScriptedChannel { _, _ in .unknown(detail: "reset") })
        let ids = try await world.driver.read { transaction in
            try transaction.query("SELECT id FROM reminders ORDER BY id").map { try $0.integer(0) }
        }
        try world.set("2027-03-01T08:00:01+01:00")
        let lock = HeldLock()
        let blocker = try world.database.another()
        let rescuer = try world.database.another()
        defer {
            try? blocker.close()
            try? rescuer.close()
        }
        let other = Storage(driver: rescuer, secrets: nil) { count in [UInt8](repeating: 7, count: count) }
        let now = world.clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Stands for the other node at work on the first of the two: this one's round waits for it.
            group.addTask {
                try await blocker.write(.guarded) { transaction in
                    _ = try transaction.query("SELECT id FROM reminders WHERE id = $1 FOR UPDATE", ids[0])
                    lock.set(taken: true)
                    while lock.isHeld { Thread.sleep(forTimeInterval: 0.01) }
                }
            }
            while !lock.isTaken { try await Task.sleep(for: .milliseconds(5)) }
            group.addTask { _ = try await other.rescue.round(now: now, lease: 30, evidenceWindow: 3600) }
            // Until it waits for the lock.
            for _ in 0..<200 {
                let waiting = try await world.driver.read {
                    try $0.first("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")?.integer(0)
                }
                if waiting ?? 0 > 0 { break }
                try await Task.sleep(for: .milliseconds(10))
            }
            // The other node sends the second again, and a lane starts it.
            _ = try await world.driver.write(.guarded) { transaction in
                try transaction.execute(
                    "UPDATE reminders SET state = 'planned', next_at = $1 WHERE id = $2 AND state = 'started'",
                    Int64(now.timeIntervalSince1970 * 1000),
                    ids[1]
                )
            }
            #expect(try await world.start(worker: "other").count == 1)
            lock.set(held: false)
            try await group.waitForAll()
        }
        let again = try await world.start(worker: "third")
        #expect(again.map(\.reminderID.rawValue) == [ids[0]], "the second is on its way already")
    }
}

/// A row lock that a test takes and lets go.
private final class HeldLock: Sendable {
    private let state = Mutex((isTaken: false, isHeld: true))

    var isTaken: Bool { state.withLock { $0.isTaken } }
    var isHeld: Bool { state.withLock { $0.isHeld } }

    func set(taken: Bool? = nil, held: Bool? = nil) {
        state.withLock { state in
            state.isTaken = taken ?? state.isTaken
            state.isHeld = held ?? state.isHeld
        }
    }
}
