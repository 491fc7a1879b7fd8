import Database
import Delivery
import Domain
import Foundation
import Storage
import Testing

/// The report of a morning: only when something failed, once, in time.
@Suite struct MorningReportTests {
    private struct House {
        let world: World
        let mailbox = ScriptedMailbox()

        /// - Parameter status: of the reminder that left at 07:00 on 1 March; nil where none left.
        init(_ status: String?, edit: @escaping @Sendable (inout PracticeDraft) -> Void = { _ in }) async throws {
            world = try await World()
            _ = try await world.mailbox("praxis@example.at")
            _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) {
                $0.reportTo = "chefin@example.at"
                edit(&$0)
            }
            try await world.book()
            try world.set("2027-03-01T07:00:00+01:00")
            guard let status else { return }
            try await world.drain(ScriptedChannel())
            try await world.run("UPDATE messages SET status = '\(status)'")
        }

        func look(_ time: String) async throws {
            try world.set("2027-03-01T\(time):00+01:00")
            await ReportPlanner(world: world.environment(mailbox)).round()
            await LetterSender(world: world.environment(mailbox)).round()
        }

        var text: String { String(decoding: mailbox.mails.first?.bytes ?? [], as: UTF8.self) }
    }

    @Test func itLeavesAtHalfPastSevenAndOnceADay() async throws {
        let house = try await House("undeliverable")
        try await house.look("07:29")
        #expect(house.mailbox.mails.isEmpty)
        try await house.look("07:30")
        #expect(house.mailbox.mails.map(\.recipient.value) == ["chefin@example.at"])
        #expect(house.text.contains("Subject: Vortag: bitte eine Person anrufen"))
        for time in ["07:31", "09:00", "11:59"] { try await house.look(time) }
        #expect(house.mailbox.mails.count == 1)
    }

    @Test(arguments: ["delivered", "submitted"])
    func whereNothingFailedNobodyIsWrittenTo(status: String) async throws {
        let house = try await House(status)
        for time in ["07:30", "09:00", "11:59"] { try await house.look(time) }
        #expect(house.mailbox.mails.isEmpty)
    }

    @Test func whatFailsLaterInTheMorningIsToldThenAndAfterNoonIsNot() async throws {
        let house = try await House("submitted")
        try await house.look("07:30")
        try await house.world.run("UPDATE messages SET status = 'expired'")
        try await house.look("08:10")
        #expect(house.mailbox.mails.count == 1)
        let late = try await House("expired")
        try await late.look("12:00")
        #expect(late.mailbox.mails.isEmpty)
    }

    @Test func withALaterSendTimeItLeavesHalfAnHourAfterThat() async throws {
        let house = try await House("undeliverable") { draft in
            draft.emailEnabled = true
            draft.emailSendTime = "09:00"
        }
        try await house.look("09:29")
        #expect(house.mailbox.mails.isEmpty)
        try await house.look("09:30")
        #expect(house.mailbox.mails.count == 1)
    }

    @Test func whoWasCalledAlreadyIsNoReasonForAReport() async throws {
        let house = try await House("undeliverable")
        let (world, calls) = (house.world, house.world.storage.calls)
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "eva@example.org",
            role: "staff",
            password: "ein-gutes-wort",
            now: world.clock.now
        )
        let entry = try #require(try await calls.list(world.practice.id, now: world.clock.now).first)
        try await calls.tick(entry.id, world.practice.id, by: Actor(user), note: "", now: world.clock.now)
        try await house.look("07:30")
        #expect(house.mailbox.mails.isEmpty)
    }

    @Test func thatNothingWentOutIsToldToo() async throws {
        let house = try await House(nil)
        try await house.world.run("UPDATE providers SET enabled = 0 WHERE kind <> 'mailbox'")
        try await house.world.drain(ScriptedChannel())
        try await house.look("07:30")
        #expect(house.text.contains("Subject: Vortag: Erinnerungen sind noch nicht verschickt"))
    }

    @Test func whatIsOnlyNotSentYetIsNoFailure() async throws {
        let house = try await House(nil)
        try await house.look("07:30")
        #expect(house.mailbox.mails.isEmpty)
    }

    @Test func ofTwoNodesOneReportComes() async throws {
        let house = try await House("undeliverable")
        try house.world.set("2027-03-01T07:30:00+01:00")
        await withDiscardingTaskGroup { group in
            for _ in 0..<2 {
                group.addTask { await ReportPlanner(world: house.world.environment(house.mailbox)).round() }
            }
        }
        #expect(
            try await house.world.driver.read { try $0.query("SELECT COUNT(*) FROM letters")[0].integer(0) } == 1
        )
    }

    @Test func aTrialIsSentThoughNothingFailedAndKeepsTheRealOneFromNothing() async throws {
        let house = try await House("delivered")
        let practice = try await house.world.storage.practices.find(house.world.practice.id)
        #expect(try await house.world.storage.letters.askTrialReport(practice, now: house.world.clock.now))
        try await house.look("07:05")
        #expect(house.text.contains("Subject: Vortag: Probe des Morgenberichts"))
        try await house.world.run("UPDATE messages SET status = 'expired'")
        try await house.look("07:30")
        #expect(house.mailbox.mails.count == 2)
    }

    @Test func whoTookTheAddressAwayGetsNoMore() async throws {
        let house = try await House("undeliverable")
        try house.world.set("2027-03-01T07:30:00+01:00")
        await ReportPlanner(world: house.world.environment(house.mailbox)).round()
        _ = try await house.world.storage.practices.change(house.world.practice.id, now: house.world.clock.now) {
            $0.reportTo = ""
        }
        await LetterSender(world: house.world.environment(house.mailbox)).round()
        #expect(house.mailbox.mails.isEmpty)
    }
}
