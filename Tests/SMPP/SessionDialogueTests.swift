import NIOCore
import Testing

@testable import SMPP

private typealias Machine = SMPPSessionStateMachine<String>
private typealias Action = Machine.Action

/// Seconds after the connection was made.
func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(0) + .seconds(1_000) + .seconds(seconds) }

func pdu(_ body: PDU.Body, _ status: CommandStatus = .ok, _ sequence: UInt32) -> PDU {
    PDU(body, status: status, sequence: SequenceNumber(rawValue: sequence))
}

@Suite("Client session, as a dialogue")
struct SessionDialogueTests {
    private let bind = BindRequest(systemID: "a", password: "b")
    private let receipt = DeliverSM(source: .empty, destination: .empty, esmClass: 4, shortMessage: [1])

    private func machine(
        window: Int = 2,
        inboundWindow: Int = 2,
        mode: BindMode = .transceiver,
        first: SequenceNumber = .first,
        cautious: Bool = false
    ) -> Machine {
        Machine(
            settings: Machine.Settings(
                bindMode: mode,
                bind: bind,
                window: window,
                beginsWithOne: cautious,
                inboundWindow: inboundWindow,
                responseTimeout: .seconds(10),
                enquireLinkInterval: .seconds(30)
            ),
            firstSequence: first
        )
    }

    private func bound(window: Int = 2, inboundWindow: Int = 2, mode: BindMode = .transceiver) -> Machine {
        var machine = machine(window: window, inboundWindow: inboundWindow, mode: mode)
        _ = machine.connected(now: at(0))
        _ = machine.received(pdu(.bindResponse(mode, BindResponse(systemID: "S")), 1), now: at(0))
        return machine
    }

    private func pdu(_ body: PDU.Body, _ sequence: UInt32) -> PDU { SMPPTests.pdu(body, .ok, sequence) }

    @Test("binds when connected, and takes messages only once bound")
    func binding() {
        var machine = machine()
        #expect(machine.open("early", now: at(0)) == nil)
        #expect(machine.connected(now: at(0)) == [.write(pdu(.bind(.transceiver, bind), 1))])
        #expect(machine.open("early", now: at(0)) == nil)
        let answer = pdu(.bindResponse(.transceiver, BindResponse(systemID: "SMSC")), 1)
        #expect(machine.received(answer, now: at(1)) == [.bound(smscID: "SMSC")])
        #expect(machine.freeSlots == 2)
    }

    @Test("a refused bind, a nacked bind and a silent one end the session with their reason")
    func bindFailures() {
        var refused = machine()
        _ = refused.connected(now: at(0))
        let answer = SMPPTests.pdu(.bindResponse(.transceiver, BindResponse()), .invalidPassword, 1)
        #expect(refused.received(answer, now: at(1)) == [.close(.bindRefused(.invalidPassword))])
        var nacked = machine()
        _ = nacked.connected(now: at(0))
        #expect(
            nacked.received(SMPPTests.pdu(.genericNack, .systemError, 1), now: at(1)) == [
                .close(.bindRefused(.systemError))
            ]
        )
        var silent = machine()
        _ = silent.connected(now: at(0))
        #expect(silent.tick(now: at(9)).isEmpty)
        #expect(silent.tick(now: at(10)) == [.close(.bindTimedOut)])
    }

    @Test("the window holds, and answers in any order find their own request")
    func window() {
        var machine = bound()
        let one = machine.open("one", now: at(1))
        let two = machine.open("two", now: at(1))
        #expect(one?.rawValue == 2 && two?.rawValue == 3)
        #expect(machine.open("three", now: at(1)) == nil)
        #expect(
            machine.received(pdu(.submitResponse(messageID: "B"), 3), now: at(2)) == [
                .complete("two", .accepted(messageID: "B"))
            ]
        )
        #expect(machine.open("three", now: at(2))?.rawValue == 4)
        let throttled = SMPPTests.pdu(.submitResponse(messageID: ""), .throttled, 2)
        #expect(machine.received(throttled, now: at(3)) == [.complete("one", .refused(.throttled))])
        #expect(machine.received(throttled, now: at(3)).isEmpty, "an answer twice is passed over")
        #expect(
            machine.received(SMPPTests.pdu(.genericNack, .invalidCommandID, 4), now: at(3)) == [
                .complete("three", .refused(.invalidCommandID))
            ]
        )
    }

    @Test("no answer in time is unknown, and the link is asked at once")
    func responseTimeout() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        _ = machine.open("two", now: at(2))
        #expect(machine.tick(now: at(10)).isEmpty)
        #expect(
            machine.tick(now: at(11)) == [.complete("one", .unknown(.responseTimedOut)), .write(pdu(.enquireLink, 4))]
        )
        #expect(machine.freeSlots == 1)
        #expect(machine.received(pdu(.enquireLinkResponse, 4), now: at(11)).isEmpty)
        #expect(machine.received(pdu(.submitResponse(messageID: "late"), 2), now: at(12)).isEmpty)
    }

    @Test("a silent link is asked after the interval, and given up when it does not answer")
    func enquireLink() {
        var machine = bound()
        _ = machine.open("one", now: at(25))
        _ = machine.received(pdu(.submitResponse(messageID: "1"), 2), now: at(26))
        #expect(machine.tick(now: at(55)).isEmpty)
        #expect(machine.tick(now: at(56)) == [.write(pdu(.enquireLink, 3))])
        #expect(machine.tick(now: at(60)).isEmpty, "asked once, not at every tick")
        _ = machine.open("two", now: at(60))
        #expect(machine.tick(now: at(66)) == [.complete("two", .unknown(.connectionLost)), .close(.linkSilent)])
    }

    @Test("a peer that answers other things is alive, though it never answers an enquire_link")
    func enquireLinkIgnored() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        _ = machine.open("two", now: at(2))
        _ = machine.tick(now: at(11))
        #expect(
            machine.received(pdu(.submitResponse(messageID: "2"), 3), now: at(11) + .milliseconds(1)) == [
                .complete("two", .accepted(messageID: "2"))
            ]
        )
        _ = machine.open("three", now: at(12))
        #expect(machine.tick(now: at(21)).isEmpty, "heard since it was asked")
        #expect(machine.tick(now: at(22)).last == .write(pdu(.enquireLink, 6)))
    }

    @Test("after trouble one message goes first, and the others when it is answered")
    func caution() {
        var machine = machine(window: 3, cautious: true)
        _ = machine.connected(now: at(0))
        _ = machine.received(pdu(.bindResponse(.transceiver, BindResponse()), 1), now: at(0))
        #expect(machine.freeSlots == 1)
        _ = machine.open("one", now: at(1))
        #expect(machine.freeSlots == 0)
        _ = machine.tick(now: at(11))
        #expect(machine.freeSlots == 1, "silence proves nothing")
        _ = machine.open("two", now: at(12))
        _ = machine.received(SMPPTests.pdu(.submitResponse(messageID: ""), .throttled, 4), now: at(13))
        #expect(machine.freeSlots == 3)
    }

    @Test("an enquire_link that is answered, or nacked, keeps the session")
    func enquireLinkAnswered() {
        var machine = bound()
        _ = machine.tick(now: at(30))
        #expect(machine.received(SMPPTests.pdu(.genericNack, .invalidCommandID, 2), now: at(31)).isEmpty)
        #expect(machine.tick(now: at(45)).isEmpty)
        #expect(machine.received(pdu(.enquireLink, 77), now: at(46)) == [.write(pdu(.enquireLinkResponse, 77))])
    }

    @Test("a lost connection leaves what was in flight unknown, in order")
    func connectionLost() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        _ = machine.open("two", now: at(1))
        #expect(
            machine.connectionLost() == [
                .complete("one", .unknown(.connectionLost)), .complete("two", .unknown(.connectionLost)),
                .close(.connectionLost),
            ]
        )
        #expect(machine.connectionLost().isEmpty)
        #expect(machine.received(pdu(.submitResponse(messageID: "1"), 2), now: at(2)).isEmpty)
    }

    @Test("an unbind by the peer is answered before the end")
    func peerUnbinds() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        #expect(
            machine.received(pdu(.unbind, 5), now: at(2)) == [
                .write(pdu(.unbindResponse, 5)), .complete("one", .unknown(.connectionLost)), .close(.peerUnbound),
            ]
        )
    }

    @Test("a drain waits for answers and acknowledgements, then unbinds, then closes")
    func drain() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        let token = Machine.InboundToken(sequence: SequenceNumber(rawValue: 9), isData: false)
        #expect(machine.received(pdu(.deliver(receipt), 9), now: at(1)) == [.deliver(InboundMessage(receipt), token)])
        #expect(machine.drain(deadline: at(20), now: at(2)).isEmpty)
        #expect(machine.open("two", now: at(2)) == nil)
        #expect(
            machine.received(pdu(.submitResponse(messageID: "1"), 2), now: at(3)) == [
                .complete("one", .accepted(messageID: "1"))
            ]
        )
        #expect(
            machine.acknowledge(token, stored: true, now: at(4)) == [
                .write(pdu(.deliverResponse, 9)), .write(pdu(.unbind, 3)),
            ]
        )
        #expect(machine.received(pdu(.unbindResponse, 3), now: at(5)) == [.close(.shutDown)])
    }

    @Test("a drain does not wait for ever: neither for an answer nor for unbind_resp")
    func drainDeadline() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        _ = machine.drain(deadline: at(5), now: at(2))
        #expect(machine.tick(now: at(4)).isEmpty)
        #expect(machine.tick(now: at(5)) == [.write(pdu(.unbind, 3))])
        #expect(machine.tick(now: at(15)) == [.complete("one", .unknown(.connectionLost)), .close(.shutDown)])
    }

    @Test("inbound messages beyond the window are put off, and taken again when one is stored")
    func inboundWindow() {
        var machine = bound(inboundWindow: 1)
        let token = Machine.InboundToken(sequence: SequenceNumber(rawValue: 1), isData: false)
        #expect(machine.received(pdu(.deliver(receipt), 1), now: at(1)) == [.deliver(InboundMessage(receipt), token)])
        #expect(
            machine.received(pdu(.deliver(receipt), 2), now: at(1)) == [
                .write(SMPPTests.pdu(.deliverResponse, .temporaryApplicationError, 2))
            ]
        )
        #expect(
            machine.acknowledge(token, stored: false, now: at(1)) == [
                .write(SMPPTests.pdu(.deliverResponse, .temporaryApplicationError, 1))
            ]
        )
        #expect(machine.received(pdu(.deliver(receipt), 3), now: at(1)).count == 1)
    }

    @Test("data_sm is answered with data_sm_resp, and a transmitter takes nothing inbound")
    func otherInbound() {
        let data = DataSM(source: .empty, destination: .empty, esmClass: 4, tlvs: [TLV(.messagePayload, [1])])
        var both = bound()
        let token = Machine.InboundToken(sequence: SequenceNumber(rawValue: 4), isData: true)
        #expect(both.received(pdu(.data(data), 4), now: at(1)) == [.deliver(InboundMessage(data), token)])
        #expect(both.acknowledge(token, stored: true, now: at(1)) == [.write(pdu(.dataResponse(messageID: ""), 4))])
        var transmitter = bound(mode: .transmitter)
        #expect(
            transmitter.received(pdu(.deliver(receipt), 4), now: at(1)) == [
                .write(SMPPTests.pdu(.deliverResponse, .incorrectBindStatus, 4))
            ]
        )
        #expect(bound(mode: .receiver).freeSlots == 0)
    }

    @Test("sequence numbers run from 1 to 0x7FFFFFFF and begin again, past those in flight")
    func sequenceNumbers() {
        var machine = machine(window: 4, first: SequenceNumber(rawValue: 0x7FFF_FFFE))
        _ = machine.connected(now: at(0))
        _ = machine.received(pdu(.bindResponse(.transceiver, BindResponse()), 0x7FFF_FFFE), now: at(0))
        let taken = (0..<3).compactMap { machine.open("\($0)", now: at(0))?.rawValue }
        #expect(taken == [0x7FFF_FFFF, 1, 2])
    }

    @Test("a message that could not be encoded gives its slot back")
    func withdrawn() {
        var machine = bound(window: 1)
        #expect(machine.open("one", now: at(1))?.rawValue == 2)
        #expect(machine.withdraw(SequenceNumber(rawValue: 2)) == "one")
        #expect(machine.freeSlots == 1)
    }

    @Test("an answer that cannot be read is unknown, and a broken stream ends all")
    func unreadable() {
        var machine = bound()
        _ = machine.open("one", now: at(1))
        _ = machine.open("two", now: at(1))
        let sequence = SequenceNumber(rawValue: 2)
        #expect(
            machine.receivedUnreadableResponse(sequence, now: at(2)) == [
                .complete("one", .unknown(.unreadableResponse))
            ]
        )
        #expect(machine.streamBroken() == [.complete("two", .unknown(.connectionLost)), .close(.protocolError)])
    }
}
