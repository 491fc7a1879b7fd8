import NIOCore
import Testing

@testable import SMPP

private typealias Machine = SMPPSessionStateMachine<String>

@Suite("Answers after the time-out", .timeLimit(.minutes(5)))
struct LateAnswerTests {
    private let first = SubmitTag(id: 7, attempt: 2)

    /// Bound, with one request of sequence number 2 given up at second 11.
    private func givenUp(tag: SubmitTag?) -> Machine {
        var machine = Machine(
            settings: Machine.Settings(
                bind: BindRequest(systemID: "a", password: "b"),
                window: 1,
                responseTimeout: .seconds(10)
            )
        )
        _ = machine.connected(now: at(0))
        _ = machine.received(pdu(.bindResponse(.transceiver, BindResponse()), .ok, 1), now: at(0))
        _ = machine.open("one", tag: tag, now: at(1))
        _ = machine.tick(now: at(11))
        return machine
    }

    private func answer(_ status: CommandStatus = .ok) -> PDU { pdu(.submitResponse(messageID: "late"), status, 2) }

    @Test("an acceptance is told with the tag, once, and the slot was free meanwhile")
    func accepted() {
        var machine = givenUp(tag: first)
        #expect(machine.freeSlots == 1)
        #expect(machine.received(answer(), now: at(12)) == [.late(first, .accepted(messageID: "late"))])
        #expect(machine.received(answer(), now: at(12)).isEmpty, "an answer twice is passed over")
    }

    @Test("a refusal and a nack are told too, an unreadable answer is not, nor one without a tag")
    func others() {
        var refused = givenUp(tag: first)
        #expect(refused.received(answer(.throttled), now: at(12)) == [.late(first, .refused(.throttled))])
        var nacked = givenUp(tag: first)
        let nack = pdu(.genericNack, .invalidCommandID, 2)
        #expect(nacked.received(nack, now: at(12)) == [.late(first, .refused(.invalidCommandID))])
        var unreadable = givenUp(tag: first)
        #expect(unreadable.receivedUnreadableResponse(SequenceNumber(rawValue: 2), now: at(12)).isEmpty)
        var untagged = givenUp(tag: nil)
        #expect(untagged.received(answer(), now: at(12)).isEmpty)
    }

    @Test("it is remembered for ten minutes, and not beyond the session")
    func memory() {
        var machine = givenUp(tag: first)
        _ = machine.received(pdu(.enquireLinkResponse, .ok, 3), now: at(610))
        _ = machine.tick(now: at(610))
        #expect(machine.received(answer(), now: at(610)) == [.late(first, .accepted(messageID: "late"))])
        var forgetful = givenUp(tag: first)
        _ = forgetful.received(pdu(.enquireLinkResponse, .ok, 3), now: at(611))
        _ = forgetful.tick(now: at(611))
        #expect(forgetful.received(answer(), now: at(611)).isEmpty)
        var ended = givenUp(tag: first)
        _ = ended.connectionLost()
        #expect(ended.received(answer(), now: at(12)).isEmpty)
    }

    @Test("more than ten thousand are not remembered, and the oldest go first")
    func bounded() {
        var requests = GivenUpRequests()
        for number in 1...UInt32(GivenUpRequests.limit + 5) {
            requests.remember(SequenceNumber(rawValue: number), SubmitTag(id: Int64(number)), now: at(0))
        }
        #expect(requests.count == GivenUpRequests.limit)
        #expect(requests.take(SequenceNumber(rawValue: 5)) == nil)
        #expect(requests.take(SequenceNumber(rawValue: 6))?.id == 6)
        requests.forget(now: at(600))
        #expect(requests.count == 0)
    }

    @Test("over a socket: unknown first, then the late answer as an event, and each bind as one")
    func overASocket() async throws {
        let events = Events<SMPPClientEvent>()
        try await LoopbackWorld.run(configure: { $0.responseTimeout = .seconds(2) }, onEvent: { events.add($0) }) {
            world in
            #expect(await events.next() == .bound)
            async let result = world.client.submit(LoopbackWorld.message(), tag: first)
            let held = try #require(await world.submits.next())
            #expect(await result == .unknown(.responseTimedOut))
            held.answer(.accept(messageID: "late"))
            #expect(await events.next() == .lateAnswer(first, .accepted(messageID: "late")))
            held.session.cut()
            #expect(await events.next() == .bound)
        }
    }
}
