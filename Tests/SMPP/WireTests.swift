import NIOCore
import NIOPosix
import SMPP
import Testing

/// A peer that speaks octets: what a broken or hostile client sends, and what it gets back.
private struct RawPeer {
    let channel: NIOAsyncChannel<ByteBuffer, ByteBuffer>

    static func exchange(_ octets: [UInt8], port: Int) async throws -> [UInt8] {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: octets))
            var received: [UInt8] = []
            for try await part in inbound { received += part.readableBytesView }
            return received
        }
    }
}

@Suite("Octets on the wire", .timeLimit(.minutes(5)))
struct WireTests {
    @Test(
        "a length that cannot be right is nacked with RINVCMDLEN and ends the connection",
        arguments: [UInt8(0), 15, 255]
    )
    func badLength(_ lowest: UInt8) async throws {
        try await LoopbackWorld.run { world in
            let high: UInt8 = lowest == 255 ? 255 : 0
            let answer = try await RawPeer.exchange(
                [high, 0, 0, lowest, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 9],
                port: try #require(world.server.boundPort)
            )
            #expect(answer == [0, 0, 0, 16, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 9])
        }
    }

    @Test("an unknown command is nacked with RINVCMDID, and what follows is still answered")
    func unknownCommand() async throws {
        try await LoopbackWorld.run { world in
            let querySM: [UInt8] = [0, 0, 0, 18, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 7, 0x31, 0]
            let unbind: [UInt8] = [0, 0, 0, 16, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 8]
            let answer = try await RawPeer.exchange(querySM + unbind, port: try #require(world.server.boundPort))
            #expect(
                answer == [0, 0, 0, 16, 0x80, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 7]
                    + [0, 0, 0, 16, 0x80, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 8]
            )
        }
    }

    @Test("a body that cannot be read is refused in its own response")
    func malformedBody() async throws {
        try await LoopbackWorld.run { world in
            let submit: [UInt8] = [0, 0, 0, 18, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 7, 0x31, 0x32]
            let unbind: [UInt8] = [0, 0, 0, 16, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 8]
            let answer = try await RawPeer.exchange(submit + unbind, port: try #require(world.server.boundPort))
            #expect(answer.prefix(16) == [0, 0, 0, 16, 0x80, 0, 0, 4, 0, 0, 0, 0xC2, 0, 0, 0, 7])
        }
    }

    @Test("fate 98 writes the receipt before the response, fate 00 after it")
    func receiptOrder() async throws {
        for (ending, first, second) in [("98", UInt8(0x05), UInt8(0x84)), ("00", 0x84, 0x05)] {
            let smsc = SimulatedSMSC(
                configuration: SimulatedSMSCConfiguration(
                    server: SMPPServerConfiguration(port: 0),
                    receiptDelay: .zero
                ),
                logger: LoopbackWorld.logger,
                unixTime: { 0 }
            )
            let port = try await smsc.listen()
            var octets = ByteBuffer()
            let bind = BindRequest(systemID: "a", password: "b")
            try PDUEncoder.encode(PDU(.bind(.transceiver, bind), sequence: .first), into: &octets)
            let message = LoopbackWorld.message("4366412345" + ending)
            try PDUEncoder.encode(PDU(.submit(message), sequence: .first.next), into: &octets)
            try PDUEncoder.encode(PDU(.unbind, sequence: .first.next.next), into: &octets)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await smsc.run() }
                var rest = try await RawPeer.exchange(Array(octets.readableBytesView), port: port)[...]
                var commands: [UInt8] = []
                while rest.count >= 16 {
                    let start = rest.startIndex
                    commands.append(rest[start + 4] | rest[start + 7])
                    rest = rest.dropFirst(Int(rest[start + 2]) << 8 | Int(rest[start + 3]))
                }
                #expect(commands == [0x89, first, second, 0x86])
                group.cancelAll()
            }
        }
    }
}
