import Database
import Delivery
import Domain
import Foundation
import Storage
import Synchronization
import Testing

@Suite struct DispatchTests {
    @Test func nothingLeavesBeforeTheDueSecond() async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel()
        try world.set("2027-03-01T06:59:59+01:00")
        try await world.drain(channel)
        #expect(channel.sent.isEmpty)
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.map(\.text) == ["Terminerinnerung 02.03.2027, 10:30. Bis morgen!"])
    }

    @Test func aNumberStandsInForANameThatIsNotRegistered() async throws {
        let world = try await World()
        try await world.book(2)
        _ = try await world.storage.practices.change(world.practice.id, now: world.clock.now) {
            $0.fallbackSenderID = "00436761234567"
        }
        try await world.driver.write { transaction in
            _ = try transaction.execute(
                "UPDATE patients SET mobile = '+4917012345678' WHERE id = (SELECT max(id) FROM patients)"
            )
        }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(
            Set(channel.sent.map { [$0.recipient, $0.sender.value] }) == [
                ["+436641234500", "00436761234567"], ["+4917012345678", "Praxis"],
            ]
        )
        #expect(Set(try await world.log().map(\.sender)) == ["00436761234567", "Praxis"])
    }

    @Test(arguments: [nil, "2027-03-01", "2027-03-02"])
    func aRegisteredNameGoesOutFromItsDayOn(_ day: String?) async throws {
        let world = try await World()
        try await world.book()
        _ = try await world.storage.locations.change(world.location.id, world.practice.id, now: world.clock.now) {
            $0.senderRegistered = true
            $0.senderRegisteredOn = day ?? ""
            $0.fallbackSenderID = "00436761234567"
        }
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.map(\.sender.value) == [day == "2027-03-02" ? "00436761234567" : "Praxis"])
    }

    @Test func whatWasHandedOverIsNotHandedOverAgain() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: .submitted))
        #expect(message.submittedAt == world.clock.now)
        #expect(message.providerMessageID == "p1")
        #expect(try await world.standing(appointment).reminder.state == .started)
    }

    @Test func twoWorkersAtOnceSendEachReminderOnce() async throws {
        let world = try await World()
        try await world.book(120)
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await withThrowingDiscardingTaskGroup { group in
            for _ in 0..<3 { group.addTask { try await world.drain(channel) } }
        }
        #expect(channel.sent.count == 120)
        #expect(Set(channel.sent.map(\.id)).count == 120)
        #expect(try await world.log().allSatisfy { $0.state.status == .submitted && $0.attempts == 1 })
    }

    @Test func theAttemptIsDurableBeforeTheFirstByteLeaves() async throws {
        let world = try await World()
        try await world.book(5)
        let seen = Mutex<[Int64]>([])
        let channel = ScriptedChannel { message, _ in
            let open = try? await world.driver.read { transaction in
                try transaction.first(
                    "SELECT COUNT(*) FROM attempts WHERE message_id = $1 AND ended_at IS NULL",
                    message.id.rawValue
                )?
                .integer(0)
            }
            seen.withLock { $0.append(open ?? -1) }
            return .accepted(ScriptedChannel.reference(message))
        }
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(seen.withLock { $0 } == [1, 1, 1, 1, 1])
    }

    @Test func noMoreAreOnTheirWayThanTheWindowAllows() async throws {
        let world = try await World()
        try await world.book(50)
        let channel = ScriptedChannel(window: 8) { message, _ in
            await Task.yield()
            return .accepted(ScriptedChannel.reference(message))
        }
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(channel.sent.count == 50)
        #expect(channel.peakInFlight <= 8)
    }

    @Test(arguments: [
        (SendOutcome.refused(.undeliverable, detail: ""), MessageStatus.undeliverable),
        (.refused(.providerError, detail: ""), .providerError),
        (.refused(.providerRefused, detail: ""), .providerRefused),
    ])
    func aRefusalIsFinal(outcome: SendOutcome, status: MessageStatus) async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel { _, _ in outcome }
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T12:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        #expect(try await world.log().map(\.state.status) == [status])
    }

    @Test(arguments: [
        (SendOutcome.unreachable(detail: ""), MessageStatus.serviceUnreachable),
        (.accountRefused(detail: ""), .providerRefused),
    ])
    func whatSurelyDidNotLeaveIsTriedAgainAndThenArrives(first: SendOutcome, status: MessageStatus) async throws {
        let world = try await World()
        try await world.book()
        let channel = ScriptedChannel { message, attempt in
            attempt == 1 ? first : .accepted(ScriptedChannel.reference(message))
        }
        try world.set(World.morning)
        try await world.drain(channel)
        #expect(try await world.log().map(\.state.status) == [status])
        #expect(channel.sent.count == 1, "not again at once")
        try world.set("2027-03-01T07:01:00+01:00")
        try await world.drain(channel)
        let log = try await world.log()
        #expect(log.map(\.state.status) == [.submitted])
        #expect(log.map(\.attempts) == [2])
        #expect(log.map(\.possiblyTwice) == [false])
    }

    @Test func afterTheLatestSendTimeNothingIsTriedAnyMore() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel { _, _ in .unreachable(detail: "") }
        try world.set("2027-03-01T19:59:50+01:00")
        try await world.drain(channel)
        try world.set("2027-03-01T20:00:01+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        let standing = try await world.standing(appointment)
        #expect(standing.reminder.state == .skipped && standing.reminder.reason == .tooLateToSend)
        #expect(try await world.log().map(\.state.status) == [.serviceUnreachable])
    }

    @Test func aCorrectionSaysWhatBecameOfTheAppointment() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        await #expect(throws: LateChange.self) {
            _ = try await world.storage.appointments.cancel(
                appointment.id,
                world.practice.id,
                answer: .unasked,
                now: world.clock.now
            )
        }
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: true),
            now: world.clock.now
        )
        try await world.drain(channel)
        #expect(channel.sent.last?.text == "Terminabsage: Der Termin am 02.03.2027, 10:30 entfällt.")
    }

    @Test func aCorrectionDoesNotLeaveAtNight() async throws {
        let world = try await World()
        let appointment = try await world.book()[0]
        let channel = ScriptedChannel()
        try world.set(World.morning)
        try await world.drain(channel)
        try world.set("2027-03-01T20:58:00+01:00")
        _ = try await world.storage.appointments.cancel(
            appointment.id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: true),
            now: world.clock.now
        )
        try world.set("2027-03-01T23:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 1)
        try world.set("2027-03-02T07:00:00+01:00")
        try await world.drain(channel)
        #expect(channel.sent.count == 2)
    }

    @Test func aReminderThatMayHaveReachedOnePatientIsNotSentToThatOneAgainForAnother() async throws {
        let world = try await World()
        let appointments = try await world.book(2)
        let channel = ScriptedChannel { _, _ in .unknown(detail: "") }
        try world.set(World.morning)
        try await world.drain(channel)
        _ = try await world.storage.appointments.change(
            appointments[0].id,
            world.practice.id,
            answer: .acknowledged(sendCorrection: false),
            now: world.clock.now
        ) { $0.patientID = appointments[1].patientID.description }
        try world.set("2027-03-01T08:00:01+01:00")
        await world.rescue()
        try await world.drain(channel)
        #expect(channel.sent.count == 3, "only the other appointment's reminder leaves once more")
    }
}
