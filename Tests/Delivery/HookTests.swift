import Database
import Domain
import Foundation
import Storage
import Synchronization
import Testing

@testable import Delivery

/// A provider that calls us and can be asked.
final class CallingChannel: MessageChannel {
    let window = 8
    let rate: Double? = nil
    let isBound = true
    let reportsDelivery = false
    let polling: Polling?
    private let known: Mutex<[Message.ID: MessageStatus]>
    private let found: Mutex<[Message.ID: ProviderReference]>
    private let questions = Mutex(0)

    init(
        polling: Polling? = nil,
        known: [Message.ID: MessageStatus] = [:],
        found: [Message.ID: ProviderReference] = [:]
    ) {
        self.polling = polling
        self.known = Mutex(known)
        self.found = Mutex(found)
    }

    var asked: Int { questions.withLock { $0 } }

    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        _ = await report(.bound)
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    func send(_ message: OutgoingMessage) async -> SendOutcome { .unknown(detail: "time-out") }

    func statuses(of messages: [SentMessage]) async -> [DeliveryReceipt] {
        questions.withLock { $0 += messages.count }
        return messages.compactMap { message in
            guard let id = message.providerMessageID, let status = known.withLock({ $0[message.id] }) else {
                return nil
            }
            return DeliveryReceipt(reference: ProviderReference(raw: id), status: status, detail: "", raw: "")
        }
    }

    func lookUp(_ message: SentMessage) async -> LookUp {
        found.withLock { $0[message.id] }.map { .found($0) } ?? .notFound
    }

    /// `id status`, or anything else for one that cannot be read.
    func events(in hook: StoredHook) throws(HookProblem) -> [ChannelEvent] {
        let words = String(decoding: hook.body, as: UTF8.self).split(separator: " ").map(String.init)
        if words.first == "answer" {
            let text = words.dropFirst().joined(separator: " ")
            return [.inbound([InboundSMS(providerMessageID: "", sender: "+436641234500", recipient: "", text: text)])]
        }
        guard words.count == 2, let status = MessageStatus(rawValue: words[1]) else { throw .unreadable }
        let reference = ProviderReference(raw: words[0])
        return [.receipts([DeliveryReceipt(reference: reference, status: status, detail: "", raw: "")])]
    }
}

/// Calls of providers, and questions to them.
@Suite struct HookTests {
    /// A world whose only message was accepted as `p1`, or stayed without an answer.
    private static func world(accepted: Bool = true) async throws -> World {
        let world = try await World()
        try await world.book(1)
        try world.set(World.morning)
        try await world.drain(
            ScriptedChannel { message, _ in
                accepted ? .accepted(ScriptedChannel.reference(message)) : .unknown(detail: "")
            }
        )
        return world
    }

    private static func call(_ world: World, _ body: String, _ fingerprint: String) async throws -> Bool {
        try await world.storage.hooks.store(
            StoredHook(contentType: "text/plain", body: Array(body.utf8), receivedAt: world.clock.now),
            of: Identifier(1),
            fingerprint: Array(fingerprint.utf8)
        )
    }

    private static func reader(_ world: World, _ channel: any MessageChannel = CallingChannel()) -> HookReader {
        let environment = world.environment(channel)
        return HookReader(
            provider: Identifier(1),
            channel: channel,
            intake: LaneIntake(Identifier(1), world: environment),
            world: environment
        )
    }

    private static func poller(_ world: World, _ channel: any MessageChannel) -> StatusPoller {
        let environment = world.environment(channel)
        return StatusPoller(
            provider: Identifier(1),
            channel: channel,
            intake: LaneIntake(Identifier(1), world: environment),
            world: environment
        )
    }

    @Test func aCallMovesTheMessageAndIsForgottenButForItsTrace() async throws {
        let world = try await Self.world()
        #expect(try await Self.call(world, "p1 delivered", "a"))
        #expect(await Self.reader(world).round())
        #expect(try await world.log().map(\.state.status) == [.delivered])
        #expect(try await world.storage.hooks.waiting(Identifier(1)).isEmpty)
        let kept = try await world.driver.read { try $0.query("SELECT body, outcome FROM hooks").map(\.values) }
        #expect(kept == [[.bytes([]), .text("read")]])
    }

    @Test func aReplayedCallIsNotTakenAgain() async throws {
        let world = try await Self.world()
        #expect(try await Self.call(world, "p1 delivered", "a"))
        _ = await Self.reader(world).round()
        #expect(try await !Self.call(world, "p1 undeliverable", "a"))
        #expect(await !Self.reader(world).round())
        #expect(try await world.log().map(\.state.status) == [.delivered])
    }

    @Test(arguments: ["", "p1", "p1 elivered", "<html>", "p1 delivered extra"])
    func aCallOfAnotherFormChangesNothingAndDoesNotStandBeforeTheNext(body: String) async throws {
        let world = try await Self.world()
        _ = try await Self.call(world, body, "a")
        _ = try await Self.call(world, "p1 delivered", "b")
        _ = await Self.reader(world).round()
        #expect(try await world.log().map(\.state.status) == [.delivered])
        #expect(try await world.storage.hooks.waiting(Identifier(1)).isEmpty)
    }

    @Test func anAnswerWithoutAnIDThatIsReadTwiceIsTakenOnce() async throws {
        let world = try await Self.world()
        for _ in 0..<2 {
            _ = try await Self.call(world, "answer Hallo", "a")
            _ = await Self.reader(world).round()
            try await world.driver.write {
                _ = try $0.execute("UPDATE hooks SET outcome = NULL, body = $1", Self.answer)
            }
        }
        #expect(try await world.storage.inbound.list(world.practice.id).items.map(\.text) == ["Hallo"])
    }

    private static let answer = Array("answer Hallo".utf8)

    @Test func aReceiptForAForeignIDChangesNoMessage() async throws {
        let world = try await Self.world()
        _ = try await Self.call(world, "stranger delivered", "a")
        _ = await Self.reader(world).round()
        #expect(try await world.log().map(\.state.status) == [.submitted])
    }

    @Test func aProviderThatIsAskedTellsWhatBecameOfItsMessages() async throws {
        let world = try await Self.world()
        let polling = Polling(first: 20)
        let channel = CallingChannel(polling: polling, known: [Identifier(1): .delivered])
        try await world.driver.write { _ = try $0.execute("UPDATE messages SET poll_at = $1", Int64(0)) }
        let poller = Self.poller(world, channel)
        #expect(await poller.round(polling) == 1)
        #expect(try await world.log().map(\.state.status) == [.delivered])
        world.clock.set(world.clock.now + 3600)
        #expect(await poller.round(polling) == 0)
        #expect(channel.asked == 1)
    }

    @Test func aMessageIsAskedForLessAndLessOften() async throws {
        let world = try await Self.world()
        let polling = Polling(first: 20, longest: 900)
        let channel = CallingChannel(polling: polling)
        try await world.driver.write { _ = try $0.execute("UPDATE messages SET poll_at = $1", Int64(0)) }
        let poller = Self.poller(world, channel)
        for _ in 0..<3600 {
            world.clock.set(world.clock.now + 1)
            await poller.round(polling)
        }
        #expect((5...25).contains(channel.asked))
    }

    @Test func aLookUpSettlesAnUnknownOutcomeAndNothingIsSentTwice() async throws {
        let world = try await Self.world(accepted: false)
        let polling = Polling(first: 20)
        let channel = CallingChannel(polling: polling, found: [Identifier(1): ProviderReference(raw: "p9")])
        try await world.driver.write { _ = try $0.execute("UPDATE messages SET poll_at = $1", Int64(0)) }
        let poller = Self.poller(world, channel)
        await poller.round(polling)
        let message = try #require(try await world.log().first)
        #expect(message.state == Message.State(status: .submitted) && message.providerMessageID == "p9")
        world.clock.set(world.clock.now + 2 * 3600)
        await world.rescue()
        let again = ScriptedChannel()
        try await world.drain(again)
        #expect(again.sent.isEmpty)
    }

    @Test func thatTheProviderHasNoSuchMessageLeavesTheEvidenceWindowOpen() async throws {
        let world = try await Self.world(accepted: false)
        let polling = Polling(first: 20)
        let channel = CallingChannel(polling: polling)
        try await world.driver.write { _ = try $0.execute("UPDATE messages SET poll_at = $1", Int64(0)) }
        await Self.poller(world, channel).round(polling)
        #expect(try await world.log().map(\.state) == [Message.State(unclear: true)])
    }
}
