import Crypto
import Domain
import Foundation
import Logging
import Testing

@testable import Channels

private let url = "https://vortag.example/hooks/sms/1/secret"

private func verify(_ kind: Provider.Kind, _ request: HookRequest, secret: String, options: [String: String] = [:])
    -> HookVerdict
{
    ChannelFactory(
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        random: { 0 },
        loopbackOnly: false,
        now: { Date() }
    )
    .verifyHook(
        Provider(id: Identifier(1), practiceID: nil, name: "p", kind: kind, options: options),
        secret: secret,
        request
    )
}

extension HookVerdict {
    fileprivate var fingerprint: [UInt8]? { if case .genuine(let print, _) = self { print } else { nil } }
    fileprivate var reason: String? { if case .refused(let reason) = self { reason } else { nil } }
}

extension HookRequest {
    fileprivate func changed(
        method: String? = nil,
        url: String? = nil,
        headers: [String: String?] = [:],
        body: [UInt8]? = nil,
        later: Double = 0
    ) -> HookRequest {
        var all = self.headers
        for (name, value) in headers { all[name] = value }
        return HookRequest(
            method: method ?? self.method,
            url: url ?? self.url,
            headers: all,
            body: body ?? self.body,
            receivedAt: receivedAt.addingTimeInterval(later)
        )
    }
}

@Suite("Calls of seven", .timeLimit(.minutes(5))) struct SevenHookTests {
    private static let secret = GatewayPeer.key + " " + GatewayPeer.signingKey

    @Test("a signed call is genuine within five minutes, and the same call has the same fingerprint")
    func signature() async throws {
        let peer = try await GatewayPeer(.seven, ["--delay", "3600"])
        let channel = try peer.channel(secret: Self.secret)
        let id = try #require(await channel.send(try GatewayPeer.message()).reference)
        let call = try await peer.receipt(id, state: "delivered", url: url, at: 1_800_000_000)
        let print = try #require(verify(.seven, call, secret: Self.secret).fingerprint)
        #expect(verify(.seven, call.changed(later: 299), secret: Self.secret).fingerprint == print)
        #expect(verify(.seven, call.changed(later: -299), secret: Self.secret).fingerprint == print)
        let next = try await peer.receipt(id, state: "delivered", url: url, at: 1_800_000_001)
        #expect(verify(.seven, next, secret: Self.secret).fingerprint != print)
        let upper = call.headers["x-signature"]?.uppercased()
        #expect(verify(.seven, call.changed(headers: ["x-signature": upper]), secret: Self.secret).fingerprint == print)
        for bad in [
            call.changed(later: 301), call.changed(later: -301), call.changed(url: url + "?a"),
            call.changed(method: "GET"), call.changed(body: call.body + [0x20]), call.changed(body: []),
            call.changed(headers: ["x-signature": nil]), call.changed(headers: ["x-nonce": nil]),
            call.changed(headers: ["x-nonce": ""]), call.changed(headers: ["x-timestamp": nil]),
            call.changed(headers: ["x-timestamp": "soon"]), call.changed(headers: ["x-timestamp": "1800000001"]),
            call.changed(headers: ["x-signature": ""]), call.changed(headers: ["x-signature": "zz"]),
            call.changed(headers: ["x-signature": "abc"]), call.changed(headers: ["x-nonce": "other"]),
            call.changed(headers: ["x-timestamp": String(Int64.max)]),
        ] {
            let reason = try #require(verify(.seven, bad, secret: Self.secret).reason)
            #expect(!reason.contains(GatewayPeer.signingKey))
        }
        #expect(verify(.seven, call, secret: GatewayPeer.key + " other").reason != nil)
        // Without the signing key the secret in our address stands for it.
        #expect(verify(.seven, call.changed(headers: ["x-signature": nil]), secret: "k").fingerprint != nil)
    }

    /// Made by the documented recipe with Python's hmac, over the request that the older documentation shows: the example
    /// on today's page was made for another body than it prints.
    @Test("a signature that somebody else made is understood")
    func vector() {
        let body = #"{ "to": "49170123456789", "text": "Hello World! :-)", "from": "sms77.io" }"#
        let request = HookRequest(
            method: "POST",
            url: "https://gateway.sms77.io/api/sms",
            headers: [
                "x-signature": "1f1f5258689c69d06ffdd18d89c990b51bbffbe92fb703500e1a4f05bc0b0d9a",
                "x-timestamp": "1634641200",
                "x-nonce": "5bdbf64c1aa1e7f4b5d8f5c0b1ae4b4c",
            ],
            body: Array(body.utf8),
            receivedAt: Date(timeIntervalSince1970: 1_634_641_210)
        )
        #expect(verify(.seven, request, secret: "key MySigningKey").fingerprint != nil)
        // The hash that the documentation shows.
        let hash = HookSignature.hex(Insecure.MD5.hash(data: Array(body.utf8)))
        #expect(hash == "62dd06ffb3101dc2456517b177b744ae")
    }

    @Test("receipts are read from JSON and from forms", arguments: [[], ["--form-hooks"]])
    func receipts(_ arguments: [String]) async throws {
        let peer = try await GatewayPeer(.seven, ["--delay", "3600"] + arguments)
        let channel = try peer.channel(secret: Self.secret)
        let id = try #require(await channel.send(try GatewayPeer.message()).reference)
        for (state, status) in [
            ("DELIVERED", MessageStatus.delivered), ("NOTDELIVERED", .undeliverable), ("X", .submitted),
        ] {
            let call = try await peer.receipt(id, state: state, url: url)
            #expect(verify(.seven, call, secret: Self.secret).fingerprint != nil)
            let events = try channel.events(in: StoredHook(call))
            guard case .receipts(let all) = events.first, let news = all.first, events.count == 1 else {
                throw CancellationError()
            }
            #expect(news.reference.key == id && news.status == status && news.detail == state && !news.raw.isEmpty)
        }
        let inbound = try await peer.inbound("STOP & ü", from: "491771783130", url: url)
        guard case .inbound(let all) = try channel.events(in: StoredHook(inbound)).first, let sms = all.first else {
            throw CancellationError()
        }
        #expect(sms.sender == "+491771783130" && sms.text == "STOP & ü" && sms.recipient == "436761234567")
        #expect(!sms.providerMessageID.isEmpty)
    }

    @Test(
        "what is not of the documented form is unreadable",
        arguments: [
            "", "{", "[]", "12", #"{"webhook_event":"dlr"}"#, #"{"webhook_event":"dlr","data":{}}"#,
            #"{"webhook_event":"dlr","data":{"msg_id":"","status":"DELIVERED"}}"#,
            #"{"webhook_event":"dlr","data":{"msg_id":null,"status":"DELIVERED"}}"#,
            #"{"webhook_event":"dlr","data":{"msg_id":["1"],"status":"DELIVERED"}}"#,
            #"{"webhook_event":"dlr","data":{"msg_id":"1","status":null}}"#,
            #"{"data":{"msg_id":"1","status":"DELIVERED"}}"#,
            #"{"webhook_event":"sms_mo","data":{"id":"1","text":"x"}}"#, "msg_id=1", "msg_id=%&status=DELIVERED",
            "msg_id=1&status=DELIVERED&msg_id=2", "status=DELIVERED",
        ]
    )
    func unreadable(_ body: String) {
        for type in ["application/json", "application/x-www-form-urlencoded"] {
            let hook = StoredHook(contentType: type, body: Array(body.utf8), receivedAt: Date())
            #expect(throws: HookProblem.unreadable) { try Seven.events(hook) }
        }
    }

    @Test("the old form and events of other kinds")
    func others() throws {
        let old = HookRequest(
            method: "GET",
            url: url + "?msg_id=12&status=DELIVERED&timestamp=2020-01-09+15%3A41%3A30.656",
            headers: [:],
            body: [],
            receivedAt: Date()
        )
        guard case .receipts(let all) = try Seven.events(StoredHook(old)).first else { throw CancellationError() }
        #expect(all.first?.reference.key == "12" && all.first?.status == .delivered)
        let other = #"{"webhook_event":"voice_status","data":{"id":"1"}}"#
        let hook = StoredHook(contentType: "application/json", body: Array(other.utf8), receivedAt: Date())
        #expect(try Seven.events(hook).isEmpty)
    }
}

@Suite("Calls of websms", .timeLimit(.minutes(5))) struct WebsmsHookTests {
    @Test("a report settles the attempt that it names, unless that is known to be accepted")
    func reports() async throws {
        let peer = try await GatewayPeer(.websms, ["--delay", "3600"])
        let channel = try peer.channel()
        try await peer.order([[:], ["mode": "reset", "taken": "true"]])
        let known = try #require(await channel.send(try GatewayPeer.message(id: 1)).reference)
        #expect(await channel.send(try GatewayPeer.message(id: 2, attempt: 3)).kind == "unknown")
        _ = try await peer.next("send")
        let lost = try #require(await peer.next("send").id)
        let states: [(String, MessageStatus)] = [
            ("delivered", .delivered), ("undelivered", .undeliverable), ("expired", .expired),
            ("deleted", .undeliverable), ("accepted", .submitted), ("rejected", .rejectedByRecipient),
            ("whatever", .submitted),
        ]
        for (state, status) in states {
            let call = try await peer.receipt(known, state: state, url: url)
            guard case .genuine(_, let reply) = verify(.websms, call, secret: "t") else { throw CancellationError() }
            #expect(reply.body == #"{"statusCode":2000,"statusMessage":"OK"}"#)
            let events = try channel.events(in: StoredHook(call))
            guard case .receipts(let all) = events.first, events.count == 1 else { throw CancellationError() }
            #expect(all.first?.status == status && all.first?.reference.key == known && all.first?.detail == state)
        }
        let events = try channel.events(in: StoredHook(await peer.receipt(lost, state: "delivered", url: url)))
        let late = LateAnswer(
            message: Identifier(2),
            attempt: 3,
            outcome: .accepted(ProviderReference(raw: lost))
        )
        guard events.count == 2, events[0] == .lateAnswer(late), case .receipts = events[1] else {
            throw CancellationError()
        }
        let inbound = try await peer.inbound("STOP", from: "436641234500", url: url)
        guard case .inbound(let all) = try channel.events(in: StoredHook(inbound)).first else {
            throw CancellationError()
        }
        #expect(all.first?.sender == "+436641234500" && all.first?.text == "STOP")
        #expect(
            verify(.websms, inbound, secret: "t").fingerprint
                != verify(.websms, inbound.changed(body: []), secret: "t").fingerprint
        )
    }

    @Test(
        "what is not of the documented form is unreadable",
        arguments: [
            "", "[]", "{}", #"{"messageType":"deliveryReport"}"#,
            #"{"messageType":"deliveryReport","transferId":"","deliveryReportMessageStatus":"delivered"}"#,
            #"{"messageType":"deliveryReport","transferId":{"a":1},"deliveryReportMessageStatus":"delivered"}"#,
            #"{"messageType":"deliveryReport","transferId":"1","deliveryReportMessageStatus":1}"#,
            #"{"messageType":"text","textMessageContent":"x"}"#, "transferId=1",
        ]
    )
    func unreadable(_ body: String) {
        let hook = StoredHook(contentType: "application/json", body: Array(body.utf8), receivedAt: Date())
        #expect(throws: HookProblem.unreadable) { try Websms.events(hook) }
    }

    @Test("only a reference of ours names an attempt", arguments: ["07", "-1", "7-1", "7-x", "x", "7-", "7-02", ""])
    func references(_ text: String) throws {
        let body =
            #"{"messageType":"deliveryReport","transferId":"1","deliveryReportMessageStatus":"delivered","#
            + #""clientMessageId":"\#(text)"}"#
        let hook = StoredHook(contentType: "application/json", body: Array(body.utf8), receivedAt: Date())
        #expect(try Websms.events(hook).count == 1)
        #expect(!AttemptReference.matches(text, "7"))
    }
}

@Suite("Calls of Twilio", .timeLimit(.minutes(5))) struct TwilioHookTests {
    private static let form = "application/x-www-form-urlencoded"

    /// The example that Twilio's libraries test theirs with (twilio-python, `test_request_validator.py`), and that of its
    /// documentation.
    @Test(
        "the published examples are genuine",
        arguments: [
            ("+14158675309", "+14158675309", "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
            ("+12349013030", "+12349013030", "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
        ]
    )
    func vectors(_ caller: String, _ sender: String, _ signature: String) throws {
        let fields = FormFields([
            "Digits": "1234", "CallSid": "CA1234567890ABCDE", "To": "+18005551212", "Caller": caller, "From": sender,
        ])
        let request = HookRequest(
            method: "POST",
            url: "https://mycompany.com/myapp.php?foo=1&bar=2",
            headers: ["x-twilio-signature": signature, "content-type": Self.form],
            body: Array(fields.encoded.utf8),
            receivedAt: Date()
        )
        let print = try #require(verify(.twilio, request, secret: "12345").fingerprint)
        // With the port that goes without saying, as Twilio signs it at times.
        let port = request.changed(url: "https://mycompany.com:443/myapp.php?foo=1&bar=2")
        #expect(verify(.twilio, port, secret: "12345 other").fingerprint != nil)
        #expect(verify(.twilio, request, secret: "12345").fingerprint == print)
        for bad in [
            request.changed(url: "https://mycompany.com:8443/myapp.php?foo=1&bar=2"),
            request.changed(url: "http://mycompany.com/myapp.php?foo=1&bar=2"),
            request.changed(url: "https://mycompany.com/myapp.php?foo=1"),
            request.changed(headers: ["x-twilio-signature": nil]), request.changed(headers: ["x-twilio-signature": ""]),
            request.changed(headers: ["x-twilio-signature": "?"]),
            request.changed(body: request.body + Array("&Extra=1".utf8)), request.changed(body: []),
            request.changed(body: Array("a=%".utf8)), request.changed(headers: ["content-type": "text/plain"]),
        ] {
            let reason = try #require(verify(.twilio, bad, secret: "12345").reason)
            #expect(!reason.contains("12345"))
        }
        #expect(verify(.twilio, request, secret: "12346").reason != nil)
        #expect(verify(.twilio, request, secret: "").reason != nil)
    }

    @Test("a body that is no form is held by its hash in the address")
    func bodyHash() {
        // SHA-256 of "{}", and HMAC-SHA-1 of the address with "12345", by Python.
        let request = HookRequest(
            method: "POST",
            url:
                "https://mycompany.com/myapp.php?bodySHA256=44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
            headers: ["x-twilio-signature": "o2gteZKYJRF55Q94IGPhnAv7ysc=", "content-type": "application/json"],
            body: Array("{}".utf8),
            receivedAt: Date()
        )
        #expect(verify(.twilio, request, secret: "12345").fingerprint != nil)
        #expect(verify(.twilio, request.changed(body: Array("{ }".utf8)), secret: "12345").reason != nil)
    }

    @Test("receipts bring their reason and whom the message went to; replies come as they were written")
    func receipts() async throws {
        let peer = try await GatewayPeer(.twilio, ["--delay", "3600"])
        let channel = try peer.channel()
        let message = try GatewayPeer.message(from: "00436761234567")
        let id = try #require(await channel.send(message).reference)
        let states: [(String, MessageStatus, String)] = [
            ("delivered", .delivered, "delivered"), ("submitted", .submitted, "sent"),
            ("undeliverable", .undeliverable, "undelivered 30003"), ("expired", .expired, "failed 30036"),
            ("rejected", .rejectedByRecipient, "undelivered 30004"), ("what", .submitted, "what"),
        ]
        for (state, status, detail) in states {
            let call = try await peer.receipt(id, state: state, url: url + "#rc=3")
            guard case .genuine(_, let reply) = verify(.twilio, call, secret: GatewayPeer.key) else {
                throw CancellationError()
            }
            #expect(reply.body == "<Response></Response>" && reply.contentType.hasPrefix("text/xml"))
            guard case .receipts(let all) = try channel.events(in: StoredHook(call)).first, let news = all.first else {
                throw CancellationError()
            }
            #expect(news.status == status && news.detail == detail && news.reference.key == id)
            let evidence = try #require(news.evidence)
            #expect(evidence.recipient == "+436641234500" && evidence.sender == "00436761234567")
        }
        let inbound = try await peer.inbound("STOP + & ü", from: "+436641234500", url: url)
        #expect(verify(.twilio, inbound, secret: GatewayPeer.key).fingerprint != nil)
        guard case .inbound(let all) = try channel.events(in: StoredHook(inbound)).first else {
            throw CancellationError()
        }
        #expect(all.first?.text == "STOP + & ü" && all.first?.sender == "+436641234500")
        #expect(all.first?.providerMessageID.hasPrefix("SM") == true)
    }

    @Test(
        "what is not of the documented form is unreadable",
        arguments: [
            "", "{}", "MessageSid=SM1", "MessageStatus=delivered", "MessageSid=&MessageStatus=delivered",
            "MessageSid=SM%201&MessageStatus=delivered", "MessageSid=SM1&MessageStatus=%ZZ",
            "MessageSid=SM1&SmsStatus=received&From=%2B43664",
        ]
    )
    func unreadable(_ body: String) {
        let hook = StoredHook(contentType: Self.form, body: Array(body.utf8), receivedAt: Date())
        #expect(throws: HookProblem.unreadable) { try Twilio.events(hook) }
    }
}
