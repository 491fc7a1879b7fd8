import NIOCore
import Testing

@testable import SMPP

@Suite("Server session, as a dialogue")
struct ServerDialogueTests {
    private typealias ServerMachine = SMPPServerStateMachine<String>
    private let message = ShortMessagePDU(source: .empty, destination: .empty)

    private func bound(_ mode: BindMode, window: Int = 1) -> ServerMachine {
        var machine = ServerMachine(window: window, responseTimeout: .seconds(10))
        _ = machine.received(pdu(.bind(mode, BindRequest(systemID: "a", password: "b")), 1))
        _ = machine.bindDecided(mode, .first, status: .ok, systemID: "S")
        return machine
    }

    private func pdu(_ body: PDU.Body, _ sequence: UInt32) -> PDU { SMPPTests.pdu(body, .ok, sequence) }

    @Test("nothing is taken before a bind, and a second bind is refused")
    func bindState() {
        var machine = ServerMachine(window: 1, responseTimeout: .seconds(10))
        #expect(
            machine.received(pdu(.submit(message), 1)) == [
                .write(SMPPTests.pdu(.submitResponse(messageID: ""), .incorrectBindStatus, 1))
            ]
        )
        let request = BindRequest(systemID: "a", password: "b")
        #expect(
            machine.received(pdu(.bind(.receiver, request), 2)) == [
                .bind(.receiver, request, SequenceNumber(rawValue: 2))
            ]
        )
        #expect(
            machine.received(pdu(.bind(.receiver, request), 3)) == [
                .write(SMPPTests.pdu(.bindResponse(.receiver, BindResponse()), .alreadyBound, 3))
            ]
        )
    }

    @Test("a refused bind is answered and closed")
    func refusedBind() {
        var machine = ServerMachine(window: 1, responseTimeout: .seconds(10))
        _ = machine.received(pdu(.bind(.transceiver, BindRequest(systemID: "a", password: "b")), 1))
        let actions = machine.bindDecided(.transceiver, .first, status: .invalidPassword, systemID: "S")
        #expect(actions.count == 2 && actions.last == .close)
    }

    @Test("deliver_sm keep to the window, and each learns its answer")
    func deliveries() {
        var machine = bound(.transceiver)
        #expect(machine.deliver("one", now: at(0)) == .first)
        #expect(machine.deliver("two", now: at(0)) == nil)
        #expect(machine.received(pdu(.deliverResponse, 1)) == [.delivered("one", .ok)])
        #expect(machine.deliver("two", now: at(0))?.rawValue == 2)
        #expect(machine.tick(now: at(10)) == [.delivered("two", nil)])
        _ = machine.deliver("three", now: at(11))
        #expect(machine.connectionLost() == [.delivered("three", nil), .close])
    }

    @Test("a transmitter gets no deliver_sm, a receiver may not submit")
    func directions() {
        var transmitter = bound(.transmitter)
        #expect(transmitter.deliver("one", now: at(0)) == nil)
        var receiver = bound(.receiver)
        #expect(
            receiver.received(pdu(.submit(message), 2)) == [
                .write(SMPPTests.pdu(.submitResponse(messageID: ""), .incorrectBindStatus, 2))
            ]
        )
    }

    @Test("unbind is answered, then the connection ends")
    func unbind() {
        var machine = bound(.transceiver)
        #expect(machine.received(pdu(.unbind, 2)) == [.write(pdu(.unbindResponse, 2)), .close])
    }
}
