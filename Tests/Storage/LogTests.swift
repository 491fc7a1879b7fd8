import Database
import Domain
import Foundation
import Testing

@testable import Storage

@Suite struct LogTests {
    /// A line of the log without a reminder behind it, so many seconds after the world's now. Returns its id.
    @discardableResult
    private func line(
        _ world: World,
        at seconds: Double,
        _ channel: Channel = .sms,
        _ status: MessageStatus? = .delivered,
        unclear: Bool = false,
        location: Location.ID? = nil,
        practice: Practice.ID? = nil
    ) async throws -> Message.ID {
        let at = Int64(((world.now + seconds).timeIntervalSince1970 * 1_000).rounded())
        return try await world.driver.write { transaction in
            let rows = try transaction.query(
                """
                INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,
                    attempts, possibly_twice, created_at, location_id)
                VALUES ($1, $2, '+436641234500', 'Praxis', 'Text', 1, $3, $4, 0, 1, 0, $5, $6) RETURNING id
                """,
                (practice ?? world.practice.id).rawValue,
                channel.rawValue,
                status?.rawValue,
                unclear,
                at,
                (location ?? world.location.id).rawValue
            )
            return Message.ID(try rows[0].integer(0))
        }
    }

    private func ids(_ world: World, _ filter: MessageFilter) async throws -> [Message.ID] {
        try await world.storage.messages.list(world.practice.id, filter).items.map(\.message.id)
    }

    @Test func `Pages follow each other by time over both channels, nothing twice and nothing left out`() async throws {
        let world = try await World()
        var written: [(seconds: Double, id: Message.ID)] = []
        for (number, seconds) in [0.0, 5, 5, 5, 2, 9, 9, 1, 5].enumerated() {
            let id = try await line(world, at: seconds, number % 3 == 0 ? .email : .sms, .submitted)
            written.append((seconds, id))
        }
        let expected = written.sorted { ($0.seconds, $0.id.rawValue) > ($1.seconds, $1.id.rawValue) }.map(\.id)
        var found: [Message.ID] = []
        var cursor: String?
        repeat {
            let request = PageRequest(limit: 2, cursor: cursor)
            let page = try await world.storage.messages.list(world.practice.id, MessageFilter(), request)
            #expect(page.items.count == 2 || page.next == nil)
            found += page.items.map(\.message.id)
            cursor = page.next
        } while cursor != nil
        #expect(found == expected)
    }

    @Test func `Each filter shows what it names, and nothing of another practice`() async throws {
        let world = try await World()
        let other = try await world.storage.practices.create(PracticeDraft(name: "Andere"), now: world.now)
        try await line(world, at: 3, practice: other.id)
        let away = try await world.storage.locations.create(
            world.practice.id,
            LocationDraft(name: "Bahnhof", closingText: ""),
            now: world.now
        )
        let delivered = try await line(world, at: 0)
        let failed = try await line(world, at: 10, .sms, .undeliverable, location: away.id)
        let bounced = try await line(world, at: 20, .email, .bounced)
        let submitted = try await line(world, at: 30, .sms, .submitted, location: away.id)
        let unclear = try await line(world, at: 40, .email, nil, unclear: true)
        let from = world.now + 10
        for (filter, expected) in [
            (MessageFilter(), [unclear, submitted, bounced, failed, delivered]),
            (MessageFilter(channel: .sms), [submitted, failed, delivered]),
            (MessageFilter(status: .bounced), [bounced]),
            (MessageFilter(channel: .sms, status: .bounced), []),
            (MessageFilter(status: .submitted), [submitted]),
            (MessageFilter(group: .failed), [bounced, failed]),
            (MessageFilter(group: .open), [unclear]),
            (MessageFilter(channel: .sms, group: .open), []),
            (MessageFilter(from: from, to: from + 20), [bounced, failed]),
            (MessageFilter(status: .delivered, from: from), []),
            (MessageFilter(locationID: away.id), [submitted, failed]),
            (MessageFilter(group: .failed, locationID: away.id), [failed]),
        ] as [(MessageFilter, [Message.ID])] {
            #expect(try await ids(world, filter) == expected, "\(filter)")
        }
        let rows = try await world.storage.messages.rows([failed, delivered], other.id)
        #expect(rows.isEmpty)
    }

    @Test func `A patient's lines are found by the reminders`() async throws {
        let world = try await World()
        let (anna, eva) = (try await world.patient(), try await world.patient("Moser"))
        var own: [Message.ID] = []
        for patient in [anna, eva] {
            let booked = try await world.book(patient).appointment
            let reminder = try #require(try await world.standings(booked).first).reminder
            let message = try await world.attempt(reminder, at: world.now, outcome: "accepted")
            if patient.id == anna.id { own.append(message) }
        }
        #expect(try await ids(world, MessageFilter(patientID: anna.id)) == own)
        #expect(try await ids(world, MessageFilter(group: .failed, patientID: anna.id)).isEmpty)
        #expect(try await ids(world, MessageFilter(status: .submitted, patientID: anna.id)) == own)
    }

    @Test func `What is rare is looked for stretch by stretch`() async throws {
        let world = try await World()
        let away = Location.ID(world.location.id.rawValue + 1)
        let rare = try await line(world, at: 0, location: away)
        for second in 1...9 { try await line(world, at: Double(second), second % 4 == 0 ? .email : .sms) }
        let filter = MessageFilter(locationID: away)
        var after: Cursor?
        var (looks, found): (Int, [Int64]) = (0, [])
        repeat {
            var search = LogSearch(practice: world.practice.id, filter: filter, after: after, limit: 5)
            search.stretch = 3
            let part = try await world.driver.read { [search] in try search.run(in: $0) }
            found += part.lines.map(\.id)
            looks += 1
            after = part.horizon
        } while after != nil
        #expect(found == [rare.rawValue])
        #expect((2...5).contains(looks), "\(looks)")
    }

    @Test func `Messages are counted by status, and no more than so many`() async throws {
        let world = try await World()
        for status in [MessageStatus.delivered, .delivered, .submitted, .expired] {
            try await line(world, at: 1, .sms, status)
        }
        try await line(world, at: 2, .sms, nil, unclear: true)
        let log = world.storage.messages
        let count = try await log.count(world.practice.id, MessageFilter(), most: 100)
        #expect(count.byStatus == [.delivered: 2, .submitted: 1, .expired: 1])
        #expect(count.open == 1 && count.total == 5 && !count.isCut)
        let cut = try await log.count(world.practice.id, MessageFilter(), most: 3)
        #expect(cut.total == 3 && cut.isCut)
    }

    @Test func `A glance changes with what is heard of a message, and with a new one`() async throws {
        let world = try await World()
        let id = try await line(world, at: 0, .sms, .submitted)
        let log = world.storage.messages
        let before = try await log.glance(world.practice.id, MessageFilter(), limit: 5)
        #expect(try await log.glance(world.practice.id, MessageFilter(), limit: 5) == before)
        let rows = try await log.rows([id], world.practice.id)
        #expect(rows.map(LogGlance.init) == before)
        _ = try await world.driver.write {
            try $0.execute("UPDATE messages SET status = 'delivered', delivered_at = 1 WHERE id = $1", id.rawValue)
        }
        let after = try await log.glance(world.practice.id, [id])
        #expect(after != before && after.map(\.state.status) == [.delivered])
        #expect(try await log.glance(.init(world.practice.id.rawValue + 1), [id]).isEmpty)
    }

    @Test func `What was given up is found by its time, not by reading all that ever was`() async throws {
        let world = try await World()
        guard world.driver.dialect.bytes == Dialect.sqlite.bytes else { return }
        let plan = try await world.driver.read { transaction in
            try transaction.query(
                "EXPLAIN QUERY PLAN " + Evidence.selection,
                values: [.integer(1), .integer(2), .integer(3)]
            ).map { try $0.text(3) }
        }
        #expect(plan.contains { $0.contains("messages_given_up_lately (created_at>?)") }, "\(plan)")
        #expect(!plan.contains { $0.contains("SCAN m") && !$0.contains("messages_unclear") }, "\(plan)")
    }
}
