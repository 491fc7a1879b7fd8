import Domain
import SMPP
import Synchronization
import Testing

@testable import Channels

@Suite("What somebody writes to us over SMPP", .timeLimit(.minutes(5)))
struct SMPPInboundTests {
    private func message(
        _ octets: [UInt8],
        coding: UInt8 = 0,
        esmClass: UInt8 = 0,
        source: Address = .international("436641234500"),
        tlvs: [TLV] = []
    ) -> DeliverSM {
        DeliverSM(
            source: source,
            destination: Address(typeOfNumber: 0, numberingPlan: 1, value: "4367612345"),
            esmClass: esmClass,
            dataCoding: coding,
            shortMessage: octets,
            tlvs: tlvs
        )
    }

    @Test(
        "the text is read in its alphabet",
        arguments: [
            (0x00, [0x4A, 0x61, 0x1B, 0x65, 0x00], "Ja€@"), (0x01, [0x4A, 0x61, 0x40], "Ja@"),
            (0x03, [0x4A, 0xE4, 0x40], "Jä@"), (0x08, [0x01, 0x41, 0xD8, 0x3D, 0xDE, 0x00, 0x00], "Ł😀"),
            (0x08, [0xFE, 0xFF, 0x00, 0x41], "A"), (0x11, [0x00, 0x41], "@A"), (0xF1, [0x00, 0x41], "@A"),
            (0x19, [0x00, 0x41], "A"), (0x06, [0x53, 0xC4], "S\u{FFFD}"), (0x04, [0x53, 0x80], "S\u{FFFD}"),
            (0x08, [0x41], ""), (0x00, [], ""),
        ] as [(UInt8, [UInt8], String)]
    )
    func alphabets(_ coding: UInt8, _ octets: [UInt8], _ text: String) {
        #expect(SMPPInboundText.text(octets, dataCoding: coding) == text)
    }

    @Test("a message is reported, and acknowledged once it is on record")
    func reported() async throws {
        try await SMPPWorld.run(answer: { _, _ in nil }) { world in
            #expect(await world.reports.next() == .bound)
            let session = try #require(world.server.sessions.first)
            #expect(await session.deliver(message(Array("Ja, danke".utf8))) == .ok)
            guard case .inbound(let all) = await world.reports.next(), let news = all.first else {
                throw CancellationError()
            }
            #expect(news.sender == "+436641234500" && news.recipient == "4367612345" && news.text == "Ja, danke")
            #expect(news.providerMessageID.isEmpty)
            #expect(!"\(news)\(String(reflecting: news))".contains("danke"), "never in a log")
        }
    }

    @Test("a sender that is no international number stays as it came", arguments: ["12345", "Praxis", "06641234500"])
    func otherSenders(_ sender: String) async throws {
        try await SMPPWorld.run(answer: { _, _ in nil }) { world in
            #expect(await world.reports.next() == .bound)
            let source = Address(typeOfNumber: 0, numberingPlan: 0, value: sender)
            #expect(await world.server.sessions.first?.deliver(message([65], source: source)) == .ok)
            guard case .inbound(let all) = await world.reports.next() else { throw CancellationError() }
            #expect(all.first?.sender == sender)
        }
    }

    @Test("what could not be stored is put off, and a receipt beside it is not")
    func notStored() async throws {
        let stored = Mutex<[ChannelEvent]>([])
        let inbox = SMPPInbox(base: .auto, logger: SMPPWorld.logger)
        inbox.open { event in
            stored.withLock { $0.append(event) }
            if case .inbound = event { return false }
            return true
        } outcome: { _, _ in
            nil
        }
        let receipt = message(Array("id:1 stat:DELIVRD".utf8), esmClass: 4)
        let ack = message([65], esmClass: 8)
        let all = [message([65]), receipt, ack].map(InboundMessage.init)
        #expect(await inbox.take(all) == [false, true, true])
        #expect(stored.withLock { $0.count } == 2)
        let halves = [1, 2].map { InboundMessage(message([5, 0, 3, 1, 2, $0, 65], esmClass: 0x40)) }
        #expect(await inbox.take(halves) == [true, false], "the first half waits here, the second comes again")
        #expect(await inbox.take([halves[1]]) == [false])
    }

    @Test("parts are reported as one text with an id that stays the same, and once")
    func parts() async throws {
        let seen = Mutex<[InboundSMS]>([])
        let inbox = SMPPInbox(base: .auto, logger: SMPPWorld.logger)
        inbox.open { event in
            if case .inbound(let all) = event { seen.withLock { $0 += all } }
            return true
        } outcome: { _, _ in
            nil
        }
        let parts = ["eins ", "zwei ", "drei"].enumerated().map { index, text in
            InboundMessage(message([5, 0, 3, 9, 3, UInt8(index + 1)] + Array(text.utf8), esmClass: 0x40))
        }
        #expect(await inbox.take([parts[2], parts[0]]) == [true, true])
        #expect(await inbox.take([parts[1], parts[1]]) == [true, true])
        #expect(seen.withLock { $0.map(\.text) } == ["eins zwei drei"])
        let id = seen.withLock { $0.first?.providerMessageID }
        #expect(id?.hasPrefix("9-") == true)
        #expect(await SMPPInboundTests.freshID(of: parts) == id, "in another process too")
    }

    private static func freshID(of parts: [InboundMessage]) async -> String? {
        let seen = Mutex<String?>(nil)
        let inbox = SMPPInbox(base: .auto, logger: SMPPWorld.logger)
        inbox.open { event in
            if case .inbound(let all) = event { seen.withLock { $0 = all.first?.providerMessageID } }
            return true
        } outcome: { _, _ in
            nil
        }
        _ = await inbox.take(parts)
        return seen.withLock { $0 }
    }

    @Test("parts without the rest are reported with gaps: after the time limit, and at the end")
    func gaps() async throws {
        let seen = Mutex<[String]>([])
        let inbox = SMPPInbox(base: .auto, logger: SMPPWorld.logger)
        inbox.open { event in
            if case .inbound(let all) = event { seen.withLock { $0 += all.map(\.text) } }
            return true
        } outcome: { _, _ in
            nil
        }
        _ = await inbox.take([InboundMessage(message([5, 0, 3, 9, 3, 1, 65], esmClass: 0x40))])
        await inbox.giveUp(now: .now)
        #expect(seen.withLock { $0.isEmpty })
        await inbox.giveUp(now: .now + InboundJoiner.patience)
        #expect(seen.withLock { $0 } == ["A…"])
        _ = await inbox.take([InboundMessage(message([5, 0, 3, 9, 3, 3, 66], esmClass: 0x40))])
        await inbox.close()
        #expect(seen.withLock { $0 } == ["A…", "…B"])
    }
}
