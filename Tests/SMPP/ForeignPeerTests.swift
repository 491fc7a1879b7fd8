import SMPP
import ServiceLifecycle
import Testing

@Suite("Client against the SMSC of smpp34", .serialized, .timeLimit(.minutes(5)))
struct ForeignPeerTests {
    private func withPeer(
        _ arguments: [String] = [],
        receipts: Events<SMPPReceipt?> = Events(),
        connectTimeout: Duration = .seconds(60),
        body: (SMPPClient, ForeignSMSC, ServiceGroup) async throws -> Void
    ) async throws {
        let smsc = try await ForeignSMSC(.smpp34, arguments)
        let client = SMPPClient(
            configuration: SMPPClientConfiguration(
                host: "127.0.0.1",
                port: smsc.port,
                systemID: "practice",
                password: "secret",
                window: 16,
                connectTimeout: connectTimeout,
                backoff: ReconnectBackoff(initial: .milliseconds(20), maximum: .milliseconds(50))
            ),
            logger: LoopbackWorld.logger,
            random: { 0.5 },
            onDeliver: each {
                receipts.add($0.receipt); return true
            }
        )
        let group = ServiceGroup(configuration: .init(services: [client], logger: LoopbackWorld.logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await group.run() }
            try await body(client, smsc, group)
            tasks.cancelAll()
        }
        smsc.kill()
    }

    @Test("every field arrives as it was meant, and the receipt comes back")
    func fields() async throws {
        let receipts = Events<SMPPReceipt?>()
        try await withPeer(receipts: receipts) { client, smsc, _ in
            #expect(await client.submit(LoopbackWorld.message("00436641234500")) == .accepted(messageID: "smpp34-1"))
            let line = try #require(try await smsc.next(1, "submit").first)
            #expect(line.source == "Praxis" && line.sourceTon == 5 && line.sourceNpi == 0)
            #expect(line.destination == "436641234500" && line.destinationTon == 1 && line.destinationNpi == 1)
            #expect(line.dataCoding == 0 && line.registeredDelivery == 1)
            #expect(line.validityPeriod == "000000010000000R")
            #expect(line.hex == hex(LoopbackWorld.message().shortMessage))
            let receipt = try #require(await receipts.next() ?? nil)
            #expect(receipt.messageID == "smpp34-1" && receipt.state == .delivered && receipt.alternativeID == nil)
            let answer = try await smsc.next(1, "receipt").first
            #expect(answer?.status == 0)
        }
    }

    @Test("five hundred messages through a window of sixteen lose no answer and no receipt")
    func many() async throws {
        let receipts = Events<SMPPReceipt?>()
        try await withPeer(["--id-prefix", "m"], receipts: receipts) { client, _, _ in
            let results = await client.submit((0..<500).map { LoopbackWorld.message("43664\(100_000 + $0)") })
            let ids = Set(results.compactMap { if case .accepted(let id) = $0 { id } else { nil } })
            #expect(ids.count == 500)
            #expect(Set(await receipts.next(500).compactMap { $0?.messageID }) == ids)
        }
    }

    @Test("a number as the sender, UCS-2, and a long text in message_payload")
    func otherShapes() async throws {
        try await withPeer(["--receipts", "none"]) { client, smsc, _ in
            let octets = (0..<300).map { UInt8($0 % 128) }
            let message = SubmitSM(from: SourceAddress("+43 676 1234567"), to: "+4366412345", content: .ucs2(octets))
            #expect(await client.submit(message) == .accepted(messageID: "smpp34-1"))
            let line = try #require(try await smsc.next(1, "submit").first)
            #expect(line.source == "436761234567" && line.sourceTon == 1 && line.sourceNpi == 1)
            #expect(line.dataCoding == 8 && line.hex == hex(octets) && line.validityPeriod == "")
        }
    }

    @Test("a receipt in text alone says undeliverable")
    func textReceipt() async throws {
        let receipts = Events<SMPPReceipt?>()
        try await withPeer(["--receipts", "undeliverable", "--text-only"], receipts: receipts) { client, _, _ in
            #expect(await client.submit(LoopbackWorld.message()) == .accepted(messageID: "smpp34-1"))
            let receipt = try #require(await receipts.next() ?? nil)
            #expect(receipt.messageID == "smpp34-1" && receipt.state == .undeliverable && receipt.errorCode == "001")
        }
    }

    @Test("a refusal comes with its status")
    func refusal() async throws {
        try await withPeer(["--refuse", "0x58"]) { client, _, _ in
            #expect(await client.submit(LoopbackWorld.message()) == .refused(.throttled))
        }
    }

    @Test("a graceful stop unbinds, and the peer sees it")
    func unbind() async throws {
        try await withPeer(["--receipts", "none"]) { client, smsc, group in
            #expect(await client.submit(LoopbackWorld.message()) == .accepted(messageID: "smpp34-1"))
            await group.triggerGracefulShutdown()
            let unbound = try await smsc.next(1, "unbound")
            #expect(unbound.count == 1)
        }
    }

    @Test("a peer that is gone leaves messages surely not sent")
    func gone() async throws {
        try await withPeer(["--receipts", "none"], connectTimeout: .seconds(3)) { client, smsc, _ in
            while !client.state.isBound { try await Task.sleep(for: .milliseconds(5)) }
            #expect(await client.submit(LoopbackWorld.message()) == .accepted(messageID: "smpp34-1"))
            smsc.kill()
            while client.state.isBound { try await Task.sleep(for: .milliseconds(5)) }
            let result = await client.submit(LoopbackWorld.message())
            #expect([.notSent(.connectFailed), .notSent(.notBound)].contains(result))
        }
    }

    private func hex(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension SMPPClientState {
    fileprivate var isBound: Bool {
        if case .bound = self { true } else { false }
    }
}
