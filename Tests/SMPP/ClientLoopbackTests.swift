import NIOConcurrencyHelpers
import SMPP
import ServiceLifecycle
import Testing

@Suite("Client over a socket", .timeLimit(.minutes(5)))
struct ClientLoopbackTests {
    @Test("a window of four is filled, never exceeded, and answers out of order reach their callers")
    func window() async throws {
        let held = NIOLockedValueBox<[ReceivedSubmit]>([])
        let largest = NIOLockedValueBox(0)
        try await LoopbackWorld.run(configure: { $0.window = 4 }) { submit in
            let full = held.withLockedValue { held in
                held.append(submit)
                largest.withLockedValue { $0 = max($0, held.count) }
                guard held.count == 4 else { return [ReceivedSubmit]() }
                defer { held.removeAll() }
                return held
            }
            for submit in full.reversed() {
                submit.answer(.accept(messageID: "id-" + submit.message.destination.value))
            }
        } body: { world in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<40 {
                    group.addTask {
                        let result = await world.client.submit(LoopbackWorld.message("004366400\(number)"))
                        return result == .accepted(messageID: "id-4366400\(number)")
                    }
                }
                for try await isOwn in group { #expect(isOwn) }
            }
        }
        #expect(largest.withLockedValue { $0 } == 4)
    }

    @Test("many messages with one wait come back in their order")
    func batch() async throws {
        try await LoopbackWorld.run(configure: { $0.window = 7 }) { submit in
            submit.answer(.accept(messageID: submit.message.destination.value))
        } body: { world in
            let numbers = (100..<300).map(String.init)
            let results = await world.client.submit(numbers.map(LoopbackWorld.message))
            #expect(results == numbers.map { .accepted(messageID: $0) })
            #expect(await world.client.submit([]).isEmpty)
        }
    }

    @Test("a refusal is told with its status, and a message that cannot be written is surely not sent")
    func refusals() async throws {
        try await LoopbackWorld.run(script: { $0.answer(.refuse(.throttled)) }) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .refused(.throttled))
            let invalid = LoopbackWorld.message("123456789012345678901234")
            let expected = PDUEncodingError.fieldTooLong("destination_addr", maximum: 20)
            #expect(await world.client.submit(invalid) == .notSent(.invalidMessage(expected)))
            #expect(await world.client.submit(LoopbackWorld.message()) == .refused(.throttled))
        }
    }

    @Test("silence is unknown, and the session goes on")
    func silence() async throws {
        try await LoopbackWorld.run(configure: { $0.responseTimeout = .seconds(2) }) { submit in
            if submit.message.destination.value != "99" { submit.answer(.accept(messageID: "x")) }
        } body: { world in
            #expect(await world.client.submit(LoopbackWorld.message("99")) == .unknown(.responseTimedOut))
            #expect(await world.client.submit(LoopbackWorld.message("11")) == .accepted(messageID: "x"))
            #expect(world.server.sessions.count == 1)
        }
    }

    @Test("a window cut in the middle: what was in flight is unknown, what waited was surely not sent")
    func cut() async throws {
        try await LoopbackWorld.run(configure: { config in
            config.window = 3
            config.connectTimeout = .seconds(3)
        }) { world in
            _ = await world.sessions.next()
            async let results = world.client.submit((0..<6).map { LoopbackWorld.message("4366400\($0)") })
            _ = await world.submits.next(3)
            await world.serverGroup.triggerGracefulShutdown()
            let cutAt = ContinuousClock.now
            let unknown = SubmitResult.unknown(.connectionLost)
            let found = await results
            // The patience without a session counts (3 s here), not the one with a session (twice 60 s).
            #expect(cutAt.duration(to: .now) < .seconds(60))
            #expect(found.prefix(3).allSatisfy { $0 == unknown })
            // Whether the last attempt to connect has failed, or is still under way, depends on the machine.
            #expect(found.dropFirst(3).allSatisfy { $0 == .notSent(.connectFailed) || $0 == .notSent(.notBound) })
        }
    }

    @Test("a lost session is bound again, and what waited goes out by the new one")
    func reconnect() async throws {
        try await LoopbackWorld.run(configure: { $0.window = 1 }) { world in
            async let first = world.client.submit(LoopbackWorld.message("1"))
            let received = try #require(await world.submits.next())
            async let second = world.client.submit(LoopbackWorld.message("2"))
            received.session.cut()
            #expect(await first == .unknown(.connectionLost))
            let again = try #require(await world.submits.next())
            #expect(again.session.id != received.session.id)
            again.answer(.accept(messageID: "two"))
            #expect(await second == .accepted(messageID: "two"))
            #expect(world.client.state == .bound(smscID: "SMSC"))
        }
    }

    @Test("a peer that unbinds is bound again")
    func peerUnbinds() async throws {
        try await LoopbackWorld.run(script: { $0.answer(.accept(messageID: "x")) }) { world in
            let session = try #require(await world.sessions.next())
            session.unbind()
            let next = try #require(await world.sessions.next())
            #expect(next.id != session.id)
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: "x"))
        }
    }

    @Test("a server at an address that is not allowed is not spoken to, whatever its name")
    func addressNotAllowed() async throws {
        let asked = NIOLockedValueBox<[String]>([])
        try await LoopbackWorld.run(configure: { configuration in
            configuration.host = "localhost"
            configuration.allowsAddress = { address in
                asked.withLockedValue { $0.append(address) }
                return false
            }
        }) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .notSent(.addressRefused))
            #expect(world.server.sessions.isEmpty)
        }
        #expect(asked.withLockedValue { $0 }.allSatisfy { $0 == "127.0.0.1" || $0 == "::1" })
    }

    @Test("an address that is allowed is bound to as any other")
    func addressAllowed() async throws {
        try await LoopbackWorld.run(
            configure: { $0.allowsAddress = { $0 == "127.0.0.1" } },
            script: { $0.answer(.accept(messageID: "x")) }
        ) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .accepted(messageID: "x"))
        }
    }

    @Test("a refused bind is told at once, with its status")
    func bindRefused() async throws {
        try await LoopbackWorld.run(credentials: ["practice": "other"]) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .notSent(.bindRefused(.invalidPassword)))
            #expect(await world.client.submit(LoopbackWorld.message()) == .notSent(.bindRefused(.invalidPassword)))
        }
    }

    @Test("without a server a message waits for the connect time-out and no longer")
    func noServer() async throws {
        try await LoopbackWorld.run(configure: { config in
            config.port = 1
            config.connectTimeout = .seconds(3)
        }) { world in
            // On a busy machine the last attempt may still be under way when the time is up: then it is "not bound".
            let result = await world.client.submit(LoopbackWorld.message())
            #expect([.notSent(.connectFailed), .notSent(.notBound)].contains(result))
        }
    }

    @Test("a queue that is full refuses, and a cancelled caller takes a waiting message back")
    func queueLimitAndCancellation() async throws {
        try await LoopbackWorld.run(configure: { config in
            config.window = 1
            config.queueLimit = 1
        }) { world in
            async let first = world.client.submit(LoopbackWorld.message("1"))
            let held = try #require(await world.submits.next())
            let waiting = Task { await world.client.submit(["2", "3"].map { LoopbackWorld.message($0) }) }
            waiting.cancel()
            #expect(await waiting.value == [.notSent(.cancelled), .notSent(.queueFull)])
            held.answer(.accept(messageID: "1"))
            #expect(await first == .accepted(messageID: "1"))
        }
    }

    @Test("a receipt that comes before the response is handed over and acknowledged")
    func receiptFirst() async throws {
        let order = Events<String>()
        try await LoopbackWorld.run(onDeliver: { message in
            order.add("receipt " + (message.receipt?.messageID ?? "?"))
            return true
        }) { world in
            async let result = world.client.submit(LoopbackWorld.message())
            let submit = try #require(await world.submits.next())
            #expect(await submit.session.deliver(Self.receipt("7")) == .ok)
            submit.answer(.accept(messageID: "7"))
            #expect(await result == .accepted(messageID: "7"))
            #expect(await order.next() == "receipt 7")
        }
    }

    @Test("what could not be stored is put off, and a slow one does not hold up another")
    func acknowledgements() async throws {
        let (gate, began) = (Events<Void>(), Events<Void>())
        try await LoopbackWorld.run(onDeliver: { message in
            if message.receipt?.messageID == "slow" {
                began.add(())
                _ = await gate.next()
            }
            return message.receipt?.messageID != "bad"
        }) { world in
            let session = try #require(await world.sessions.next())
            async let slow = session.deliver(Self.receipt("slow"))
            // What is read together is handed over together.
            _ = await began.next()
            #expect(await session.deliver(Self.receipt("good")) == .ok)
            #expect(await session.deliver(Self.receipt("bad")) == .temporaryApplicationError)
            gate.add(())
            #expect(await slow == .ok)
        }
    }

    @Test("a graceful stop takes nothing new, waits for open answers, and unbinds")
    func gracefulShutdown() async throws {
        try await LoopbackWorld.run(configure: { $0.window = 1 }) { world in
            async let open = world.client.submit(LoopbackWorld.message("1"))
            let held = try #require(await world.submits.next())
            async let waiting = world.client.submit(LoopbackWorld.message("2"))
            await world.clientGroup.triggerGracefulShutdown()
            #expect(await waiting == .notSent(.shuttingDown))
            #expect(await world.client.submit(LoopbackWorld.message("3")) == .notSent(.shuttingDown))
            held.answer(.accept(messageID: "1"))
            #expect(await open == .accepted(messageID: "1"))
            while world.client.state != .stopped { await Task.yield() }
            while !world.server.sessions.isEmpty { await Task.yield() }
        }
    }

    static func receipt(_ id: String) -> DeliverSM {
        DeliverSM(
            source: .international("43664"),
            destination: .empty,
            esmClass: 4,
            shortMessage: Array("id:\(id) stat:DELIVRD".utf8)
        )
    }
}
