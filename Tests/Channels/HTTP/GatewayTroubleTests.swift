import Domain
import Foundation
import Synchronization
import Testing
import Transfer

@testable import Channels

private let kinds: [Provider.Kind] = [.seven, .websms, .twilio, .http]

@Suite("Gateways over HTTP in trouble", .timeLimit(.minutes(5))) struct GatewayTroubleTests {
    @Test("bad manners never look like an acceptance, and leave no doubt hidden", arguments: kinds)
    func badManners(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        try await behaveBadly(peer, try peer.channel())
    }

    @Test("nor where the id alone tells what was taken")
    func idAlone() async throws {
        let peer = try await GatewayPeer(.http)
        var provider = peer.provider()
        provider.options["ok-body"] = nil
        let factory = ChannelFactory(
            logger: peer.log.logger(),
            random: { 0 },
            loopbackOnly: true,
            practiceProviders: .anywhere,
            now: { Date() }
        )
        let url = "https://vortag.example/"
        try await behaveBadly(peer, factory.gateway(for: provider, secret: GatewayPeer.key, callback: url))
    }

    private func behaveBadly(_ peer: GatewayPeer, _ channel: HTTPChannel) async throws {
        let table: [([String: String], String)] = [
            (["mode": "html"], "unknown"), (["mode": "empty"], "unknown"), (["mode": "garbage"], "unknown"),
            (["mode": "big"], "unknown"), (["mode": "reset"], "unknown"), (["mode": "half"], "unknown"),
            (["mode": "redirect"], "unknown"), (["mode": "redirect", "status": "301"], "unreachable"),
            (["mode": "redirect", "status": "308"], "unreachable"),
            (["mode": "html", "status": "404"], "account"), (["mode": "html", "status": "401"], "account"),
            (["mode": "html", "status": "402"], "account"), (["mode": "empty", "status": "429"], "throttled"),
            (["mode": "html", "status": "502"], "unknown"), (["mode": "html", "status": "504"], "unknown"),
            (["mode": "html", "status": "503"], "unreachable"),
        ]
        try await peer.order(table.map(\.0))
        for (order, kind) in table {
            let outcome = await channel.send(try GatewayPeer.message())
            #expect(outcome.kind == kind, "\(order): \(outcome)")
        }
        #expect(await channel.send(try GatewayPeer.message()).kind == "accepted")
    }

    @Test("a 500 that says nothing documented is in doubt", arguments: [.seven, .websms, .twilio] as [Provider.Kind])
    func bare500(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        try await peer.order([["mode": "html", "status": "500"]])
        #expect(try await peer.channel().send(GatewayPeer.message()).kind == "unknown")
    }

    @Test("an answer that does not come is unknown, one that trickles in too", arguments: kinds)
    func silence(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        let channel = try peer.channel(["timeout": "2"])
        try await peer.order([["mode": "hang"], ["mode": "trickle"]])
        #expect(await channel.send(try GatewayPeer.message()).kind == "unknown")
        #expect(await channel.send(try GatewayPeer.message()).kind == "unknown")
    }

    @Test("nobody there is surely not sent", arguments: kinds)
    func nobody(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        var provider = peer.provider()
        provider.url = "http://127.0.0.1:1"
        let channel = try ChannelFactory(
            logger: peer.log.logger(),
            random: { 0 },
            loopbackOnly: true,
            practiceProviders: .anywhere,
            now: { Date() }
        )
        .channel(for: provider, secret: GatewayPeer.key)
        #expect(await channel.send(.sms(try GatewayPeer.message())).kind == "unreachable")
    }

    @Test("a gateway that asks for a pause is left alone until it is over", arguments: kinds)
    func pause(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        let start = ContinuousClock.now
        let now = Mutex(start)
        let channel = try peer.channel(now: { now.withLock { $0 } })
        try await peer.order([["mode": "status", "status": "429", "headers": #"{"Retry-After": "60"}"#]])
        #expect(await channel.send(try GatewayPeer.message(id: 1)).kind == "throttled")
        let held = await channel.send(try GatewayPeer.message(id: 2))
        #expect(held == .throttled(detail: "the provider asked for a pause"))
        now.withLock { $0 = start.advanced(by: .seconds(59)) }
        #expect(await channel.send(try GatewayPeer.message(id: 2)).kind == "throttled")
        now.withLock { $0 = start.advanced(by: .seconds(61)) }
        #expect(await channel.send(try GatewayPeer.message(id: 3)).kind == "accepted")
        // The one that was held back never went out.
        guard kind == .seven || kind == .websms else { return }
        #expect(try await peer.next("send").reference == "1")
        #expect(try await peer.next("send").reference == "3")
    }

    @Test("an id that was given before is nobody's key", arguments: kinds)
    func sameID(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        let channel = try peer.channel()
        try await peer.order([[:], ["mode": "same-id"], ["mode": "same-id"]])
        let first = await channel.send(try GatewayPeer.message(id: 1))
        let second = await channel.send(try GatewayPeer.message(id: 2))
        let again = await channel.send(try GatewayPeer.message(id: 1, attempt: 2))
        guard case .accepted(let one, _) = first, case .accepted(let two, _) = second,
            case .accepted(let same, _) = again
        else { throw CancellationError() }
        #expect(one.raw == two.raw && one.key == one.raw && two.key != one.key && same.key == one.key)
        #expect(peer.log.text.contains("an id twice"))
    }

    @Test("neither number, text nor secret gets into a detail or a log", arguments: kinds)
    func discretion(_ kind: Provider.Kind) async throws {
        let peer = try await GatewayPeer(kind)
        let channel = try peer.channel()
        let codes = ["seven": "202", "websms": "4002", "twilio": "21211", "http": "400"]
        try await peer.order([
            ["code": try #require(codes[kind.rawValue])], ["mode": "html"], ["mode": "reset"], ["mode": "garbage"], [:],
            ["mode": "same-id"],
        ])
        var shown = ""
        for id in 1...6 { shown += "\(await channel.send(try GatewayPeer.message(id: Int64(id)))) " }
        let sent = GatewayPeer.sent(try GatewayPeer.message(), id: "1")
        shown += "\(await channel.statuses(of: [sent])) \(await channel.lookUp(sent)) "
        shown += String(reflecting: channel) + peer.log.text
        for secret in ["6641234500", "Terminerinnerung", "12.03.2027", GatewayPeer.key] {
            #expect(!shown.contains(secret), "\(secret) in \(shown)")
        }
    }

    @Test("a report that overtakes the answer to its submission stands for an answer that never comes")
    func overtaken() async throws {
        let peer = try await GatewayPeer(.websms, ["--delay", "3600"])
        let channel = try peer.channel()
        try await peer.order([["mode": "hang", "taken": "true"]])
        let sending = Task { await channel.send(try GatewayPeer.message()) }
        let id = try #require(await peer.next("send").id)
        let call = StoredHook(try await peer.receipt(id, state: "delivered", url: "https://vortag.example/"))
        // A call is read once and no more, so what it says of the attempt must not be lost.
        guard case .receipts(let receipts) = try channel.events(in: call).first else { throw CancellationError() }
        #expect(receipts.map(\.reference.key) == [id])
        sending.cancel()
        #expect(try await sending.value.reference == id)
    }

    @Test("a channel is bound once, and ends when it is told to")
    func run() async throws {
        let peer = try await GatewayPeer(.seven)
        let channel = try peer.channel()
        let reports = Reports()
        let task = Task {
            try await channel.run { event in
                reports.add(event)
                return true
            }
        }
        #expect(await reports.next() == .bound && channel.isBound)
        task.cancel()
        try await task.value
    }
}
