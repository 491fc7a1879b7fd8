import NIOConcurrencyHelpers
import SMPP
import Testing

@Suite("Simulated SMSC", .timeLimit(.minutes(5)))
struct SimulatorTests {
    /// A simulator without delay, and a client bound to it.
    private func withSimulator(
        responseTimeout: Duration = .seconds(30),
        onDeliver: @escaping @Sendable (InboundMessage) async -> Bool,
        body: (SMPPClient, SimulatedSMSC, Events<SimulatedSubmit>) async throws -> Void
    ) async throws {
        let records = Events<SimulatedSubmit>()
        let smsc = SimulatedSMSC(
            configuration: SimulatedSMSCConfiguration(
                server: SMPPServerConfiguration(port: 0),
                receiptDelay: .zero,
                firstMessageID: 1_000
            ),
            logger: LoopbackWorld.logger,
            unixTime: { 1_804_843_800 },
            record: { records.add($0) }
        )
        let port = try await smsc.listen()
        let client = SMPPClient(
            configuration: SMPPClientConfiguration(
                host: "127.0.0.1",
                port: port,
                systemID: "practice",
                password: "secret",
                responseTimeout: responseTimeout,
                connectTimeout: .seconds(60),
                backoff: ReconnectBackoff(initial: .milliseconds(5), maximum: .milliseconds(20))
            ),
            logger: LoopbackWorld.logger,
            random: { 0.5 },
            onDeliver: each(onDeliver)
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await smsc.run() }
            group.addTask { try await client.run() }
            try await body(client, smsc, records)
            group.cancelAll()
        }
    }

    @Test(
        "each number meets its fate",
        arguments: [
            ("00", .accepted(messageID: "1000"), .delivered), ("90", .accepted(messageID: "1000"), .delivered),
            ("91", .accepted(messageID: "1000"), .undeliverable), ("92", .accepted(messageID: "1000"), .expired),
            ("93", .accepted(messageID: "1000"), .rejected), ("94", .refused(.temporaryApplicationError), nil),
            ("95", .refused(.systemError), nil), ("96", .refused(.invalidSourceAddress), nil),
            ("97", .accepted(messageID: "1000"), nil), ("98", .accepted(messageID: "1000"), .delivered),
            ("99", .unknown(.responseTimedOut), nil),
        ] as [(String, SubmitResult, MessageState?)]
    )
    func fates(_ ending: String, _ expected: SubmitResult, _ state: MessageState?) async throws {
        let receipts = Events<SMPPReceipt?>()
        // Only fate 99 waits for it.
        let timeout: Duration = ending == "99" ? .milliseconds(300) : .seconds(30)
        try await withSimulator(
            responseTimeout: timeout,
            onDeliver: {
                receipts.add($0.receipt); return true
            }
        ) { client, smsc, records in
            #expect(await client.submit(LoopbackWorld.message("0043664123" + ending)) == expected)
            let record = try #require(await records.next())
            #expect(record.fate == SimulatedFate(destination: ending) && record.systemID == "practice")
            guard let state else {
                #expect(smsc.receiptsOwed == 0)
                return
            }
            let receipt = try #require(await receipts.next() ?? nil)
            #expect(receipt.messageID == "1000" && receipt.alternativeID == nil && receipt.state == state)
            #expect(receipt.doneDate == "2703120930")
        }
    }

    @Test("a receipt that the client cannot store is sent again, also over the next session, until it is stored")
    func receiptAgain() async throws {
        let calls = NIOLockedValueBox(0)
        let stored = Events<String>()
        try await withSimulator(onDeliver: { message in
            let call = calls.withLockedValue {
                $0 += 1; return $0
            }
            if call == 2 { stored.add(message.receipt?.messageID ?? "?") }
            return call >= 2
        }) { client, smsc, _ in
            #expect(await client.submit(LoopbackWorld.message()) == .accepted(messageID: "1000"))
            while calls.withLockedValue({ $0 }) == 0 { await Task.yield() }
            smsc.sessions.first?.cut()
            #expect(await stored.next() == "1000")
            while smsc.receiptsOwed > 0 { await Task.yield() }
        }
    }

    @Test("ten thousand messages lose no answer and no receipt")
    func many() async throws {
        let receipts = Events<String>()
        try await withSimulator(onDeliver: {
            receipts.add($0.receipt?.messageID ?? "?"); return true
        }) { client, smsc, _ in
            let messages = (0..<10_000).map { LoopbackWorld.message("00436641\(1_000_000 + $0 * 100)") }
            let results = await client.submit(messages)
            let ids = results.compactMap { if case .accepted(let id) = $0 { id } else { nil } }
            #expect(Set(ids).count == 10_000)
            #expect(Set(await receipts.next(10_000)) == Set(ids))
            while smsc.receiptsOwed > 0 { await Task.yield() }
        }
    }
}
