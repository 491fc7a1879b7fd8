import Domain
import Foundation
import Testing

@testable import Channels

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
        let print = try #require(verifyHook(.twilio, request, secret: "12345").fingerprint)
        // With the port that goes without saying, as Twilio signs it at times.
        let port = request.changed(url: "https://mycompany.com:443/myapp.php?foo=1&bar=2")
        #expect(verifyHook(.twilio, port, secret: "12345 other").fingerprint != nil)
        #expect(verifyHook(.twilio, request, secret: "12345").fingerprint == print)
        for bad in [
            request.changed(url: "https://mycompany.com:8443/myapp.php?foo=1&bar=2"),
            request.changed(url: "http://mycompany.com/myapp.php?foo=1&bar=2"),
            request.changed(url: "https://mycompany.com/myapp.php?foo=1"),
            request.changed(headers: ["x-twilio-signature": nil]), request.changed(headers: ["x-twilio-signature": ""]),
            request.changed(headers: ["x-twilio-signature": "?"]),
            request.changed(body: request.body + Array("&Extra=1".utf8)), request.changed(body: []),
            request.changed(body: Array("a=%".utf8)), request.changed(headers: ["content-type": "text/plain"]),
        ] {
            let reason = try #require(verifyHook(.twilio, bad, secret: "12345").reason)
            #expect(!reason.contains("12345"))
        }
        #expect(verifyHook(.twilio, request, secret: "12346").reason != nil)
        #expect(verifyHook(.twilio, request, secret: "").reason != nil)
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
        #expect(verifyHook(.twilio, request, secret: "12345").fingerprint != nil)
        #expect(verifyHook(.twilio, request.changed(body: Array("{ }".utf8)), secret: "12345").reason != nil)
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
            let call = try await peer.receipt(id, state: state, url: hookURL + "#rc=3")
            guard case .genuine(_, let reply) = verifyHook(.twilio, call, secret: GatewayPeer.key) else {
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
        let inbound = try await peer.inbound("STOP + & ü", from: "+436641234500", url: hookURL)
        #expect(verifyHook(.twilio, inbound, secret: GatewayPeer.key).fingerprint != nil)
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
