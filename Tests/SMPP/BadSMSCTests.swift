import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@testable import SMPP

/// Binds whoever comes and then answers any submit_sm with these octets; by and by it lets more sessions behave.
private final class GarblingHandler: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let garbage: [UInt8]
    private let binds: NIOLockedValueBox<Int>

    init(garbage: [UInt8], binds: NIOLockedValueBox<Int>) {
        self.garbage = garbage
        self.binds = binds
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let octets = Array(unwrapInboundIn(data).readableBytesView)
        guard octets.count >= 16 else { return }
        let answer: [UInt8]
        switch octets[7] {
        case 9:
            binds.withLockedValue { $0 += 1 }
            answer = [0, 0, 0, 17, 0x80, 0, 0, 9, 0, 0, 0, 0] + octets[12..<16] + [0]
        case 4: answer = garbage
        default: return
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: answer)), promise: nil)
    }
}

/// A clock on which every wait is over at once; it keeps how long each was to be.
private final class RecordingClock: Clock, Sendable {
    typealias Duration = Swift.Duration

    struct Instant: InstantProtocol {
        var offset = Duration.zero
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    let now = Instant()
    let minimumResolution = Duration.zero
    let waits = Events<Duration>()

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        waits.add(deadline.offset)
    }
}

@Suite("A client and an SMSC that misbehaves", .timeLimit(.minutes(5)))
struct BadSMSCTests {
    @Test(
        "a length that cannot be right ends the session: what is in flight is unknown, and it binds again",
        arguments: [
            [0xFF, 0xFF, 0xFF, 0xFF, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2], [0, 0, 0, 0], [0, 0, 0, 15],
            [0, 1, 0, 1, 0x80, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2],
        ] as [[UInt8]]
    )
    func garbageLength(_ garbage: [UInt8]) async throws {
        let binds = NIOLockedValueBox(0)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.addHandler(GarblingHandler(garbage: garbage, binds: binds))
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        try await LoopbackWorld.run(configure: { $0.port = port }) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .unknown(.connectionLost))
            #expect(await world.client.submit(LoopbackWorld.message()) == .unknown(.connectionLost))
        }
        #expect(binds.withLockedValue { $0 } >= 2)
        try await listener.close()
    }

    @Test(
        "receipts that were read together with the end of the session are stored, though not acknowledged",
        arguments: [PDU(.unbind, sequence: SequenceNumber(rawValue: 9)), nil]
    )
    func lastWords(_ end: PDU?) async throws {
        let receipts = try ["1", "2"].map { id in
            try PDUTables.octets(
                PDU(.deliver(ClientLoopbackTests.receipt(id)), sequence: SequenceNumber(rawValue: UInt32(id) ?? 0))
            )
        }
        // Without an unbind a length that cannot be right.
        let words = receipts.flatMap(\.self) + (try end.map(PDUTables.octets) ?? [0, 0, 0, 0])
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.pipeline.addHandler(GarblingHandler(garbage: words, binds: NIOLockedValueBox(0)))
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(listener.localAddress?.port)
        let stored = Events<String>()
        try await LoopbackWorld.run(
            configure: { $0.port = port },
            onDeliver: { message in
                stored.add(message.receipt?.messageID ?? "?")
                return true
            }
        ) { world in
            async let result = world.client.submit(LoopbackWorld.message())
            #expect(await stored.next(2) == ["1", "2"])
            #expect(await result == .unknown(.connectionLost))
        }
        try await listener.close()
    }

    @Test("an SMSC that unbinds on submit is tried with one message at a time, more and more seldom")
    func unbindsOnSubmit() async throws {
        let clock = RecordingClock()
        let submits = NIOLockedValueBox<[Int: Int]>([:])
        try await LoopbackWorld.run(configure: { $0.window = 4 }, clock: clock) { submit in
            submits.withLockedValue { $0[submit.session.id.rawValue, default: 0] += 1 }
            submit.session.unbind()
        } body: { world in
            let results = await world.client.submit((0..<6).map { LoopbackWorld.message("4366400\($0)") })
            #expect(results.allSatisfy { $0 == .unknown(.connectionLost) })
            let waits = await clock.waits.next(2)
            #expect(waits == [.milliseconds(7.5), .milliseconds(15)])
        }
        let counts = submits.withLockedValue { $0 }
        #expect(counts[1] == 4 && counts[2] == 1 && counts[3] == 1, "\(counts)")
    }

    @Test("an SMSC that answers gets the whole window again, and the pauses are short again")
    func answersAgain() async throws {
        let clock = RecordingClock()
        let held = NIOLockedValueBox(0)
        try await LoopbackWorld.run(configure: { $0.window = 3 }, clock: clock) { submit in
            if submit.session.id.rawValue == 1 { return submit.session.unbind() }
            let count = held.withLockedValue { count in
                count += 1
                return count
            }
            if count == 1 { submit.answer(.accept(messageID: "first")) }
            if count == 4 { submit.session.cut() }
        } body: { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .unknown(.connectionLost))
            let results = await world.client.submit((0..<4).map { LoopbackWorld.message("4366400\($0)") })
            #expect(results.first == .accepted(messageID: "first"))
            #expect(results.dropFirst().allSatisfy { $0 == .unknown(.connectionLost) })
            #expect(await clock.waits.next(2) == [.milliseconds(7.5), .milliseconds(3.75)])
        }
    }

    @Test("a refused account is tried again more and more seldom, at most once a minute")
    func refusedAccount() async throws {
        let clock = RecordingClock()
        try await LoopbackWorld.run(
            credentials: ["practice": "other"],
            configure: { $0.backoff = ReconnectBackoff() },
            clock: clock
        ) { world in
            #expect(await world.client.submit(LoopbackWorld.message()) == .notSent(.bindRefused(.invalidPassword)))
            let seconds = [0.75, 1.5, 3, 6, 12, 24, 45, 45]
            #expect(await clock.waits.next(8) == seconds.map { .seconds($0) })
        }
    }
}
