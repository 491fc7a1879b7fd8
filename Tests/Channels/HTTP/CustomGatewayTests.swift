import Domain
import Foundation
import Testing
import Transfer

@testable import Channels

@Suite("A gateway that is described by options", .timeLimit(.minutes(5))) struct CustomGatewayTests {
    @Test("Jasmin takes a message in either alphabet, and its receipts and replies are read")
    func jasmin() async throws {
        let peer = try await GatewayPeer(.http, ["--delay", "3600"])
        let channel = try peer.channel(callback: "https://vortag.example/hooks/sms/1/s")
        let outcome = await channel.send(try GatewayPeer.message("Termin & 10:30", validity: 7199))
        let line = try await peer.next("send")
        #expect(outcome.reference == line.id && outcome.price == Price(micros: 60_000, currency: "EUR"))
        #expect(line.to == "436641234500" && line.text == "Termin & 10:30" && line.validity == 119 * 60)
        #expect(line.sender == "Praxis" && line.callback == "https://vortag.example/hooks/sms/1/s")
        #expect(await channel.send(try GatewayPeer.message("Termin 😀")).kind == "accepted")
        #expect(try await peer.next("send").text == "Termin 😀")
        let id = try #require(line.id)
        let states: [(String, MessageStatus)] = [
            ("DELIVRD", .delivered), ("UNDELIV", .undeliverable), ("EXPIRED", .expired), ("DELETED", .undeliverable),
            ("REJECTD", .rejectedByRecipient), ("ENROUTE", .submitted), ("ACCEPTD", .submitted), ("", .submitted),
            ("ESME_ROK", .submitted), ("ESME_RINVDSTADR", .undeliverable), ("ESME_RSYSERR", .providerError),
        ]
        for (state, status) in states where !state.isEmpty {
            let call = try await peer.receipt(id, state: state, url: "https://vortag.example/hooks/sms/1/s")
            guard case .receipts(let all) = try channel.events(in: StoredHook(call)).first else {
                throw CancellationError()
            }
            #expect(all.first?.status == status && all.first?.reference.key == id, "\(state)")
        }
        let inbound = try await peer.inbound("STOP", from: "436641234500", url: "https://vortag.example/")
        guard case .inbound(let all) = try channel.events(in: StoredHook(inbound)).first else {
            throw CancellationError()
        }
        #expect(all.first?.sender == "+436641234500" && all.first?.text == "STOP")
        #expect(CustomGateway.reply(GatewayPeer.jasmin).body == "ACK/Jasmin")
    }

    @Test("every answer of Jasmin has its outcome")
    func answers() async throws {
        let peer = try await GatewayPeer(.http)
        let channel = try peer.channel(callback: "https://vortag.example/")
        let codes = [
            ("unauthorised", "account"), ("400", "provider_error"), ("balance", "account"), ("throughput", "throttled"),
            ("412", "provider_error"), ("unbound", "unreachable"), ("500", "provider_error"), ("503", "unreachable"),
        ]
        try await peer.order(codes.map { ["code": $0.0] })
        for (code, kind) in codes {
            #expect(await channel.send(try GatewayPeer.message()).kind == kind, "\(code)")
        }
    }

    /// - Parameter options: with a pattern of success added, where they say nothing of one.
    private static func gateway(_ options: [String: String], secret: String = "s\"e&c") throws -> GatewaySpec {
        let isJudged = !options.keys.filter { $0 == "ok-body" || $0.hasPrefix("id-") }.isEmpty
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .http,
            url: "https://gateway.example/api/",
            user: "u",
            options: isJudged ? options : options.merging(["ok-body": "^OK"]) { $1 }
        )
        return try CustomGateway.gateway(
            GatewayAccount(
                provider: provider,
                secret: secret,
                callback: "https://v.example/?a=b&c",
                reach: .anywhere
            )
        ).1
    }

    @Test("what fills a place is escaped as the place needs it")
    func escaping() throws {
        let message = try GatewayPeer.message("a\"b\\c&d<é\n", from: "00436761234567")
        let json = try Self.gateway([
            "path": "/send/{to-digits}?from={from-plus}&x={Y}",
            "body": #"{"t": "{text}", "u": {unicode}, "n": {segments}, "k": {"s": "{secret}"}, "r": "{reference}"}"#,
            "header.X-Kind": "{from-kind}/{coding}/{unicode-digit}", "auth": "basic",
        ]).submission(message)
        #expect(json.url == "https://gateway.example/api/send/436641234500?from=%2B436761234567&x={Y}")
        #expect(
            String(decoding: json.body, as: UTF8.self)
                == #"{"t": "a\"b\\c&d<é\n", "u": false, "n": 1, "k": {"s": "s\"e&c"}, "r": "7"}"#
        )
        #expect(json.headers["Content-Type"] == "application/json" && json.headers["X-Kind"] == "international/0/0")
        #expect(json.headers["Authorization"] == "Basic " + Data("u:s\"e&c".utf8).base64EncodedString())
        let form = try Self.gateway([
            "body": "to={to-00}&t={text}&cb={callback}&m={validity-minutes}", "auth": "bearer",
        ])
        .submission(message)
        #expect(
            String(decoding: form.body, as: UTF8.self)
                == "to=00436641234500&t=a%22b%5Cc%26d%3C%C3%A9%0A&cb=https%3A%2F%2Fv.example%2F%3Fa%3Db%26c&m=60"
        )
        #expect(form.headers["Authorization"] == "Bearer s\"e&c" && form.url == "https://gateway.example/api")
        let xml = try Self.gateway(["body": "<sms to='{to}'>{text}</sms>", "content-type": "text/xml"]).submission(
            message
        )
        #expect(String(decoding: xml.body, as: UTF8.self) == "<sms to='+436641234500'>a&quot;b\\c&amp;d&lt;é\n</sms>")
        let get = try Self.gateway(["method": "GET", "path": "?to={to}&h={text-hex}"]).submission(message)
        #expect(get.method == .get && get.body.isEmpty)
        let place = try Self.gateway(["body": "{to}: {text}"]).submission(GatewayPeer.message("{secret}"))
        #expect(String(decoding: place.body, as: UTF8.self) == "%2B436641234500: %7Bsecret%7D")
        #expect(get.url == "https://gateway.example/api?to=%2B436641234500&h=612262" + "1b2f63266" + "43c050a")
    }

    @Test("an answer is read by the options: id, price, codes, success")
    func reading() throws {
        let spec = try Self.gateway([
            "body": "{to}{text}", "id-path": "messages.0.id", "price-path": "messages.0.cost",
            "error-path": "error.code",
            "error.12": "undeliverable", "error.quota": "account", "ok": "200,202",
        ])
        let message = try GatewayPeer.message()
        let table: [(Int, String, String)] = [
            (202, #"{"messages":[{"id":"a-1","cost":0.05}]}"#, "accepted"),
            (200, #"{"messages":[{"id":5}]}"#, "accepted"),
            (201, #"{"messages":[{"id":"a-1"}]}"#, "unknown"), (200, #"{"messages":[]}"#, "unknown"),
            (200, #"{"messages":[{"id":""}]}"#, "unknown"), (200, "<html>", "unknown"), (200, "", "unknown"),
            (200, #"{"error":{"code":12}}"#, "undeliverable"), (400, #"{"error":{"code":"quota"}}"#, "account"),
            (400, #"{"error":{"code":"other"}}"#, "provider_error"), (403, "", "account"), (500, "", "unknown"),
        ]
        for (status, body, kind) in table {
            let outcome = spec.outcome(HTTPResponse(status: status, body: Array(body.utf8)), message)
            #expect(outcome.kind == kind, "\(status) \(body): \(outcome)")
        }
        let priced = spec.outcome(HTTPResponse(status: 202, body: Array(table[0].1.utf8)), message)
        #expect(priced.price == Price(micros: 50_000, currency: "EUR"))
        let header = try Self.gateway(["body": "{to}{text}", "id-header": "X-Message-Id"])
        #expect(header.outcome(HTTPResponse(status: 204, headers: ["x-message-id": "h1"]), message).reference == "h1")
        let none = try Self.gateway(["body": "{to}{text}{reference}"])
        #expect(none.outcome(HTTPResponse(status: 200, body: Array("OK".utf8)), message).reference == "7")
        #expect(none.outcome(HTTPResponse(status: 200, body: Array("<html>".utf8)), message).kind == "unknown")
        #expect(none.outcome(HTTPResponse(status: 200), message).kind == "unknown")
    }

    @Test("it can be asked where that is described")
    func polling() throws {
        let spec = try Self.gateway([
            "body": "{to}{text}", "poll-path": "/status/{id}?k={secret}", "poll-status-path": "status.name",
            "poll-price-path": "cost", "status.done": "delivered", "auth": "bearer",
        ])
        let inquiry = try #require(spec.inquiry)
        let sent = GatewayPeer.sent(try GatewayPeer.message(), id: "a/1")
        let request = try #require(inquiry.request(sent))
        #expect(request.url == "https://gateway.example/api/status/a%2F1?k=s%22e%26c" && request.method == .get)
        #expect(request.headers["Authorization"] == "Bearer s\"e&c")
        let body = Array(#"{"status":{"name":"DONE"},"cost":"0.04"}"#.utf8)
        let news = try #require(inquiry.news(HTTPResponse(status: 200, body: body), sent))
        #expect(news.status == .delivered && news.price?.micros == 40_000 && news.reference.key == "a/1")
        #expect(inquiry.news(HTTPResponse(status: 200, body: Array("{}".utf8)), sent) == nil)
        #expect(inquiry.request(GatewayPeer.sent(try GatewayPeer.message(), id: nil)) == nil)
    }

    @Test("several receipts may come at once, and words without an explanation are those of SMPP")
    func lists() throws {
        let spec = try Self.gateway([
            "body": "{to}{text}", "receipt-list-path": "reports", "receipt-id-path": "mid",
            "receipt-status-path": "state.code", "receipt-detail-path": "err", "id-path": "id",
        ])
        func events(_ body: String) throws -> [ChannelEvent] {
            try spec.events(StoredHook(contentType: "application/json", body: Array(body.utf8), receivedAt: Date()))
        }
        guard
            case .receipts(let all) = try events(
                #"{"reports":[{"mid":"1","state":{"code":"delivrd"}},{"mid":2,"state":{"code":"odd"},"err":"e1"}]}"#
            ).last
        else { throw CancellationError() }
        #expect(all.map(\.status) == [.delivered, .submitted] && all.map(\.detail) == ["delivrd", "odd e1"])
        #expect(all.map(\.reference.key) == ["1", "2"])
        for bad in ["", "{}", #"{"reports":[{"mid":"1"}]}"#, #"{"reports":[{"mid":"","state":{"code":"DELIVRD"}}]}"#] {
            #expect(throws: HookProblem.unreadable) { _ = try events(bad) }
        }
        #expect(try events(#"{"reports":[]}"#).isEmpty)
        guard
            case .receipts(let good) = try events(
                #"{"reports":[{"mid":""},{"mid":"","state":{"code":"x"}},{"mid":"3","state":{"code":"EXPIRED"}},7]}"#
            ).first
        else { throw CancellationError() }
        #expect(good.map(\.reference.key) == ["3"])
    }

    @Test("a receipt under our own reference tells that its attempt was taken")
    func ours() throws {
        let places = ["body": "{to}{text}{reference}", "receipt-id-path": "ref", "receipt-status-path": "state"]
        let hook = StoredHook(
            contentType: "application/json",
            body: Array(#"[{"ref":"7-2","state":"DELIVRD"},{"ref":"x","state":"DELIVRD"}]"#.utf8),
            receivedAt: Date()
        )
        let events = try Self.gateway(places.merging(["ok-body": "OK"]) { $1 }).events(hook)
        guard events.count == 2, case .lateAnswer(let late) = events[0], case .receipts(let all) = events[1] else {
            throw CancellationError()
        }
        #expect(late.message == Identifier(7) && late.attempt == 2 && late.outcome.reference == "7-2")
        #expect(all.map(\.reference.key) == ["7-2", "x"])
        #expect(try Self.gateway(places.merging(["id-path": "id"]) { $1 }).events(hook).count == 1)
    }

    @Test(
        "an option that makes no sense is named",
        arguments: [
            ("method", "PATCH"), ("path", "send"), ("path", "/a b"), ("body", "{tox}{text}"), ("body", "{text}"),
            ("body", "{to}"), ("auth", "digest"), ("ok", "2xx"), ("ok", "404"), ("ok-body", "("), ("id-regex", "id"),
            ("match.maybe", "x"), ("match.throttled", "["), ("error.1", "maybe"), ("status.X", "gone"),
            ("status.X", "bounced"), ("poll-path", "/s"), ("poll-path", "/s/{id}"),
            ("poll-path", "/s/{reference}"), ("poll-path", "/s/{id}/{reference}"), ("receipt-id-path", "id"),
            ("inbound-from-path", "from"), ("colour", "red"), ("status.", "delivered"), ("price", "-1"), ("price", "x"),
            ("currency", "EURO"), ("timeout", "21"), ("window", "0"), ("rate", "0"), ("ca-file", "/nowhere"),
        ]
    )
    func settings(_ name: String, _ value: String) {
        let problem = #expect(throws: ProviderProblem.self) {
            _ = try Self.gateway(["body": "{to}{text}"].merging([name: value]) { $1 })
        }
        #expect(problem?.description.hasPrefix("--option ") == true)
    }

    @Test("whoever describes neither an id nor a pattern of success is told to")
    func success() {
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .http,
            url: "https://gateway.example",
            options: ["body": "{to}{text}", "ok": "200"]
        )
        let account = GatewayAccount(provider: provider, secret: "", callback: nil, reach: .anywhere)
        let problem = #expect(throws: ProviderProblem.self) { _ = try CustomGateway.gateway(account) }
        #expect(problem?.field == "option.ok-body")
    }

    @Test("while the clock is set by hand, only this machine is reached; without TLS never another")
    func loopback() throws {
        let table: [(String, Bool, ProviderProblem?)] = [
            ("https://gateway.example", false, nil), ("http://127.0.0.1:1", true, nil), ("http://[::1]:1/a", true, nil),
            ("https://localhost", true, nil), ("https://gateway.example", true, .loopbackOnly),
            ("http://gateway.example", false, .tlsNeeded), ("http://localhost.example", false, .tlsNeeded),
            ("http://192.168.0.1", false, .tlsNeeded), ("https://192.168.0.1", true, .loopbackOnly),
        ]
        for (url, loopbackOnly, problem) in table {
            let provider = Provider(id: Identifier(1), practiceID: nil, name: "p", kind: .seven, url: url)
            let account = GatewayAccount(
                provider: provider,
                secret: "k",
                callback: nil,
                reach: loopbackOnly ? .loopbackOnly : .anywhere
            )
            do throws(ProviderProblem) {
                let (settings, _) = try Seven.gateway(account)
                #expect(problem == nil && settings.client.reach == (loopbackOnly ? .loopbackOnly : .anywhere), "\(url)")
            } catch {
                #expect(error == problem, "\(url)")
            }
        }
    }

    @Test(
        "an address that makes no sense is refused",
        arguments: [
            "", "gateway.example", "http://gateway.example", "ftp://127.0.0.1", "https://u:p@gateway.example",
            "https://gateway.example?x=1", "https://gateway.example#x", "https://", "https://gateway.example:0",
            "https://gateway.example:70000", "https://gateway.example/a b",
        ]
    )
    func addresses(_ url: String) throws {
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .http,
            url: url,
            options: ["body": "{to}{text}", "ok-body": "^OK"]
        )
        #expect(throws: ProviderProblem.self) {
            _ = try CustomGateway.gateway(
                GatewayAccount(provider: provider, secret: "", callback: nil, reach: .anywhere)
            )
        }
    }
}
