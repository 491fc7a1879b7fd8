import Testing

@testable import SMPP

@Suite("Inbound messages")
struct InboundTests {
    private let start = ContinuousClock.Instant.now
    private let patient = Address.international("436641234500")
    private let practice = Address(typeOfNumber: 0, numberingPlan: 1, value: "4367612345")

    private func message(
        _ octets: [UInt8],
        header: [UInt8] = [],
        coding: UInt8 = 0,
        from source: Address? = nil,
        tlvs: [TLV] = []
    ) -> InboundMessage {
        InboundMessage(
            source: source ?? patient,
            destination: practice,
            esmClass: header.isEmpty ? 0 : 0x40,
            dataCoding: coding,
            octets: header + octets,
            tlvs: tlvs
        )
    }

    private func part(_ number: UInt8, of total: UInt8 = 3, reference: UInt8 = 7, _ text: String) -> InboundMessage {
        message(Array(text.utf8), header: [5, 0, 3, reference, total, number])
    }

    private func octets(_ step: InboundJoiner.Step) -> [[UInt8]?]? {
        guard case .whole(let joined, _) = step else { return nil }
        return joined.pieces.map { $0?.octets }
    }

    @Test(
        "a header numbers the part, however it is written, and is no text",
        arguments: [
            ([5, 0, 3, 9, 2, 1], 9, 2, 1), ([6, 8, 4, 1, 2, 3, 3], 0x102, 3, 3),
            // Ports stand before the reference, a language after it.
            ([11, 5, 4, 0, 0, 0, 0, 0, 3, 9, 2, 2], 9, 2, 2), ([8, 0, 3, 9, 2, 1, 0x24, 1, 1], 9, 2, 1),
        ] as [([UInt8], UInt16, UInt8, UInt8)]
    )
    func headers(_ header: [UInt8], _ reference: UInt16, _ total: UInt8, _ number: UInt8) {
        let content = message([65, 66], header: header).content
        #expect(content.octets == [65, 66])
        #expect(content.part == MessagePart(reference: reference, total: total, number: number))
    }

    @Test(
        "a header that numbers nothing leaves a message by itself",
        arguments: [
            [5, 0, 3, 9, 1, 1], [5, 0, 3, 9, 0, 0], [5, 0, 3, 9, 2, 3], [5, 0, 3, 9, 2, 0], [3, 0, 3, 9], [2, 0, 0],
            [0], [1, 0], [4, 0, 9, 9, 9],
        ] as [[UInt8]]
    )
    func otherHeaders(_ header: [UInt8]) {
        let content = message([65, 66], header: header).content
        #expect(content.part == nil && content.octets == [65, 66])
    }

    @Test("a header beyond the end is text")
    func headerTooLong() {
        #expect(message([65, 66], header: [9]).content.octets == [9, 65, 66])
        #expect(UserDataHeader([]) == nil)
    }

    @Test("parameters of SMPP number parts as well")
    func segments() {
        let tlvs: [TLV] = [
            .word(.sarMessageReference, 0x1234), .byte(.sarTotalSegments, 2), .byte(.sarSegmentNumber, 2),
        ]
        #expect(message([65], tlvs: tlvs).content.part == MessagePart(reference: 0x1234, total: 2, number: 2))
        #expect(message([65], tlvs: Array(tlvs.dropLast())).content.part == nil)
        #expect(message([65], tlvs: [TLV(.sarMessageReference, [1])] + tlvs.dropFirst()).content.part == nil)
    }

    @Test("parts are put together in whatever order they come, with those of others in between")
    func anyOrder() {
        for order in [[1, 2, 3], [3, 1, 2], [2, 3, 1]] as [[UInt8]] {
            var joiner = InboundJoiner()
            #expect(joiner.take(part(order[0], "\(order[0])"), now: start) == .waiting)
            #expect(joiner.take(part(1, of: 2, reference: 8, "other"), now: start) == .waiting)
            #expect(joiner.take(part(order[1], "\(order[1])"), now: start) == .waiting)
            #expect(octets(joiner.take(part(order[2], "\(order[2])"), now: start)) == [Array("123".utf8)])
        }
    }

    @Test("the same reference from another sender is another message")
    func otherSender() {
        var joiner = InboundJoiner()
        #expect(joiner.take(part(1, of: 2, "a"), now: start) == .waiting)
        let other = message(Array("b".utf8), header: [5, 0, 3, 7, 2, 2], from: .international("43699"))
        #expect(joiner.take(other, now: start) == .waiting)
    }

    @Test("a whole message that could not be stored comes again with its last part")
    func notStored() {
        var joiner = InboundJoiner()
        #expect(joiner.take(part(1, of: 2, "a"), now: start) == .waiting)
        guard case .whole(let first, let key?) = joiner.take(part(2, of: 2, "b"), now: start) else {
            Issue.record("not whole")
            return
        }
        joiner.settle(key, stored: false)
        #expect(joiner.take(part(2, of: 2, "b"), now: start) == .whole(first, key))
        joiner.settle(key, stored: true)
        #expect(joiner.take(part(2, of: 2, "b"), now: start) == .known)
        #expect(joiner.take(part(1, of: 2, "a"), now: start) == .known)
        #expect(joiner.incomplete.isEmpty)
        #expect(joiner.take(part(2, of: 2, "new"), now: start) == .waiting, "the reference has come round")
    }

    @Test("what is not whole after five minutes is given up with its gaps, until it is stored")
    func patience() {
        var joiner = InboundJoiner()
        _ = joiner.take(part(1, of: 4, "a"), now: start)
        _ = joiner.take(part(4, of: 4, "d"), now: start + .seconds(299))
        #expect(joiner.overdue(now: start + .seconds(299)).isEmpty)
        let late = joiner.overdue(now: start + .seconds(300))
        #expect(late.map { $0.1.pieces.map { $0?.octets } } == [[[97], nil, [100]]])
        #expect(joiner.overdue(now: start + .seconds(301)).count == 1)
        for (key, _) in late { joiner.drop(key) }
        #expect(joiner.overdue(now: start + .seconds(302)).isEmpty)
    }

    @Test("of too many incomplete messages the oldest is given up")
    func tooMany() {
        var joiner = InboundJoiner()
        for number in 0...InboundJoiner.limit {
            let source = Address.international("4366412\(10_000 + number)")
            let first = message([65], header: [5, 0, 3, 1, 2, 1], from: source)
            _ = joiner.take(first, now: start + .milliseconds(number))
        }
        #expect(joiner.isCrowded)
        #expect(joiner.overdue(now: start + .seconds(1)).map(\.1.source.value) == ["436641210000"])
    }

    @Test("a character that is cut between two parts is put together, and alphabets may change")
    func alphabets() {
        var joiner = InboundJoiner()
        let header: (UInt8) -> [UInt8] = { [5, 0, 3, 7, 3, $0] }
        _ = joiner.take(message([0xD8, 0x3D], header: header(1), coding: 8), now: start)
        _ = joiner.take(message([0xDE, 0x00], header: header(2), coding: 8), now: start)
        guard case .whole(let joined, _) = joiner.take(message([65], header: header(3)), now: start) else {
            Issue.record("not whole")
            return
        }
        #expect(joined.pieces.map { $0?.dataCoding } == [8, 0])
        #expect(joined.pieces.first??.octets == [0xD8, 0x3D, 0xDE, 0x00])
    }

    @Test("a part longer than any phone sends is a message by itself")
    func longPart() {
        var joiner = InboundJoiner()
        let long = message(Array(repeating: 65, count: 256), header: [5, 0, 3, 7, 2, 1])
        #expect(octets(joiner.take(long, now: start))?.first??.count == 256)
    }

    @Test(
        "receipts, notifications and what a phone confirms by itself were written by nobody",
        arguments: [
            (0x00, true), (0x40, true), (0x10, true), (0x04, false), (0x44, false), (0x08, false), (0x20, false),
            (0x18, false),
        ] as [(UInt8, Bool)]
    )
    func written(_ esmClass: UInt8, _ isWritten: Bool) {
        #expect(InboundMessage(source: .empty, destination: .empty, esmClass: esmClass).isWritten == isWritten)
    }
}
