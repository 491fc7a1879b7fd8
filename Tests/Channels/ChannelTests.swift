import Domain
import Foundation
import Logging
import SMPP
import Synchronization
import Testing

@testable import Channels

@Suite struct StatusTableTests {
    private static let meanings: [(String, SMPPStatusTable.Meaning)] = [
        ("ESME_RINVMSGLEN", .message), ("ESME_RINVCMDLEN", .message), ("ESME_RINVCMDID", .provider),
        ("ESME_RINVBNDSTS", .account), ("ESME_RALYBND", .account), ("ESME_RINVPRTFLG", .message),
        ("ESME_RINVREGDLVFLG", .message), ("ESME_RSYSERR", .provider), ("ESME_RINVSRCADR", .source),
        ("ESME_RINVDSTADR", .destination), ("ESME_RINVMSGID", .provider), ("ESME_RBINDFAIL", .account),
        ("ESME_RINVPASWD", .account), ("ESME_RINVSYSID", .account), ("ESME_RCANCELFAIL", .provider),
        ("ESME_RREPLACEFAIL", .provider), ("ESME_RMSGQFUL", .throttled), ("ESME_RINVSERTYP", .account),
        ("ESME_RINVNUMDESTS", .message), ("ESME_RINVDLNAME", .message), ("ESME_RINVDESTFLAG", .message),
        ("ESME_RINVSUBREP", .message), ("ESME_RINVESMCLASS", .message), ("ESME_RCNTSUBDL", .message),
        ("ESME_RSUBMITFAIL", .provider), ("ESME_RINVSRCTON", .source), ("ESME_RINVSRCNPI", .source),
        ("ESME_RINVDSTTON", .destination), ("ESME_RINVDSTNPI", .destination), ("ESME_RINVSYSTYP", .account),
        ("ESME_RINVREPFLAG", .message), ("ESME_RINVNUMMSGS", .message), ("ESME_RTHROTTLED", .throttled),
        ("ESME_RINVSCHED", .message), ("ESME_RINVEXPIRY", .message), ("ESME_RINVDFTMSGID", .message),
        ("ESME_RX_T_APPN", .temporary), ("ESME_RX_P_APPN", .provider), ("ESME_RX_R_APPN", .message),
        ("ESME_RQUERYFAIL", .provider), ("ESME_RINVOPTPARSTREAM", .message), ("ESME_ROPTPARNOTALLWD", .message),
        ("ESME_RINVPARLEN", .message), ("ESME_RMISSINGOPTPARAM", .message), ("ESME_RINVOPTPARAMVAL", .message),
        ("ESME_RDELIVERYFAILURE", .provider), ("ESME_RUNKNOWNERR", .provider),
    ]

    @Test("every status of the standard but success has one meaning, and none is left to chance")
    func everyStatusHasAMeaning() {
        let written = SMPPStatusTable.meanings.map { status, meaning in [status.name ?? "?": meaning] }
        #expect(
            written.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
                == Dictionary(uniqueKeysWithValues: Self.meanings)
        )
        #expect(Set(SMPPStatusTable.meanings.keys) == Set(CommandStatus.named).subtracting([.ok]))
    }

    @Test(
        "each meaning has its outcome",
        arguments: [
            (.temporaryApplicationError, .unreachable(detail: "ESME_RX_T_APPN")),
            (.messageQueueFull, .throttled(detail: "ESME_RMSGQFUL")),
            (.invalidPassword, .accountRefused(detail: "ESME_RINVPASWD")),
            (.invalidDestinationTON, .refused(.undeliverable, detail: "ESME_RINVDSTTON")),
            (.invalidSourceNPI, .refused(.providerRefused, detail: "ESME_RINVSRCNPI")),
            (.invalidESMClass, .refused(.providerError, detail: "ESME_RINVESMCLASS")),
            (.systemError, .refused(.providerError, detail: "ESME_RSYSERR")),
        ] as [(CommandStatus, SendOutcome)]
    )
    func outcomes(_ status: CommandStatus, _ outcome: SendOutcome) {
        #expect(SMPPStatusTable.outcome(status) == outcome)
    }

    @Test(
        "what the standard reserves or leaves to vendors is a failure of the provider",
        arguments: [
            0x09, 0x10, 0x12, 0x16, 0x4A, 0x52, 0x68, 0x100, 0x400, 0x4FF, 0x500, 0xFFFF_FFFF,
        ] as [UInt32]
    )
    func otherCodes(_ code: UInt32) {
        let detail = "0x" + String(code, radix: 16)
        #expect(SMPPStatusTable.outcome(CommandStatus(rawValue: code)) == .refused(.providerError, detail: detail))
    }

    @Test("a bind refused for the account is told apart from one refused for the moment, and so is TLS")
    func notSent() {
        #expect(SMPPStatusTable.outcome(.bindRefused(.alreadyBound)) == .accountRefused(detail: "ESME_RALYBND"))
        #expect(SMPPStatusTable.outcome(.bindRefused(.systemError)) == .unreachable(detail: "ESME_RSYSERR"))
        for problem in TLSProblem.allCases {
            #expect(SMPPStatusTable.outcome(.tlsFailed(problem)) == .unreachable(detail: problem.description))
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
            loopbackOnly: loopbackOnly,
            practiceProviders: .anywhere,
            now: { Date(timeIntervalSince1970: 1_804_748_400) }
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
        #expect(try SMPPSettings(provider: provider(.smpp, url), secret: "", unixTime: { 0 }).client.port == port)
    }

    @Test(arguments: ["smpp://192.0.2.1", "smpp://localhost.example", "smpp://10.0.0.1:2775"])
    func otherAddressesAreRefusedWhileTheClockIsSet(url: String) throws {
        _ = try factory().channel(for: provider(.smpp, url), secret: nil)
        #expect(throws: ProviderProblem.loopbackOnly) {
            _ = try factory(loopbackOnly: true).channel(for: provider(.smpp, url), secret: nil)
        }
    }

    @Test(arguments: [
        ("window", "0"), ("window", "many"), ("rate", "0"), ("bind", "both"), ("binds", "0"), ("binds", "11"),
        ("message-id", "octal"), ("validity", "1"), ("alphabet", "utf8"), ("long", "cut"), ("message-payload", "no"),
        ("source-ton", "7"), ("source-npi", "19"), ("dest-ton", "-1"), ("dest-npi", "x"), ("validity-form", "utc"),
        ("registered-delivery", "32"), ("service-type", "abcdef"), ("system-type", "ü"), ("ca-file", "/etc/hosts"),
        ("enquire-link", "x"), ("response-timeout", "60"), ("colour", "red"),
    ])
    func anOptionThatMakesNoSenseIsNamed(name: String, value: String) {
        let problem = #expect(throws: ProviderProblem.self) {
            _ = try factory().channel(for: provider(.smpp, "smpp://127.0.0.1", [name: value]), secret: nil)
        }
        #expect(problem?.description.hasPrefix("--option \(name)") == true)
    }

    @Test(
        "a file of authorities is for TLS, and must be one",
        arguments: ["relative.pem", "/", "/dev/zero", "/nowhere", ""]
    )
    func authorities(path: String) {
        let problem = #expect(throws: ProviderProblem.self) {
            _ = try factory().channel(for: provider(.smpp, "smpps://127.0.0.1", ["ca-file": path]), secret: nil)
        }
        #expect(problem?.description.hasPrefix("--option ca-file: must be the absolute path of a PEM file") == true)
    }

    @Test(
        "what the bind has no room for is refused before it is tried",
        arguments: [
            ("sixteen-letters-", "secret", "--user: SMPP has room for 15"),
            ("vortag", "nine-long", "--secret-file: SMPP has room for 8"),
            ("vortag", "secr\u{E9}t", "--secret-file: SMPP has room for 8"),
        ]
    )
    func account(user: String, secret: String, sentence: String) {
        var provider = provider(.smpp, "smpp://127.0.0.1")
        provider.user = user
        let problem = #expect(throws: ProviderProblem.self) {
            _ = try factory().channel(for: provider, secret: secret)
        }
        #expect(problem?.description.hasPrefix(sentence) == true)
    }

    @Test("sessions, windows and TLS are read from URL and options")
    func sessions() throws {
        let options = ["bind": "pair", "binds": "3", "window": "10"]
        let settings = try SMPPSettings(
            provider: provider(.smpp, "smpps://smsc.example", options),
            secret: "",
            unixTime: { 0 }
        )
        #expect(settings.client.binds.count(where: { $0 == .transmitter }) == 3)
        #expect(settings.client.binds.count(where: { $0 == .receiver }) == 3)
        #expect(settings.window == 30 && settings.client.port == 2775 && settings.client.tls != nil)
        let plain = try SMPPSettings(provider: provider(.smpp, "smpp://smsc.example"), secret: "", unixTime: { 0 })
        #expect(plain.client.binds == [.transceiver] && plain.client.tls == nil && plain.window == 64)
    }

    @Test(arguments: [
        "", "http://127.0.0.1", "smpp://", "127.0.0.1:2775", "smpps://", "smpps://h/path", "smpp://127.0.0.1:99999",
        "smpp://127.0.0.1:65536",
        "smpp://127.0.0.1:0",
    ])
    func aURLThatMakesNoSenseIsRefused(url: String) {
        #expect(throws: ProviderProblem.self) { _ = try factory().channel(for: provider(.smpp, url), secret: nil) }
    }
}

@Suite struct SimulatorChannelTests {
    private func message(_ number: String) throws -> OutgoingSMS {
        let sender = try #require(SenderID(stored: "Praxis"))
        return OutgoingSMS(
            id: Identifier(7),
            composed: ComposedSMS(
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
