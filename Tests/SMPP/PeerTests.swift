import Testing

@testable import SMPP

/// What each SMSC that is none of ours must find in order.
@Suite("Client against three foreign SMSCs", .timeLimit(.minutes(5)))
struct PeerTests {
    struct World: Sendable {
        let client: SMPPClient
        let smsc: ForeignSMSC
        let arrived: Events<InboundMessage>
        let bound: Events<SMPPClientEvent>
    }

    private func withPeer(
        _ peer: Peer,
        _ arguments: [String] = [],
        binds: [BindMode] = [.transceiver],
        enquireLink: Duration = .seconds(30),
        body: (World) async throws -> Void
    ) async throws {
        let smsc = try await ForeignSMSC(peer, arguments)
        defer { smsc.kill() }
        let (arrived, bound) = (Events<InboundMessage>(), Events<SMPPClientEvent>())
        let client = SMPPClient(
            configuration: SMPPClientConfiguration(
                host: "127.0.0.1",
                port: smsc.port,
                systemID: "practice",
                password: "secret",
                binds: binds,
                responseTimeout: .seconds(60),
                enquireLinkInterval: enquireLink,
                connectTimeout: .seconds(60),
                backoff: ReconnectBackoff(initial: .milliseconds(20), maximum: .milliseconds(50))
            ),
            logger: LoopbackWorld.logger,
            random: { 0.5 },
            onEvent: { bound.add($0) },
            onDeliver: each {
                arrived.add($0)
                return true
            }
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            #expect(await bound.next() == .bound)
            try await body(World(client: client, smsc: smsc, arrived: arrived, bound: bound))
            group.cancelAll()
        }
    }

    private static let shapes: [[BindMode]] = [[.transceiver], [.transmitter, .receiver]]

    @Test(
        "a message in the GSM alphabet arrives as it was meant, and its receipt comes back",
        arguments: Peer.allCases,
        shapes
    )
    func message(_ peer: Peer, _ binds: [BindMode]) async throws {
        try await withPeer(peer, binds: binds) { world in
            let id = peer.idPrefix + "1"
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: id))
            let line = try #require(try await world.smsc.next(1, "submit").first)
            #expect(line.messageId == id && line.source == "Praxis" && line.sourceTon == 5 && line.sourceNpi == 0)
            #expect(line.destination == "436641234500" && line.destinationTon == 1 && line.destinationNpi == 1)
            #expect(line.dataCoding == 0 && line.esmClass == 0 && line.registeredDelivery == 1)
            #expect(line.validityPeriod == "000000010000000R")
            #expect(line.hex == hex(LoopbackWorld.message().shortMessage))
            let receipt = try #require(await world.arrived.next()?.receipt)
            #expect(receipt.messageID == id && receipt.state == .delivered)
        }
    }

    @Test("UCS-2, a sender that is a number, and a validity that ends at an instant", arguments: Peer.allCases)
    func otherShapes(_ peer: Peer) async throws {
        try await withPeer(peer) { world in
            let octets: [UInt8] = [0x01, 0x19, 0x00, 0xE4]
            let message = SubmitSM(
                from: .international("+43 676 1234567"),
                to: "+4366412345",
                content: .ucs2(octets),
                validity: .absolute(unixSeconds: 1_804_748_400)
            )
            #expect(await world.client.submit(message) == .accepted(messageID: peer.idPrefix + "1"))
            let line = try #require(try await world.smsc.next(1, "submit").first)
            #expect(line.source == "436761234567" && line.sourceTon == 1 && line.sourceNpi == 1)
            #expect(line.dataCoding == 8 && line.hex == hex(octets) && line.validityPeriod == "270311070000000+")
        }
    }

    @Test("a long text arrives in numbered parts, and each has its receipt", arguments: Peer.allCases)
    func parts(_ peer: Peer) async throws {
        try await withPeer(peer) { world in
            let octets = (0..<400).map { UInt8(0x41 + $0 % 26) }
            let parts = try #require(MessageParts.split(.gsm(octets), reference: 9))
            let submits = parts.map {
                SubmitSM(from: .alphanumeric("Praxis"), to: "43664", content: $0, startsWithHeader: true)
            }
            let results = await world.client.submit(submits)
            #expect(results.count == 3 && results.allSatisfy { if case .accepted = $0 { true } else { false } })
            let lines = try await world.smsc.next(3, "submit").sorted { $0.hex ?? "" < $1.hex ?? "" }
            #expect(lines.allSatisfy { $0.esmClass == 0x40 })
            #expect(lines.map { $0.hex?.prefix(12) } == ["050003090301", "050003090302", "050003090303"])
            #expect(lines.compactMap { $0.hex?.dropFirst(12) }.joined() == hex(octets))
            #expect(Set(await world.arrived.next(3).compactMap { $0.receipt?.messageID }).count == 3)
        }
    }

    @Test("a long text arrives as message_payload", arguments: Peer.allCases)
    func payload(_ peer: Peer) async throws {
        try await withPeer(peer) { world in
            let octets = (0..<400).map { UInt8(0x41 + $0 % 26) }
            let message = SubmitSM(from: .alphanumeric("Praxis"), to: "43664", content: .gsm(octets))
            #expect(await world.client.submit(message) == .accepted(messageID: peer.idPrefix + "1"))
            let line = try #require(try await world.smsc.next(1, "submit").first)
            #expect(line.payload == hex(octets) && (line.hex == "" || line.hex == hex(octets)))
        }
    }

    @Test("what somebody writes arrives whole and is acknowledged", arguments: Peer.allCases, shapes)
    func inbound(_ peer: Peer, _ binds: [BindMode]) async throws {
        try await withPeer(peer, binds: binds) { world in
            var joiner = InboundJoiner()
            for (number, text) in [(1, "4A61"), (2, "2C20")] {
                try world.smsc.command([
                    "cmd": "mo", "source": "436641234500", "destination": "4367612345", "esmClass": 0x40,
                    "hex": "0500030902" + "0\(number)" + text, "dataCoding": 0,
                ])
                #expect(try await world.smsc.next(1, "answer").first?.status == 0)
                let message = try #require(await world.arrived.next())
                #expect(message.isWritten && message.receipt == nil)
                #expect(message.source == .international("436641234500") && message.destination.value == "4367612345")
                let step = joiner.take(message, now: .now)
                guard case .whole(let joined, _) = step else {
                    #expect(number == 1 && step == .waiting)
                    continue
                }
                #expect(number == 2 && joined.pieces.first??.octets == Array("Ja, ".utf8))
            }
        }
    }

    @Test("a receipt that comes in data_sm is read and acknowledged", arguments: [Peer.jasmin, .netsmpp])
    func dataReceipt(_ peer: Peer) async throws {
        try await withPeer(peer, ["--receipt-pdu", "data_sm"]) { world in
            let id = peer.idPrefix + "1"
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: id))
            let receipt = try #require(await world.arrived.next()?.receipt)
            #expect(receipt.messageID == id && receipt.state == .delivered)
            let answer = try #require(try await world.smsc.next(1, "answer").first)
            #expect(answer.pdu == "data_sm_resp" && answer.status == 0)
        }
    }

    @Test("a silent link is asked, and holds", arguments: Peer.allCases)
    func enquireLink(_ peer: Peer) async throws {
        try await withPeer(peer, enquireLink: .milliseconds(50)) { world in
            let questions = try await world.smsc.next(2, "enquire_link")
            #expect(questions.count == 2)
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: peer.idPrefix + "1"))
        }
    }

    @Test("the SMSC's question is answered", arguments: [Peer.jasmin, .netsmpp])
    func enquiry(_ peer: Peer) async throws {
        try await withPeer(peer) { world in
            try world.smsc.command(["cmd": "enquire_link"])
            #expect(try await world.smsc.next(1, "answer").first?.status == 0)
        }
    }

    @Test("an unbind of either side ends the session in order, and ours binds again", arguments: Peer.allCases, shapes)
    func unbind(_ peer: Peer, _ binds: [BindMode]) async throws {
        try await withPeer(peer, binds: binds) { world in
            try world.smsc.command(["cmd": "unbind"])
            #expect(await world.bound.next() == .bound)
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: peer.idPrefix + "1"))
            #expect(await world.arrived.next()?.receipt?.state == .delivered)
            // The one that the SMSC wanted, then ours.
            world.client.shutDown()
            #expect(try await world.smsc.next(1 + binds.count, "unbound").count == 1 + binds.count)
        }
    }

    private func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
