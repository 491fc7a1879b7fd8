import Domain
import Foundation
import Testing
import Transfer

@testable import Channels

@Suite("seven", .timeLimit(.minutes(5))) struct SevenTests {
    @Test("a message arrives as it was meant, and is accepted with its price")
    func send() async throws {
        let peer = try await GatewayPeer(.seven)
        let channel = try peer.channel(["label": "vortag"])
        let text = "Grüße & ein Gruß: 10 % [€] 😀"
        let outcome = await channel.send(try GatewayPeer.message(text, from: "00436761234567", validity: 7199))
        let line = try await peer.next("send")
        #expect(outcome.reference == line.id && outcome.price == Price(micros: 75_000, currency: "EUR"))
        #expect(line.to == "436641234500" && line.sender == "436761234567" && line.text == text)
        #expect(line.reference == "7" && line.validity == 119 * 60)
        _ = await channel.send(try GatewayPeer.message(attempt: 2, validity: 10_000_000))
        let second = try await peer.next("send")
        #expect(second.reference == "7-2" && second.validity == 2880 * 60 && second.sender == "Praxis")
        _ = await channel.send(try GatewayPeer.message(validity: 1))
        #expect(try await peer.next("send").validity == 60)
    }

    static let codes: [(String, String)] = [
        ("11", "unreachable"), ("201", "provider_refused"), ("202", "undeliverable"), ("300", "account"),
        ("301", "provider_error"), ("304", "provider_error"), ("305", "provider_error"), ("306", "provider_refused"),
        ("307", "provider_error"), ("400", "provider_error"), ("401", "provider_error"), ("402", "throttled"),
        ("403", "provider_refused"), ("500", "account"), ("600", "provider_error"), ("700", "unknown"),
        ("801", "provider_error"), ("802", "provider_error"), ("803", "provider_error"), ("900", "account"),
        ("901", "account"), ("902", "account"), ("903", "account"), ("777", "unknown"),
    ]

    @Test("every documented code has its outcome")
    func everyCode() async throws {
        let peer = try await GatewayPeer(.seven)
        let channel = try peer.channel()
        try await peer.order(Self.codes.map { ["code": $0.0] })
        for (code, kind) in Self.codes {
            let outcome = await channel.send(try GatewayPeer.message())
            #expect(outcome.kind == kind, "\(code): \(outcome)")
        }
        let known = Set(Self.codes.map { Int($0.0) ?? 0 } + [100, 101])
        #expect(Set(SevenTables.codes.keys).isSubset(of: known))
    }

    @Test("the lock against repeating means something else on a further attempt")
    func reloadLock() async throws {
        let peer = try await GatewayPeer(.seven)
        try await peer.order([["code": "402"]])
        #expect(try await peer.channel().send(GatewayPeer.message(attempt: 2)).kind == "unknown")
    }

    @Test(
        "what is not as documented is never an acceptance",
        arguments: [
            ("100", "unknown"), ("\"100\"", "unknown"), ("900", "account"), ("null", "unknown"), ("true", "unknown"),
            (#"{"success":"100"}"#, "unknown"), (#"{"success":"100","messages":[]}"#, "unknown"),
            (#"{"success":"900","messages":[]}"#, "account"), (#"{"code":902}"#, "account"),
            (#"{"success":false,"error_code":"903"}"#, "account"),
            (#"{"success":"100","messages":[{"success":true,"id":null}]}"#, "unknown"),
            (#"{"success":"100","messages":[{"success":true,"id":""}]}"#, "unknown"),
            (#"{"success":"100","messages":[{"success":true,"id":"a b"}]}"#, "unknown"),
            (#"{"success":"100","messages":[{"success":true,"id":["1"]}]}"#, "unknown"),
            (#"{"success":"101","messages":[{"success":true,"id":"1"}]}"#, "unknown"),
            (#"{"success":"100","messages":[{"success":"true","id":"1"}]}"#, "unknown"),
            (#"{"success":"100","messages":[{"success":true,"id":"1"},{"success":true,"id":"2"}]}"#, "unknown"),
            (#"{"success":"101","messages":[{"success":false,"error":202}]}"#, "undeliverable"),
            (#"{"success":"100","messages":[{"success":true,"id":12}]}"#, "accepted"),
            (#"{"success":100,"messages":[{"success":true,"id":"1"}]}"#, "accepted"),
        ]
    )
    func strictly(_ body: String, _ kind: String) throws {
        let response = HTTPResponse(status: 200, body: Array(body.utf8))
        #expect(Seven.outcome(response, try GatewayPeer.message()).kind == kind)
    }

    @Test("an acceptance with another status than 2xx is in doubt")
    func contradiction() throws {
        let body = Array(#"{"success":"100","messages":[{"success":true,"id":"1"}]}"#.utf8)
        #expect(Seven.outcome(HTTPResponse(status: 500, body: body), try GatewayPeer.message()).kind == "unknown")
    }

    @Test("asked, it tells each state and the price")
    func statuses() async throws {
        let peer = try await GatewayPeer(.seven, ["--delay", "3600"])
        let channel = try peer.channel()
        let message = try GatewayPeer.message()
        let id = try #require(await channel.send(message).reference)
        let sent = GatewayPeer.sent(message, id: id)
        #expect(
            await channel.statuses(of: [sent, GatewayPeer.sent(message, id: "1"), GatewayPeer.sent(message, id: nil)])
                .isEmpty
        )
        let states: [(String, MessageStatus)] = [
            ("DELIVERED", .delivered), ("NOTDELIVERED", .undeliverable), ("BUFFERED", .submitted),
            ("TRANSMITTED", .submitted), ("ACCEPTED", .submitted), ("EXPIRED", .expired),
            ("REJECTED", .rejectedByRecipient), ("FAILED", .providerError), ("UNKNOWN", .submitted),
            ("delivered?", .submitted),
        ]
        for (word, status) in states {
            try await peer.set(id, state: word)
            let news = try #require(await channel.statuses(of: [sent]).first)
            #expect(news.status == status && news.reference.key == id && news.price?.micros == 75_000, "\(word)")
        }
        #expect(Set(SevenTables.states.keys) == Set(states.map(\.0)).subtracting(["delivered?"]))
    }

    @Test("a message whose answer was lost is found by our reference, beyond the first page too")
    func lookUp() async throws {
        let peer = try await GatewayPeer(.seven)
        let channel = try peer.channel()
        let message = try GatewayPeer.message(id: 5, attempt: 2)
        let sent = GatewayPeer.sent(message, id: nil)
        #expect(await channel.lookUp(sent) == .notFound)
        try await peer.order([["mode": "reset", "taken": "true"]])
        #expect(await channel.send(message).kind == "unknown")
        let id = try #require(await peer.next("send").id)
        #expect(
            await channel.lookUp(sent)
                == .found(ProviderReference(raw: id), price: Price(micros: 75_000, currency: "EUR"))
        )
        for number in 0..<100 { _ = await channel.send(try GatewayPeer.message(id: 1000 + Int64(number))) }
        #expect(
            await channel.lookUp(sent)
                == .found(ProviderReference(raw: id), price: Price(micros: 75_000, currency: "EUR"))
        )
        // The same reference with another text is another installation's.
        let other = GatewayPeer.sent(try GatewayPeer.message("x", id: 5), id: nil)
        #expect(await channel.lookUp(other) == .notTold)
        #expect(try await peer.channel(secret: "wrong").lookUp(sent) == .notTold)
    }

    @Test("settings that make no sense are named")
    func settings() async throws {
        let peer = try await GatewayPeer(.seven)
        for (secret, options) in [("", [:]), ("a b c", [:]), ("k", ["label": "a b"]), ("k", ["colour": "red"])] {
            #expect(throws: ProviderProblem.self) { _ = try peer.channel(options, secret: secret) }
        }
        #expect(try peer.channel().rate == 10 && peer.channel().window == 8)
        #expect(try peer.channel(["rate": "3", "window": "2"]).rate == 3)
    }
}
