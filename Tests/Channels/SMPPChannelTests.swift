import Domain
import Foundation
import Logging
import SMPP
import Synchronization
import Testing

@testable import Channels

/// What a channel reports, in the order in which it came.
final class Reports: Sendable {
    private let stream: AsyncStream<ChannelEvent>
    private let arrived: AsyncStream<ChannelEvent>.Continuation

    init() { (stream, arrived) = AsyncStream.makeStream() }

    func add(_ event: ChannelEvent) { arrived.yield(event) }

    func next() async -> ChannelEvent? {
        for await event in stream { return event }
        return nil
    }
}

/// A channel and a scripted SMSC on the loopback for one test.
struct SMPPWorld: Sendable {
    let channel: SMPPChannel
    let server: SMPPServer
    let reports: Reports

    static let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    /// - Parameter answer: to the submit of this number, counted from 1; nil for none.
    static func run(
        options: [String: String] = [:],
        responseTimeout: Duration = .seconds(60),
        answer: @escaping @Sendable (Int, ReceivedSubmit) -> SubmitAnswer?,
        body: (SMPPWorld) async throws -> Void
    ) async throws {
        let count = Mutex(0)
        let server = SMPPServer(configuration: SMPPServerConfiguration(port: 0), logger: logger) { submit in
            let number = count.withLock { count in
                count += 1
                return count
            }
            answer(number, submit).map(submit.answer)
        }
        let port = try await server.listen()
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .smpp,
            url: "smpp://127.0.0.1:\(port)",
            options: options
        )
        var settings = try SMPPSettings(provider: provider, secret: "", unixTime: { 1_804_748_400 })
        settings.client.responseTimeout = responseTimeout
        settings.client.connectTimeout = .seconds(60)
        settings.partPause = .milliseconds(1)
        // A busy machine may take its time; the limit itself is not what these tests look at.
        settings.partPatience = .seconds(60)
        let world = SMPPWorld(
            channel: SMPPChannel(settings: settings, logger: logger, random: { 0 }),
            server: server,
            reports: Reports()
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            group.addTask {
                try await world.channel.run { event in
                    world.reports.add(event)
                    return true
                }
            }
            try await body(world)
            group.cancelAll()
        }
    }

    static func message(_ text: String = "Terminerinnerung 12.03.2027, 10:30. ", attempt: Int = 1) throws
        -> OutgoingSMS
    {
        OutgoingSMS(
            id: Identifier(7),
            attempt: attempt,
            composed: ComposedSMS(
                recipient: "+436641234500",
                sender: try #require(SenderID(stored: "Praxis")),
                text: text,
                encoding: SMSEncoding.of(text),
                validitySeconds: 60
            )
        )
    }
}

@Suite("A channel over SMPP", .timeLimit(.minutes(5)))
struct SMPPChannelTests {
    private static let long = String(repeating: "Ihr Termin wird verlegt. ", count: 16)

    @Test("a bind is reported, and a receipt brings what it says beside its id")
    func receipts() async throws {
        try await SMPPWorld.run(answer: { _, _ in .accept(messageID: "1") }) { world in
            #expect(await world.reports.next() == .bound)
            let session = try #require(world.server.sessions.first)
            let text = "id:77 submit date:2703110700 stat:DELIVRD err:99912345 text:Terminerinnerung 12."
            let receipt = DeliverSM(
                source: .international("436641234500"),
                destination: Address(typeOfNumber: 5, numberingPlan: 0, value: "Praxis"),
                esmClass: 4,
                shortMessage: Array(text.utf8)
            )
            #expect(await session.deliver(receipt) == .ok)
            guard case .receipts(let all) = await world.reports.next(), let news = all.first else {
                throw CancellationError()
            }
            #expect(news.reference.key == "77" && news.status == .delivered)
            #expect(news.detail == "DELIVRD err:999", "no number gets into a detail")
            let evidence = try #require(news.evidence)
            #expect(evidence.recipient == "+436641234500" && evidence.sender == "Praxis")
            #expect(evidence.submitted == Date(timeIntervalSince1970: 1_804_748_400))
            #expect(evidence.snippet == "Terminerinnerung 12.")
            #expect(!"\(evidence)\(String(reflecting: evidence))\(news)".contains("4366412345"), "never in a log")
        }
    }

    @Test("an answer after the time-out is reported with its attempt")
    func lateAnswer() async throws {
        let held = Mutex<ReceivedSubmit?>(nil)
        try await SMPPWorld.run(responseTimeout: .seconds(2)) { _, submit in
            held.withLock { $0 = submit }
            return nil
        } body: { world in
            #expect(await world.reports.next() == .bound)
            guard case .unknown = await world.channel.send(try SMPPWorld.message(attempt: 3)) else {
                throw CancellationError()
            }
            held.withLock { $0 }?.answer(.accept(messageID: "0A"))
            guard case .lateAnswer(let late) = await world.reports.next() else { throw CancellationError() }
            #expect(late.message == Identifier(7) && late.attempt == 3)
            guard case .accepted(let reference, _) = late.outcome else { throw CancellationError() }
            #expect(reference.raw == "0A" && reference.key == "a")
        }
    }

    @Test("a long text goes as one submit with a payload, or in parts that each have an id")
    func longTexts() async throws {
        let seen = Mutex<[SubmitSM]>([])
        let answer: @Sendable (Int, ReceivedSubmit) -> SubmitAnswer = { number, submit in
            seen.withLock { $0.append(submit.message) }
            return .accept(messageID: "id-\(number)")
        }
        try await SMPPWorld.run(answer: answer) { world in
            let outcome = await world.channel.send(try SMPPWorld.message(Self.long))
            #expect(outcome == .accepted(ProviderReference(accepted: "id-1")))
        }
        #expect(seen.withLock { $0.map(\.octets.count) } == [400])
        seen.withLock { $0 = [] }
        try await SMPPWorld.run(options: ["long": "parts"], answer: answer) { world in
            guard case .accepted(let reference, _) = await world.channel.send(try SMPPWorld.message(Self.long)) else {
                throw CancellationError()
            }
            #expect(reference.raw == "id-1" && reference.furtherParts.map(\.raw) == ["id-2", "id-3"])
            #expect(
                await world.channel.send(try SMPPWorld.message()) == .accepted(ProviderReference(accepted: "id-4"))
            )
        }
        let submits = seen.withLock { $0 }
        #expect(submits.map(\.esmClass) == [0x40, 0x40, 0x40, 0])
        #expect(submits.prefix(3).map { $0.shortMessage[4...5] } == [[3, 1], [3, 2], [3, 3]])
    }

    @Test("a part that was throttled is offered again, without the others")
    func throttledPart() async throws {
        try await SMPPWorld.run(options: ["long": "parts"]) { number, _ in
            number == 2 || number == 4 ? .refuse(.throttled) : .accept(messageID: "id-\(number)")
        } body: { world in
            guard case .accepted(let reference, _) = await world.channel.send(try SMPPWorld.message(Self.long)) else {
                throw CancellationError()
            }
            #expect(reference.raw == "id-1" && reference.furtherParts.map(\.raw) == ["id-5", "id-3"])
        }
    }

    @Test("parts of which one is silent are unknown until its answer comes")
    func silentPart() async throws {
        let held = Mutex<ReceivedSubmit?>(nil)
        try await SMPPWorld.run(options: ["long": "parts"], responseTimeout: .seconds(2)) { number, submit in
            guard number == 2 else { return .accept(messageID: "id-\(number)") }
            held.withLock { $0 = submit }
            return nil
        } body: { world in
            #expect(await world.reports.next() == .bound)
            guard case .unknown = await world.channel.send(try SMPPWorld.message(Self.long)) else {
                throw CancellationError()
            }
            held.withLock { $0 }?.answer(.accept(messageID: "id-2"))
            guard case .lateAnswer(let late) = await world.reports.next() else { throw CancellationError() }
            guard case .accepted(let reference, _) = late.outcome else { throw CancellationError() }
            #expect(reference.raw == "id-1" && reference.furtherParts.map(\.raw) == ["id-2", "id-3"])
        }
    }
}

@Suite struct PartedMessageTests {
    private static let silence = SubmitResult.unknown(.connectionLost)

    @Test(
        "one outcome for all parts",
        arguments: [
            ([.accepted(messageID: "1"), silence], .unknown(detail: "connection lost before the answer")),
            ([.refused(.systemError), silence], .unknown(detail: "connection lost before the answer")),
            ([.refused(.throttled), .notSent(.notBound)], .throttled(detail: "ESME_RTHROTTLED")),
            ([.notSent(.notBound), .refused(.throttled)], .unreachable(detail: "not bound")),
            (
                [.refused(.throttled), .refused(.invalidDestinationAddress)],
                .refused(.undeliverable, detail: "ESME_RINVDSTADR")
            ),
            (
                [.accepted(messageID: "1"), .refused(.systemError)],
                .refused(.providerError, detail: "1 of 2 parts accepted, then ESME_RSYSERR")
            ),
            (
                [.accepted(messageID: "1"), .refused(.throttled)],
                .refused(.providerError, detail: "1 of 2 parts accepted, then ESME_RTHROTTLED")
            ),
        ] as [([SubmitResult], SendOutcome)]
    )
    func outcomes(_ results: [SubmitResult], _ outcome: SendOutcome) {
        #expect(PartedMessage(results).outcome == outcome)
    }

    @Test("an answer that comes before the other parts are in is not lost, and what is known is forgotten")
    func early() {
        var unclear = UnclearParts()
        let key = UnclearParts.Key(message: 1, attempt: 1)
        unclear.begin(key, parts: 2)
        #expect(unclear.note(.accepted(messageID: "1"), key, part: 0) == nil)
        let known = unclear.end(key, with: PartedMessage([Self.silence, .accepted(messageID: "2")]))
        #expect(known.isKnown)
        #expect(unclear.note(.accepted(messageID: "1"), key, part: 0) == nil)
        #expect(unclear.note(.accepted(messageID: "1"), key, part: 9) == nil)
    }
}

@Suite struct ReceiptEvidenceTests {
    private func evidence(_ source: String, _ destination: Address = .empty) -> ReceiptEvidence? {
        ReceiptEvidence(
            SMPPReceipt(messageID: "1", state: .delivered),
            from: Address(typeOfNumber: 0, numberingPlan: 0, value: source),
            to: destination
        )
    }

    @Test(
        "the recipient is an international number however it is written, or nothing",
        arguments: [
            ("436641234500", "+436641234500"), ("+436641234500", "+436641234500"), ("00436641234500", "+436641234500"),
            ("06641234500", nil), ("", nil), ("+", nil), ("Praxis", nil), ("12345", nil), ("1234567890123456", nil),
            ("43 664", nil), ("000436641234500", nil),
        ] as [(String, String?)]
    )
    func recipients(_ source: String, _ recipient: String?) {
        #expect(evidence(source)?.recipient == recipient)
    }

    @Test(
        "the sender is written as it is on record",
        arguments: [
            (Address(typeOfNumber: 5, numberingPlan: 0, value: "Praxis"), "Praxis"),
            (Address(typeOfNumber: 0, numberingPlan: 0, value: "Praxis"), "Praxis"),
            (.international("436761234567"), "00436761234567"),
            (Address(typeOfNumber: 0, numberingPlan: 1, value: "+436761234567"), "00436761234567"), (.empty, ""),
            (Address(typeOfNumber: 5, numberingPlan: 0, value: "4366412345"), "4366412345"),
        ]
    )
    func senders(_ address: Address, _ sender: String) {
        #expect(evidence("436641234500", address)?.sender == sender)
    }
}
