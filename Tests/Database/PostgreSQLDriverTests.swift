import Foundation
import Synchronization
import TestDatabase
import Testing

@testable import Database

/// How often a body ran.
final class Runs: Sendable {
    private let state = Mutex(0)
    var count: Int { state.withLock { $0 } }

    @discardableResult
    func add() -> Int {
        state.withLock { count in
            count += 1
            return count
        }
    }
}

@Suite(.enabled(if: TestDatabase.engine == .postgresql, "for PostgreSQL alone"))
struct PostgreSQLDriverTests {
    /// Ends all sessions of the database's schema but the one that asks, as a restart of the server would.
    private func cutOff(_ world: DriverWorld) async throws {
        let schema = try #require(world.database.address.split(separator: "%3D").last)
        let door = try TestDatabase.patientDriver(try TestDatabase.server(), connections: 1)
        _ = try await door.read { transaction in
            try transaction.query(
                """
                SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                WHERE application_name = $1 AND pid <> pg_backend_pid()
                """,
                String(schema)
            )
        }
        try door.close()
    }

    /// A driver whose sessions can be told from those of other tests.
    private func named(_ world: DriverWorld, connections: Int = 2) throws -> PostgreSQLDriver {
        let schema = try #require(world.database.address.split(separator: "%3D").last)
        return try TestDatabase.patientDriver(
            world.database.address + "&application_name=" + schema,
            connections: connections
        )
    }

    @Test func twoThatReadWhatTheOtherWritesAreAsIfOneAfterTheOther() async throws {
        let world = try await DriverWorld(connections: 8)
        try await world.makeTable()
        // Each counts, then adds one under the number it saw: unique, unless two saw the same.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<24 {
                group.addTask {
                    try await world.driver.write { transaction in
                        let count = try transaction.first("SELECT COUNT(*) FROM things")?.integer(0) ?? -1
                        try transaction.execute("INSERT INTO things (name) VALUES ($1)", "number \(count)")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(Set(try await world.names()) == Set((0..<24).map { "number \($0)" }))
    }

    @Test func zeroBytesInTextAreStoredAsASign() async throws {
        let world = try await DriverWorld()
        try await world.makeTable()
        try await world.driver.write { _ = try $0.execute("INSERT INTO things (name) VALUES ($1)", "id:7 \u{0}") }
        #expect(try await world.names() == ["id:7 \u{2400}"])
    }

    @Test func aConstraintIsNamedAndItsValueIsNot() async throws {
        let world = try await DriverWorld()
        try await world.makeTable()
        let outcome = await #expect(throws: SQLError.self) {
            try await world.driver.write { transaction in
                _ = try transaction.execute(
                    "INSERT INTO things (name) VALUES ($1)",
                    each: [[.text("Huber")], [.text("Huber")]]
                )
            }
        }
        #expect(outcome == .constraint("things things_name_key"))
    }

    @Test func aValueThatDoesNotFitIsNotQuoted() async throws {
        let world = try await DriverWorld()
        let outcome = await #expect(throws: SQLError.self) {
            _ = try await world.driver.read { try $0.query("SELECT CAST($1 AS bigint)", "Huber") }
        }
        #expect(outcome?.description.contains("Huber") == false)
    }

    @Test func aBodyThatGoesOnAfterAFailureWritesNothingAndIsTold() async throws {
        let world = try await DriverWorld()
        try await world.makeTable()
        await #expect(throws: SQLError.noSuchTable) {
            try await world.driver.write { transaction in
                try transaction.execute("INSERT INTO things (name) VALUES ('x')")
                _ = try? transaction.query("SELECT 1 FROM nowhere")
            }
        }
        #expect(try await world.names() == [])
    }

    @Test func aConnectionThatBrokeIsReplacedAndWhatHadNotCommittedRunsAgain() async throws {
        let world = try await DriverWorld()
        try await world.makeTable()
        let driver = try named(world)
        _ = try await driver.read { try $0.query("SELECT 1") }
        try await cutOff(world)
        #expect(try await driver.read { try $0.first("SELECT 7")?.integer(0) } == 7)
        let runs = Runs()
        try await driver.write { transaction in
            try transaction.execute("INSERT INTO things (name) VALUES ('kept')")
            guard runs.add() == 1 else { return }
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                try await self.cutOff(world)
                done.signal()
            }
            done.wait()
        }
        #expect(runs.count == 2)
        #expect(try await world.names() == ["kept"])
        try driver.close()
    }

    @Test func anAnnouncementReachesOtherNodesAlsoAfterTheListenerWasCutOff() async throws {
        let world = try await DriverWorld()
        let driver = try named(world)
        var bell = driver.announcements(of: .reminders).makeAsyncIterator()
        // Once it listens it rings, as something may have been missed; so it does after it was cut off.
        await bell.next()
        try await cutOff(world)
        await bell.next()
        try await world.driver.write { try $0.announce(.reminders) }
        await bell.next()
        try driver.close()
        while await bell.next() != nil {}
    }

    @Test func theServersClockIsTold() async throws {
        let world = try await DriverWorld()
        let told = try #require(try await world.driver.clockMilliseconds())
        #expect(abs(Double(told) / 1000 - Date().timeIntervalSince1970) < 5)
    }

    @Test func aLockThatIsHeldForTooLongIsBusy() async throws {
        let world = try await DriverWorld()
        try await world.makeTable()
        let uri = world.database.address.replacing("options=", with: "options=-clock_timeout%3D50%20")
        let impatient = try TestDatabase.patientDriver(uri, connections: 1)
        try await world.driver.write { transaction in
            try transaction.script("LOCK TABLE things")
            let outcome = Mutex<(any Error)?>(nil)
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                do { _ = try await impatient.read { try $0.query("SELECT * FROM things") } } catch {
                    outcome.withLock { $0 = error }
                }
                done.signal()
            }
            done.wait()
            #expect(outcome.withLock { $0 } as? SQLError == .busy)
        }
        try impatient.close()
    }

    @Test func aReadThatIsCancelledBeforeItsTurnDoesNotRunAndALateOneIsRefused() async throws {
        let world = try await DriverWorld()
        let driver = try PostgreSQLDriver(uri: world.database.address, connections: 1, patience: 0.1) { 0.5 }
        let (isHeld, letGo) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        async let holding: Void = driver.write { _ in
            isHeld.signal()
            letGo.wait()
        }
        await withCheckedContinuation { go in
            DispatchQueue.global().async {
                isHeld.wait()
                go.resume()
            }
        }
        let runs = Runs()
        let cancelled = Task { try await driver.read { _ in runs.add() } }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        await #expect(throws: SQLError.busy) { try await driver.read { _ in runs.add() } }
        letGo.signal()
        try await holding
        #expect(runs.count == 0)
        try driver.close()
    }

    @Test func moreStatementsThanAreKeptPreparedStillRun() async throws {
        let world = try await DriverWorld(connections: 1)
        for round in 0..<2 {
            for number in 0..<300 {
                let row = try await world.driver.read { try $0.first("SELECT \(number) + CAST($1 AS bigint)", round) }
                #expect(try row?.integer(0) == Int64(number + round))
            }
        }
    }

    @Test func aTableThatChangedItsShapeIsReadAgain() async throws {
        let world = try await DriverWorld(connections: 1)
        try await world.makeTable()
        _ = try await world.driver.read { try $0.query("SELECT * FROM things") }
        let other = try world.database.another()
        try await other.write { try $0.script("ALTER TABLE things ADD COLUMN more TEXT") }
        try other.close()
        #expect(try await world.driver.read { try $0.query("SELECT * FROM things") }.isEmpty)
    }

    @Test func nothingIsLeftOpenAfterClose() async throws {
        let world = try await DriverWorld()
        let driver = try named(world, connections: 4)
        let bell = driver.announcements(of: .reminders)
        for await _ in bell { break }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await driver.read { try $0.query("SELECT pg_sleep(0.01)") } } }
            try await group.waitForAll()
        }
        let schema = String(try #require(world.database.address.split(separator: "%3D").last))
        let sessions = { () async throws -> Int64 in
            try await world.driver.read { transaction in
                try transaction.first("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = $1", schema)?
                    .integer(0) ?? -1
            }
        }
        #expect(try await sessions() == 5)
        try driver.close()
        // The server takes a moment to notice that they are gone.
        for _ in 0..<200 where try await sessions() > 0 { try await Task.sleep(for: .milliseconds(10)) }
        #expect(try await sessions() == 0)
    }
}
