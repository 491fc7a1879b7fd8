import Database
import Domain
import TestDatabase
import Testing

@testable import Storage

/// A whole installation moved into another database.
@Suite struct CopyTests {
    /// An appointment, a message and a session, so that rows that refer to each other are there.
    private func filled() async throws -> World {
        let world = try await World()
        let outcome = try await world.book(try await world.patient())
        let reminder = try #require(try await world.standings(outcome.appointment).first).reminder
        try await world.attempt(reminder, at: world.now, outcome: "accepted")
        _ = try await world.storage.providers.add(
            ProviderDraft(name: "p", kind: "simulator", secret: "geheim"),
            now: world.now
        )
        var mailbox = MailboxDraft()
        mailbox.address = "praxis@example.at"
        mailbox.smtp = "smtp://127.0.0.1:2525"
        _ = try await world.storage.mailboxes.add(mailbox, practice: world.practice.id, now: world.now)
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO mails (message_id, provider_id, name, unsubscribe_word, subject, bytes, copy, created_at)
                SELECT m.id, b.provider_id, 'n@example.at', 'w', 's', $1, 'wanted', 1 FROM messages m, mailboxes b
                """,
                [UInt8](0...255)
            )
        }
        return world
    }

    private func rows(_ driver: any SQLDriver) async throws -> [String: [[SQLValue]]] {
        try await driver.read { transaction in
            try Dictionary(
                uniqueKeysWithValues: transaction.tables().map { table in
                    let columns = table.columns.joined(separator: ", ")
                    let rows = try transaction.query("SELECT \(columns) FROM \(table.name)").map(\.values)
                    return (table.name, rows.sorted { "\($0)" < "\($1)" })
                }
            )
        }
    }

    @Test func everyTableArrivesWhole() async throws {
        let world = try await filled()
        // Enough for several batches.
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "INSERT INTO marks (name, value) VALUES ($1, $2)",
                each: (0..<2_500).map { [.text("mark \($0)"), .bytes([UInt8($0 % 256)])] }
            )
        }
        let target = try await TestDatabase()
        let counts = try await InstallationCopy(from: world.driver, to: target.driver).run { _ in }
        let (before, after) = (try await rows(world.driver), try await rows(target.driver))
        #expect(before == after)
        // A table that is added later is found in the catalogue, and so in the list.
        #expect(Set(counts.map(\.table)).union(InstallationCopy.unmoved) == Set(before.keys))
        for count in counts {
            #expect(count.source == before[count.table]?.count, "\(count.table)")
            #expect(count.target == count.source, "\(count.table)")
        }
    }

    @Test func newRowsAreNumberedBehindTheCopiedOnes() async throws {
        let world = try await filled()
        let target = try await TestDatabase()
        _ = try await InstallationCopy(from: world.driver, to: target.driver).run { _ in }
        let storage = World.storage(target.driver, key: 7)
        let next = try await storage.practices.create(PracticeDraft(name: "Zweite"), now: world.now)
        #expect(next.id.rawValue == world.practice.id.rawValue + 1)
    }

    @Test func aTargetWithDataIsRefusedByName() async throws {
        let (world, other) = (try await filled(), try await World())
        let before = try await rows(other.driver)
        await #expect(throws: InstallationCopy.Refusal.notEmpty(table: "locations")) {
            _ = try await InstallationCopy(from: world.driver, to: other.driver).run { _ in }
        }
        #expect(try await rows(other.driver) == before)
    }

    @Test func aFailureLeavesTheTargetEmpty() async throws {
        let world = try await filled()
        let target = try await TestDatabase()
        _ = try await World.storage(target.driver, key: 7).migrate()
        try await target.driver.write { try $0.script("CREATE UNIQUE INDEX one_only ON attempts (number)") }
        let reminder = try #require(
            try await world.standings(try await world.book(try await world.patient("Maier")).appointment).first
        ).reminder
        try await world.attempt(reminder, at: world.now, outcome: "accepted")
        await #expect(throws: SQLError.self) {
            _ = try await InstallationCopy(from: world.driver, to: target.driver).run { _ in }
        }
        #expect(try await rows(target.driver)["practices"] == [])
    }

    @Test(.enabled(if: TestDatabase.engine == .postgresql, "needs both engines"))
    func fromSQLiteToPostgreSQLAndBackNothingChanges() async throws {
        let (start, end) = (try await TestDatabase(.sqlite), try await TestDatabase(.sqlite))
        let (world, middle) = (try await filled(), try await TestDatabase())
        _ = try await InstallationCopy(from: world.driver, to: start.driver).run { _ in }
        _ = try await InstallationCopy(from: start.driver, to: middle.driver).run { _ in }
        _ = try await InstallationCopy(from: middle.driver, to: end.driver).run { _ in }
        let (before, after) = (try await rows(start.driver), try await rows(end.driver))
        #expect(before == after)
    }
}
