import Domain
import Foundation
import Logging
import SMPP
import Testing

@testable import Channels

/// A server that takes a connection and only listens to it.
struct QuietServer: ~Copyable {
    private let socket: Int32
    let port: Int

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (opened, listening) = (socket, 8)
        let isOpen = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(opened, address, length) == 0 && listen(opened, Int32(listening)) == 0
                    && getsockname(opened, address, &length) == 0
            }
        }
        port = Int(UInt16(bigEndian: place.sin_port))
        try #require(isOpen)
        // What is not there yet has not come: a connection is in the queue before its client learns of it.
        _ = fcntl(socket, F_SETFL, O_NONBLOCK)
    }

    deinit { close(socket) }

    /// Octets that came on each connection until its client closed it. Waits for that.
    func received() -> [Int] {
        var counts: [Int] = []
        while case let connection = accept(socket, nil, nil), connection >= 0 {
            var room = [UInt8](repeating: 0, count: 4096)
            var count = 0
            while case let length = recv(connection, &room, room.count, 0), length > 0 { count += length }
            close(connection)
            counts.append(count)
        }
        return counts
    }
}

@Suite("Where practices' own providers may lie", .timeLimit(.minutes(5))) struct ProviderAddressTests {
    private static let kinds: [Provider.Kind] = [.smpp, .seven, .websms, .twilio, .http]

    private func factory(_ reach: PracticeProviders, loopbackOnly: Bool = false) -> ChannelFactory {
        ChannelFactory(
            logger: SMPPWorld.logger,
            random: { 0 },
            loopbackOnly: loopbackOnly,
            practiceProviders: reach,
            now: { Date() }
        )
    }

    private func provider(_ kind: Provider.Kind, _ place: String, practice: Int64? = 1) -> Provider {
        let url = place.contains("://") || place.isEmpty ? place : (kind == .smpp ? "smpps://" : "https://") + place
        return Provider(
            id: Identifier(1),
            practiceID: practice.map { Identifier($0) },
            name: "p",
            kind: kind,
            url: url,
            user: kind == .twilio ? GatewayPeer.account : "",
            options: kind == .http ? ["body": "{to}{text}", "ok-body": "^OK"] : [:]
        )
    }

    @Test(
        "an internal address is refused as it is entered, for a practice alone",
        arguments: kinds,
        [
            "127.0.0.1", "localhost", "LOCALHOST:2775", "[::1]:99", "10.0.0.1", "192.168.1.1:443", "169.254.169.254",
            "[fd00::1]", "[::ffff:10.0.0.1]", "0.0.0.0",
        ]
    )
    func literals(_ kind: Provider.Kind, _ place: String) throws {
        #expect(throws: ProviderProblem.publicOnly) {
            _ = try factory(.publicOnly).channel(for: provider(kind, place), secret: "secret")
        }
        _ = try factory(.anywhere).channel(for: provider(kind, place), secret: "secret")
        _ = try factory(.publicOnly).channel(for: provider(kind, place, practice: nil), secret: "secret")
        for reachable in ["gateway.example", "8.8.8.8", "[2a00:1450::1]:9000"] {
            _ = try factory(.publicOnly).channel(for: provider(kind, reachable), secret: "secret")
        }
    }

    @Test("without TLS no gateway of a practice is spoken to", arguments: kinds.dropFirst())
    func plain(_ kind: Provider.Kind) {
        for (url, problem) in [
            ("http://127.0.0.1", ProviderProblem.publicOnly), ("http://gateway.example", .tlsNeeded),
        ] {
            #expect(throws: problem) {
                _ = try factory(.publicOnly).channel(for: provider(kind, url), secret: "secret")
            }
        }
    }

    @Test("this machine alone is reached while the clock is set, by practices' own providers too", arguments: kinds)
    func clock(_ kind: Provider.Kind) throws {
        let factory = factory(.publicOnly, loopbackOnly: true)
        _ = try factory.channel(for: provider(kind, "127.0.0.1"), secret: "secret")
        #expect(throws: ProviderProblem.loopbackOnly) {
            _ = try factory.channel(for: provider(kind, "8.8.8.8"), secret: "secret")
        }
    }

    // Resolvers take 127.1 for 127.0.0.1, as they would any name that somebody lets lead there.
    @Test("a gateway whose name leads to this machine gets not one octet", arguments: kinds.dropFirst())
    func names(_ kind: Provider.Kind) async throws {
        let server = try QuietServer()
        let channel = try factory(.publicOnly).channel(for: provider(kind, "127.1:\(server.port)"), secret: "secret")
        let outcome = await channel.send(.sms(try SMPPWorld.message()))
        #expect(outcome.kind == "unreachable" && outcome.told.contains("an address that is not allowed"), "\(outcome)")
        #expect(server.received().isEmpty)
    }

    @Test("nor does an SMSC, with TLS and in the clear", arguments: ["smpp", "smpps"])
    func names(_ scheme: String) async throws {
        let server = try QuietServer()
        let provider = provider(.smpp, "\(scheme)://127.1:\(server.port)")
        let reach = factory(.publicOnly).reach(of: provider)
        var settings = try SMPPSettings(provider: provider, secret: "secret", reach: reach, unixTime: { 0 })
        // A busy machine may take its time.
        settings.client.connectTimeout = .seconds(60)
        let channel = SMPPChannel(settings: settings, logger: SMPPWorld.logger, random: { 0 })
        #expect(try await Self.outcome(of: channel) == .unreachable(detail: "an address that is not allowed"))
        let octets = server.received()
        #expect(!octets.isEmpty && octets.allSatisfy { $0 == 0 })
    }

    private static func outcome(of channel: any MessageChannel) async throws -> SendOutcome {
        let running = Task { try await channel.run { _ in true } }
        let outcome = await channel.send(.sms(try SMPPWorld.message()))
        running.cancel()
        try await running.value
        return outcome
    }

    @Test(
        "where the operator says nothing, an installation that others reach is a shared one",
        arguments: [
            (nil, .anywhere), ("http://localhost:8080", .anywhere), ("http://127.0.0.1", .anywhere),
            ("http://[::1]:8080", .anywhere), ("https://vortag.example", .publicOnly), ("http://10.0.0.5", .publicOnly),
        ] as [(String?, PracticeProviders)]
    )
    func standard(_ url: String?, _ reach: PracticeProviders) {
        #expect(PracticeProviders.standard(publicURL: url) == reach)
    }

    @Test(
        "a server is looked for where its address, or else its kind, has it",
        arguments: [
            (.smpp, "smpp://smsc.example", "smsc.example", 2775), (.smpp, "smpps://[::1]:3550", "::1", 3550),
            (.smpp, "smpps://smsc.example/", "smsc.example", 2775), (.seven, "", "gateway.seven.io", 443),
            (.websms, "", "api.linkmobility.eu", 443), (.twilio, "", "api.twilio.com", 443),
            (.http, "http://127.0.0.1/send", "127.0.0.1", 80), (.http, "https://[::1]:8443/a", "::1", 8443),
            (.seven, "https://gateway.example", "gateway.example", 443),
        ] as [(Provider.Kind, String, String, Int)]
    )
    func endpoints(_ kind: Provider.Kind, _ url: String, _ host: String, _ port: Int) {
        let endpoint = ProviderEndpoint(provider(kind, url))
        #expect(endpoint?.host == host && endpoint?.port == port)
    }

    @Test("there is none for what cannot be read, nor for the simulator")
    func noEndpoint() {
        for (kind, url) in [(Provider.Kind.simulator, ""), (.smpp, "http://h"), (.smpp, ""), (.http, "")] {
            #expect(ProviderEndpoint(provider(kind, url)) == nil)
        }
    }
}
