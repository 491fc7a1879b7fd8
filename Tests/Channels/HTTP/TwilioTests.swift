import Domain
import Foundation
import Testing
import Transfer

@testable import Channels

@Suite("Twilio", .timeLimit(.minutes(5))) struct TwilioTests {
    @Test("a message arrives as it was meant")
    func send() async throws {
        let peer = try await GatewayPeer(.twilio)
        let channel = try peer.channel(callback: "https://vortag.example/hooks/sms/1/s#rc=3&rp=all")
        let text = "Grüße & ein Gruß: 10 % 😀"
        let outcome = await channel.send(try GatewayPeer.message(text, from: "00436761234567", validity: 86_400))
        let line = try await peer.next("send")
        #expect(outcome.reference == line.id && outcome.price == nil)
        #expect(line.to == "+436641234500" && line.sender == "+436761234567" && line.text == text)
        #expect(line.validity == 36_000 && line.callback == "https://vortag.example/hooks/sms/1/s#rc=3&rp=all")
        let service = try peer.channel(["messaging-service": "MG1"])
        #expect(await service.send(try GatewayPeer.message(validity: 1)).kind == "accepted")
        let second = try await peer.next("send")
        #expect(second.sender == "" && second.validity == 10)
        #expect(try await peer.channel(secret: "wrong").send(GatewayPeer.message()).kind == "account")
    }

    @Test("an API key sends in place of the account")
    func apiKey() async throws {
        let peer = try await GatewayPeer(.twilio, ["--api-key", "SK1", "--key", "secret-of-the-key"])
        let channel = try peer.channel(["api-key": "SK1"], secret: "token secret-of-the-key")
        #expect(await channel.send(try GatewayPeer.message()).kind == "accepted")
        #expect(throws: ProviderProblem.self) { _ = try peer.channel(["api-key": "SK1"], secret: "token") }
        #expect(throws: ProviderProblem.self) { _ = try peer.channel(secret: "token other") }
        #expect(throws: ProviderProblem.self) { _ = try peer.channel(user: "") }
    }

    static let codes: [(String, String)] = [
        ("20003", "account"), ("20005", "account"), ("20403", "account"), ("20404", "account"), ("70051", "account"),
        ("21701", "account"), ("20429", "throttled"), ("21611", "throttled"), ("60728", "throttled"),
        ("63038", "throttled"), ("63017", "throttled"), ("63018", "throttled"), ("20500", "provider_error"),
        ("21211", "undeliverable"), ("21265", "undeliverable"), ("21266", "undeliverable"), ("21614", "undeliverable"),
        ("21635", "undeliverable"), ("21610", "rejected_by_recipient"), ("21212", "provider_refused"),
        ("21267", "provider_refused"), ("21401", "provider_refused"), ("21601", "provider_refused"),
        ("21606", "provider_refused"), ("21612", "provider_refused"), ("21616", "provider_refused"),
        ("21657", "provider_refused"), ("21659", "provider_refused"), ("21660", "provider_refused"),
        ("21408", "provider_refused"), ("21608", "provider_refused"), ("21602", "provider_error"),
        ("21603", "provider_error"), ("21604", "provider_error"), ("21617", "provider_error"),
        ("21624", "provider_error"), ("90007", "provider_error"), ("12345", "provider_error"),
    ]

    @Test("every documented code has its outcome")
    func everyCode() async throws {
        let peer = try await GatewayPeer(.twilio)
        let channel = try peer.channel()
        try await peer.order(Self.codes.map { ["code": $0.0] })
        for (code, kind) in Self.codes {
            let outcome = await channel.send(try GatewayPeer.message())
            #expect(outcome.kind == kind, "\(code): \(outcome)")
        }
        #expect(Set(TwilioTables.codes.keys).isSubset(of: Set(Self.codes.map { Int($0.0) ?? 0 })))
    }

    @Test(
        "what is not as documented is never an acceptance",
        arguments: [
            (#"{"status":"queued"}"#, "unknown"), (#"{"sid":"","status":"queued"}"#, "unknown"),
            (#"{"sid":"SM1"}"#, "unknown"), (#"{"code":20003,"status":401}"#, "unknown"),
            (#"{"sid":"SM1","status":"failed","error_code":30002}"#, "provider_refused"),
            (#"{"sid":"SM1","status":"accepted"}"#, "accepted"),
        ]
    )
    func strictly(_ body: String, _ kind: String) throws {
        let response = HTTPResponse(status: 201, body: Array(body.utf8))
        #expect(Twilio.outcome(response, try GatewayPeer.message()).kind == kind)
    }

    @Test(
        "every state has its status",
        arguments: [
            ("accepted", nil, .submitted), ("scheduled", nil, .submitted), ("queued", nil, .submitted),
            ("sending", nil, .submitted), ("sent", nil, .submitted), ("delivered", nil, .delivered),
            ("read", nil, .delivered), ("canceled", nil, .undeliverable), ("undelivered", nil, .undeliverable),
            ("failed", nil, .undeliverable), ("receiving", nil, .submitted), ("received", nil, .submitted),
            ("partially_delivered", nil, .submitted), ("DELIVERED", nil, .submitted), ("", nil, .submitted),
            ("undelivered", 30001, .providerError), ("undelivered", 30002, .providerRefused),
            ("undelivered", 30003, .undeliverable), ("undelivered", 30004, .rejectedByRecipient),
            ("undelivered", 30005, .undeliverable), ("undelivered", 30006, .undeliverable),
            ("undelivered", 30007, .providerRefused), ("undelivered", 30008, .undeliverable),
            ("failed", 30022, .providerError), ("failed", 30034, .providerRefused), ("failed", 30036, .expired),
            ("failed", 30042, .providerRefused), ("failed", 30450, .providerRefused),
            ("failed", 21610, .rejectedByRecipient), ("delivered", 30008, .delivered), ("failed", 1, .undeliverable),
        ] as [(String, Int?, MessageStatus)]
    )
    func states(_ word: String, _ error: Int?, _ status: MessageStatus) {
        #expect(TwilioTables.status(word, error: error) == status)
    }

    @Test("asked, it tells state, reason and price")
    func statuses() async throws {
        let peer = try await GatewayPeer(.twilio, ["--delay", "3600"])
        let channel = try peer.channel()
        let message = try GatewayPeer.message()
        let id = try #require(await channel.send(message).reference)
        let sent = GatewayPeer.sent(message, id: id)
        #expect(await channel.statuses(of: [sent]).first?.status == .submitted)
        #expect(await channel.statuses(of: [GatewayPeer.sent(message, id: "SM99")]).isEmpty)
        try await peer.set(id, state: "expired")
        let news = try #require(await channel.statuses(of: [sent]).first)
        #expect(news.status == .expired && news.detail == "failed 30036")
        #expect(news.price == Price(micros: 7_500, currency: "USD") && news.reference.key == id)
    }

    @Test("what is on record as another message's is not found for one that looks the same")
    func another() async throws {
        let peer = try await GatewayPeer(.twilio, ["--delay", "3600"])
        let channel = try peer.channel()
        try await peer.order([[:], ["mode": "reset"]])
        #expect(await channel.send(try GatewayPeer.message("Same", id: 1)).kind == "accepted")
        let lost = try GatewayPeer.message("Same", id: 2)
        #expect(await channel.send(lost).kind == "unknown")
        #expect(await channel.lookUp(GatewayPeer.sent(lost, id: nil)) == .notTold)
    }

    @Test("a message whose answer was lost is found by recipient, time and text, unless two look the same")
    func lookUp() async throws {
        let peer = try await GatewayPeer(.twilio, ["--page-size", "2", "--delay", "3600"])
        let channel = try peer.channel()
        let message = try GatewayPeer.message("A text with a blank at its end ")
        let sent = GatewayPeer.sent(message, id: nil)
        #expect(await channel.lookUp(sent) == .notFound)
        try await peer.order([["mode": "reset", "taken": "true"]])
        #expect(await channel.send(message).kind == "unknown")
        let id = try #require(await peer.next("send").id)
        for number in 0..<3 { _ = await channel.send(try GatewayPeer.message("Other \(number)")) }
        #expect(await channel.lookUp(sent) == .found(ProviderReference(raw: id)))
        // Before the attempt there was none.
        let later = GatewayPeer.sent(message, id: nil, at: Date().addingTimeInterval(3600))
        #expect(await channel.lookUp(later) == .notFound)
        let other = GatewayPeer.sent(try GatewayPeer.message("Nothing like it"), id: nil)
        #expect(await channel.lookUp(other) == .notFound)
        _ = await channel.send(message)
        _ = await channel.send(message)
        #expect(await channel.lookUp(sent) == .notTold)
    }
}
