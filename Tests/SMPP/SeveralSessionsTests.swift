import Testing

@testable import SMPP

@Suite("Several sessions of one account", .timeLimit(.minutes(5)))
struct SeveralSessionsTests {
    private static let receipt = DeliverSM(
        source: .empty,
        destination: .empty,
        esmClass: 4,
        shortMessage: Array("id:1 stat:DELIVRD".utf8)
    )

    private func settle(_ client: SMPPClient, _ isThere: (SMPPClientState) -> Bool) async throws {
        while !isThere(client.state) { try await Task.sleep(for: .milliseconds(2)) }
    }

    private func isBound(_ state: SMPPClientState) -> Bool {
        if case .bound = state { true } else { false }
    }

    @Test("a pair sends over the transmitter, receives over the receiver, and is bound when both are")
    func pair() async throws {
        let bound = Events<SMPPClientEvent>()
        let receipts = Events<String>()
        try await LoopbackWorld.run(
            configure: { $0.binds = [.transmitter, .receiver] },
            script: { $0.answer(.accept(messageID: "\($0.session.mode)")) },
            onEvent: { bound.add($0) },
            onDeliver: { message in
                receipts.add(message.receipt?.messageID ?? "?")
                return true
            }
        ) { world in
            let sessions = await world.sessions.next(2)
            #expect(Set(sessions.map(\.mode)) == [.transmitter, .receiver])
            #expect(await bound.next() == .bound)
            #expect(isBound(world.client.state))
            for _ in 0..<3 {
                #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: "transmitter"))
            }
            let receiver = try #require(sessions.first { $0.mode == .receiver })
            #expect(await receiver.deliver(Self.receipt) == .ok)
            #expect(await receipts.next() == "1")
        }
    }

    @Test("half of a pair comes back by itself, and messages leave while only the receiver is away")
    func halfAPair() async throws {
        let bound = Events<SMPPClientEvent>()
        try await LoopbackWorld.run(
            configure: { $0.binds = [.transmitter, .receiver] },
            script: { $0.answer(.accept(messageID: "1")) },
            onEvent: { bound.add($0) }
        ) { world in
            let sessions = await world.sessions.next(2)
            #expect(await bound.next() == .bound)
            sessions.first { $0.mode == .receiver }?.cut()
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: "1"))
            #expect(await world.sessions.next()?.mode == .receiver)
            #expect(await bound.next() == .bound)
            #expect(world.server.sessions.count == 2)
            sessions.first { $0.mode == .transmitter }?.cut()
            #expect(await world.sessions.next()?.mode == .transmitter)
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: "1"))
        }
    }

    @Test("messages are shared out over all sessions, each with its own window")
    func shared() async throws {
        try await LoopbackWorld.run(configure: {
            $0.binds = [.transceiver, .transceiver, .transceiver]
            $0.window = 2
        }) { world in
            _ = await world.sessions.next(3)
            while world.client.boundSessions < 3 { try await Task.sleep(for: .milliseconds(2)) }
            try await withThrowingTaskGroup(of: [SubmitResult].self) { group in
                group.addTask { await world.client.submit((0..<9).map { _ in LoopbackWorld.message() }) }
                // Six are on their way at once, two by each session, and the last three wait for an answer.
                let first = await world.submits.next(6)
                let counts = Dictionary(grouping: first, by: \.session.id).mapValues(\.count)
                #expect(counts.count == 3 && counts.values.allSatisfy { $0 == 2 })
                for (number, submit) in first.enumerated() { submit.answer(.accept(messageID: "\(number)")) }
                for submit in await world.submits.next(3) { submit.answer(.accept(messageID: "x")) }
                let results = try await group.next() ?? []
                #expect(results.count == 9)
            }
        }
    }

    @Test("what one session took with it is unknown, and the others go on")
    func oneIsCut() async throws {
        try await LoopbackWorld.run(configure: { $0.binds = [.transceiver, .transceiver] }) { world in
            let sessions = await world.sessions.next(2)
            while world.client.boundSessions < 2 { try await Task.sleep(for: .milliseconds(2)) }
            async let results = world.client.submit([LoopbackWorld.message(), LoopbackWorld.message()])
            let submits = await world.submits.next(2)
            #expect(Set(submits.map(\.session.id)).count == 2)
            sessions[0].cut()
            submits.first { $0.session.id == sessions[1].id }?.answer(.accept(messageID: "1"))
            let all = await results
            #expect(all.contains(.accepted(messageID: "1")) && all.contains(.unknown(.connectionLost)))
            #expect(isBound(world.client.state))
        }
    }

    @Test("shutting down unbinds every session and waits for none that is away")
    func shutDown() async throws {
        try await LoopbackWorld.run(configure: {
            $0.binds = [.transmitter, .receiver]
            $0.backoff = ReconnectBackoff(initial: .seconds(3_600), maximum: .seconds(3_600))
        }) { world in
            let sessions = await world.sessions.next(2)
            try await settle(world.client, isBound)
            sessions.first { $0.mode == .receiver }?.cut()
            try await settle(world.client) { !isBound($0) }
            world.client.shutDown()
            try await settle(world.client) { $0 == .stopped }
            #expect(world.server.sessions.isEmpty)
        }
    }

    @Test(
        "a client stands as its sessions do together",
        arguments: [
            ([.transceiver], [.bound(smscID: "S")], .bound(smscID: "S")),
            ([.transceiver, .transceiver], [.disconnected, .bound(smscID: "S")], .bound(smscID: "S")),
            ([.transceiver, .transceiver], [.bindRefused(.alreadyBound), .bound(smscID: "S")], .bound(smscID: "S")),
            ([.transmitter, .receiver], [.bound(smscID: "S"), .connecting], .connecting),
            ([.transmitter, .receiver], [.bound(smscID: "S"), .bindRefused(.bindFailed)], .bindRefused(.bindFailed)),
            ([.transmitter, .receiver], [.bound(smscID: "S"), .bound(smscID: "T")], .bound(smscID: "S")),
            ([.transmitter], [.bound(smscID: "S")], .bound(smscID: "S")),
            ([.transmitter, .receiver], [.stopped, .stopped], .stopped),
            ([.transmitter, .receiver], [.disconnected, .stopped], .disconnected),
        ] as [([BindMode], [SMPPClientState], SMPPClientState)]
    )
    func standings(_ modes: [BindMode], _ phases: [SMPPClientState], _ overall: SMPPClientState) {
        var standings = LinkStandings(modes)
        for (index, phase) in phases.enumerated() { standings[index] = phase }
        #expect(standings.overall == overall)
    }
}
