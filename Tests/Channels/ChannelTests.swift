import Domain
import Foundation
import Logging
import SMPP
import Synchronization
import Testing

@testable import Channels

@Suite struct StatusTableTests {
    /// engine.md's table: every named command_status has one meaning.
    @Test(arguments: CommandStatus.named)
    func everyRefusalHasAMeaning(status: CommandStatus) {
        let outcome = SMPPStatusTable.outcome(status)
        switch status {
        case .throttled, .messageQueueFull:
            #expect(outcome == .throttled(detail: status.description))
        case .temporaryApplicationError:
            #expect(outcome == .unreachable(detail: status.description))
        case .invalidPassword, .invalidSystemID, .bindFailed, .incorrectBindStatus:
            #expect(outcome == .accountRefused(detail: status.description))
        case .invalidDestinationAddress, .invalidDestinationTON, .invalidDestinationNPI:
            #expect(outcome == .refused(.undeliverable, detail: status.description))
        case .invalidSourceAddress, .invalidSourceTON, .invalidSourceNPI:
            #expect(outcome == .refused(.providerRefused, detail: status.description))
        default:
            #expect(outcome == .refused(.providerError, detail: status.description))
        }
    }

    @Test(
        arguments: zip(
            [
                MessageState.enroute, .accepted, .scheduled, .delivered, .undeliverable, .deleted, .unknown, .expired,
                .rejected,
            ],
            [
                MessageStatus.submitted, .submitted, .submitted, .delivered, .undeliverable, .undeliverable,
                .undeliverable,
                .expired, .rejectedByRecipient,
            ]
        )
    )
    func everyStateHasAStatus(state: MessageState, status: MessageStatus) {
        #expect(SMPPStatusTable.status(state) == status)
    }
}

@Suite struct FactoryTests {
    private func factory(loopbackOnly: Bool = false) -> ChannelFactory {
        ChannelFactory(
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            random: { 0 },
            loopbackOnly: loopbackOnly
        )
    }

    private func provider(_ kind: Provider.Kind, _ url: String = "", _ options: [String: String] = [:]) -> Provider {
        Provider(id: Identifier(1), practiceID: nil, name: "p", kind: kind, url: url, options: options)
    }

    @Test(arguments: [
        ("smpp://127.0.0.1", 2775), ("smpp://localhost:9999", 9999), ("smpp://[::1]:2776", 2776),
        ("smpp://127.9.9.9/", 2775),
    ])
    func addressesOfThisMachineAreTakenWhileTheClockIsSet(url: String, port: Int) throws {
        _ = try factory(loopbackOnly: true).channel(for: provider(.smpp, url), secret: nil)
        #expect(try SMPPSettings(provider: provider(.smpp, url), secret: "").client.port == port)
    }

    @Test(arguments: ["smpp://192.0.2.1", "smpp://localhost.example", "smpp://10.0.0.1:2775"])
    func otherAddressesAreRefusedWhileTheClockIsSet(url: String) throws {
        _ = try factory().channel(for: provider(.smpp, url), secret: nil)
        #expect(throws: ProviderProblem.loopbackOnly) {
            _ = try factory(loopbackOnly: true).channel(for: provider(.smpp, url), secret: nil)
        }
    }

    @Test(arguments: [
        ("window", "0"), ("window", "many"), ("rate", "0"), ("bind", "pair"), ("message-id", "octal"),
        ("validity", "1"),
        ("enquire-link", "x"), ("response-timeout", "60"), ("colour", "red"),
    ])
    func anOptionThatMakesNoSenseIsNamed(name: String, value: String) {
        let problem = #expect(throws: ProviderProblem.self) {
            _ = try factory().channel(for: provider(.smpp, "smpp://127.0.0.1", [name: value]), secret: nil)
        }
        #expect(problem?.description.hasPrefix("--option \(name)") == true)
    }

    @Test(arguments: [
        "", "http://127.0.0.1", "smpp://", "127.0.0.1:2775", "smpps://127.0.0.1", "smpp://127.0.0.1:99999",
        "smpp://127.0.0.1:65536",
        "smpp://127.0.0.1:0",
    ])
    func aURLThatMakesNoSenseIsRefused(url: String) {
        #expect(throws: ProviderProblem.self) { _ = try factory().channel(for: provider(.smpp, url), secret: nil) }
    }
}

@Suite struct SimulatorChannelTests {
    private func message(_ number: String) throws -> OutgoingMessage {
        let sender = try #require(SenderID(stored: "Praxis"))
        return OutgoingMessage(
            id: Identifier(7),
            composed: ComposedMessage(
                channel: .sms,
                recipient: number,
                sender: sender,
                text: "x",
                encoding: SMSEncoding.of("x"),
                validitySeconds: 60
            )
        )
    }

    private func channel() throws -> SimulatorChannel {
        try SimulatorChannel(
            options: ProviderOptions(["delay": "0", "response-timeout": "1"], known: SimulatorChannel.knownOptions)
        )
    }

    @Test(
        arguments: zip(
            ["+436641234500", "+436641234591", "+436641234592", "+436641234593", "+436641234598"],
            [MessageStatus.delivered, .undeliverable, .expired, .rejectedByRecipient, .delivered]
        )
    )
    func theLastTwoDigitsChooseTheReceipt(number: String, status: MessageStatus) async throws {
        let channel = try channel()
        let (receipts, arrived) = AsyncStream.makeStream(of: DeliveryReceipt.self)
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask {
                try await channel.run { event in
                    if case .receipts(let receipts) = event { receipts.forEach { arrived.yield($0) } }
                    return true
                }
            }
            guard case .accepted(let reference, _) = await channel.send(try message(number)) else {
                Issue.record("not accepted")
                return group.cancelAll()
            }
            var iterator = receipts.makeAsyncIterator()
            let receipt = await iterator.next()
            #expect(receipt?.status == status)
            #expect(receipt?.reference.key == reference.key)
            group.cancelAll()
        }
    }

    @Test func theOtherFatesComeAtOnce() async throws {
        let channel = try channel()
        guard case .unreachable = await channel.send(try message("+436641234594")) else { throw CancellationError() }
        guard case .refused(.providerError, _) = await channel.send(try message("+436641234595")) else {
            throw CancellationError()
        }
        guard case .refused(.providerRefused, _) = await channel.send(try message("+436641234596")) else {
            throw CancellationError()
        }
        guard case .accepted = await channel.send(try message("+436641234597")) else { throw CancellationError() }
        guard case .unknown = await channel.send(try message("+436641234599")) else { throw CancellationError() }
    }
}
