import Delivery
import Domain
import Foundation
import Storage
import Testing

/// After a long outage or from a restored backup nothing is sent before somebody says so.
@Suite struct OverdueTests {
    static let afterOutage = "2027-03-01T09:00:01+01:00"
    static let evening = "2027-03-01T20:00:01+01:00"

    private func question(_ world: World, _ practice: Practice? = nil) async throws -> OverdueHold? {
        guard case .overdue(let hold) = try await world.storage.holds.find((practice ?? world.practice).id) else {
            return nil
        }
        return hold
    }

    private func answer(_ answer: HoldAnswer, _ world: World, _ practice: Practice? = nil) async throws {
        let hold = try #require(try await question(world, practice))
        let practice = practice ?? world.practice
        #expect(try await world.storage.holds.answer(practice.id, answer, asked: hold.askedAt, now: world.clock.now))
    }

    @Test(
        arguments: [
            (200, afterOutage, 200), (201, afterOutage, 0), (201, "2027-03-01T09:00:00+01:00", 201),
            (201, evening, 0),
        ]
    )
    func moreThanTwoHundredThatFellDueMoreThanTwoHoursAgoAreHeld(count: Int, start: String, sent: Int) async throws {
        let world = try await World()
        try await world.book(count)
        try world.set(start)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.count == sent)
    }

    @Test func onlyANewStartAsks() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        let environment = world.environment(ScriptedChannel())
        try world.set(Self.afterOutage)
        #expect(try await environment.gate.isOpen(at: world.clock.now))
        #expect(try await question(world) == nil, "the process was there all the time")
    }

    @Test func whatIsHeldLeavesWhenSomebodySaysSo() async throws {
        let world = try await World(overdueLimit: 2)
        let appointments = try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        let hold = try #require(try await question(world))
        let morning = try World.instant(World.morning)
        #expect(hold.count == 3 && hold.since == morning)
        #expect(try await world.standing(appointments[0]).reason == .practicePaused)
        try await answer(.send, world)
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
        #expect(try await question(world) == nil)
    }

    @Test func heldRemindersAreNotLookedAtAgainAndAgain() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        try await world.drain(ScriptedChannel())
        let next = try #require(try await world.storage.queue.nextDue())
        #expect(next > (try World.instant("2027-03-01T19:59:59+01:00")))
    }

    @Test func whatNobodyAnswersEndsAsTooLateAndTheNextDayIsAsUsual() async throws {
        let world = try await World(overdueLimit: 2)
        let appointments = try await world.book(3)
        let next = try await world.book(start: "2027-03-03T10:30:00+01:00")
        let channel = ScriptedChannel()
        try world.set(Self.afterOutage)
        try await world.drain(channel)
        try world.set(Self.evening)
        try await world.drain(channel)
        let standing = try await world.standing(appointments[0])
        #expect(standing.reminder.state == .skipped && standing.reminder.reason == .tooLateToSend)
        await world.rescue()
        #expect(try await question(world) == nil)
        try world.set("2027-03-02T07:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.standing(next[0]).message != nil)
    }

    @Test func whatFallsDueWhileTheQuestionStandsWaitsForTheAnswerToo() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        let late = try await world.book(start: "2027-03-03T10:30:00+01:00")[0]
        try await world.storage.holds.endAnswered(now: world.clock.now)
        try world.set("2027-03-02T07:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.standing(late).reason == .practicePaused)
        try await answer(.send, world)
        try await world.drain(channel)
        #expect(channel.sent.count == 1, "the three of yesterday are too late")
    }

    @Test func whatIsDroppedEndsAndAllElseGoesOn() async throws {
        let world = try await World(overdueLimit: 2)
        let appointments = try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        try await answer(.drop, world)
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        #expect(try await world.standing(appointments[0]).reminder.reason == .tooLateToSend)
        try await world.book(start: "2027-03-04T10:30:00+01:00")
        try world.set("2027-03-03T07:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
    }

    @Test func anAnswerHoldsForItsOwnQuestionOnly() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        try await world.drain(ScriptedChannel())
        let holds = world.storage.holds
        let earlier = world.clock.now - 60
        #expect(try await !holds.answer(world.practice.id, .send, asked: earlier, now: world.clock.now))
        #expect(try await question(world) != nil)
    }

    @Test func whatWasConfirmedIsNotAskedAboutAfterACrashButALaterOutageIs() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        try await answer(.send, world)
        // The process dies before it has sent anything; another one starts later.
        try world.set("2027-03-01T11:30:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
        try world.set("2027-03-01T12:00:00+01:00")
        try await world.book(3, start: "2027-03-04T10:30:00+01:00")
        try world.set("2027-03-03T09:00:01+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
        #expect(try await question(world)?.count == 3)
    }

    @Test func aPracticeAnswersForItselfOnlyAndTheOperatorForAll() async throws {
        let world = try await World(overdueLimit: 3)
        try await world.book(2)
        let other = try await world.neighbour(2)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(channel.sent.isEmpty, "together they are more than three")
        try await answer(.send, world)
        try await world.drain(channel)
        #expect(Set(channel.sent.map(\.sender.value)) == ["Praxis"] && channel.sent.count == 2)
        #expect(try await question(world, other)?.count == 2)
        #expect(try await world.storage.holds.resumeAll(now: world.clock.now).practices == 1)
        try await world.drain(channel)
        #expect(channel.sent.count == 4)
        #expect(try await world.storage.holds.resumeAll(now: world.clock.now).isEmpty)
    }

    @Test func aPracticeThatIsPausedByItsPeopleStaysPausedWhenAllAreReleased() async throws {
        let world = try await World(overdueLimit: 1)
        try await world.book(2)
        let other = try await world.neighbour(2)
        try await world.storage.practices.setPaused(other.id, true, now: world.clock.now)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        #expect(try await world.storage.holds.resumeAll(now: world.clock.now).practices == 1)
        try await world.drain(channel)
        #expect(Set(channel.sent.map(\.sender.value)) == ["Praxis"])
        #expect(try await world.storage.practices.find(other.id).paused)
    }

    @Test func theSwitchOfTheSettingsIsAnAnswerToo() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        try await world.storage.practices.setPaused(world.practice.id, false, now: world.clock.now)
        #expect(try await question(world) == nil)
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
    }

    @Test func aHeldReminderOfACancelledOrMovedAppointmentNeverLeaves() async throws {
        let world = try await World(overdueLimit: 2)
        let appointments = try await world.book(4)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        let store = world.storage.appointments
        let practice = world.practice.id
        _ = try await store.change(appointments[0].id, practice, now: world.clock.now) { $0.status = "cancelled" }
        _ = try await store.change(appointments[1].id, practice, now: world.clock.now) {
            $0.start = "2027-03-09T10:30:00+01:00"
            $0.end = ""
        }
        try await answer(.send, world)
        try await world.drain(channel)
        #expect(channel.sent.count == 2)
        #expect(try await world.standing(appointments[0]).reminder.reason == .cancelled)
        #expect(try await world.standing(appointments[1]).reminder.reason == .moved)
    }

    @Test func aChangedSendTimeOrANewProviderFreesNothing() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        try world.set(Self.afterOutage)
        let channel = ScriptedChannel()
        try await world.drain(channel)
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) {
            $0.smsSendTime = "08:00"
        }
        _ = try await world.storage.providers.add(
            ProviderDraft(name: "second", kind: "simulator"),
            now: world.clock.now
        )
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        try await answer(.send, world)
        try await world.drain(channel)
        #expect(channel.sent.count == 3)
    }

    @Test func whatWaitsForAReasonThatIsKnownIsNoOutage() async throws {
        let world = try await World(overdueLimit: 2)
        try await world.book(3)
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) { $0.smsEnabled = false }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set(Self.afterOutage)
        let started = world.environment(channel)
        try await Dispatcher(world: started, extent: .untilDrained(receiptSeconds: 0)).run()
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) { $0.smsEnabled = true }
        try await Dispatcher(world: started, extent: .untilDrained(receiptSeconds: 0)).run()
        #expect(channel.sent.count == 3)
    }
}
