import Domain
import Foundation
import Logging
import Synchronization
import TestPeers
import Testing
import Transfer

@testable import Channels

/// Keeps every line that is logged, for tests that look for what must not stand there.
final class LogLines: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    func logger() -> Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }
}

/// A gateway of Tests/Peers/sms_gateways.py, and channels to it.
final class GatewayPeer: Sendable {
    /// One line of its output.
    struct Line: Decodable, Sendable {
        var event: String
        var id: String?
        var to: String?
        var sender: String?
        var text: String?
        var reference: String?
        var validity: Int?
        var callback: String?
        var what: String?
        var query: [String: String]?
    }

    static let account = "AC00000000000000000000000000000001"
    static let key = "key-of-the-test"
    static let signingKey = "signing-key-of-the-test"

    let kind: Provider.Kind
    let log = LogLines()
    private let peer: TestPeer
    private let client = HTTPClient()

    init(_ kind: Provider.Kind, _ arguments: [String] = []) async throws {
        self.kind = kind
        let name = kind == .http ? "jasmin" : kind.rawValue
        peer = try await TestPeer("sms_gateways.py", ["--provider", name] + arguments)
    }

    var address: String { peer.address }

    func provider(_ options: [String: String] = [:], user: String? = nil) -> Provider {
        Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: kind,
            url: address,
            user: user ?? (kind == .twilio || kind == .http ? Self.account : ""),
            options: kind == .http ? Self.jasmin.merging(options) { $1 } : options
        )
    }

    func channel(
        _ options: [String: String] = [:],
        user: String? = nil,
        secret: String = GatewayPeer.key,
        callback: String? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws -> HTTPChannel {
        let factory = ChannelFactory(
            logger: log.logger(),
            random: { 0 },
            loopbackOnly: true,
            practiceProviders: .anywhere,
            now: { Date() }
        )
        // Jasmin refuses an empty address for receipts.
        let callback = callback ?? (kind == .http ? "https://vortag.example/" : nil)
        return try factory.gateway(
            for: provider(options, user: user),
            secret: secret,
            callback: callback,
            now: now
        )
    }

    /// The next line of this kind; others are passed over.
    func next(_ event: String) async throws -> Line {
        while let text = await peer.next() {
            let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
            if line.event == event { return line }
            if line.event == "fault" { Issue.record("the gateway found fault: \(line.what ?? "")") }
        }
        throw CancellationError()
    }

    /// Orders the answers to the submissions to come: `["code": "900"]`, `["mode": "html"]`.
    func order(_ answers: [[String: String]]) async throws {
        let list = answers.map { answer in
            answer.map { name, value in
                "\"\(name)\": "
                    + (name == "status" || name == "taken" || name == "headers" ? value : "\"\(JSON.escaped(value))\"")
            }.joined(separator: ", ")
        }
        _ = try await control("answers", "[" + list.map { "{\($0)}" }.joined(separator: ", ") + "]")
    }

    func set(_ id: String, state: String) async throws {
        _ = try await control("state", #"{"id": "\#(id)", "state": "\#(state)"}"#)
    }

    /// The receipt that the gateway would send for a message.
    func receipt(_ id: String, state: String, url: String, at now: Double? = nil) async throws -> HookRequest {
        let time = now.map { #", "now": \#($0)"# } ?? ""
        return try await call("call", #"{"id": "\#(id)", "state": "\#(state)", "url": "\#(url)"\#(time)}"#, at: now)
    }

    func inbound(_ text: String, from sender: String, url: String, at now: Double? = nil) async throws -> HookRequest {
        let time = now.map { #", "now": \#($0)"# } ?? ""
        let order =
            #"{"sender": "\#(sender)", "recipient": "436761234567", "text": "\#(text)", "url": "\#(url)"\#(time)}"#
        return try await call("inbound", order, at: now)
    }

    private struct Call: Decodable {
        var url: String
        var method: String
        var headers: [String: String]
        var body: String
    }

    private func call(_ path: String, _ order: String, at now: Double?) async throws -> HookRequest {
        let call = try JSONDecoder().decode(Call.self, from: Data(try await control(path, order)))
        return HookRequest(
            method: call.method,
            url: call.url,
            headers: Dictionary(uniqueKeysWithValues: call.headers.map { ($0.lowercased(), $1) }),
            body: Array(call.body.utf8),
            receivedAt: Date(timeIntervalSince1970: now ?? Date().timeIntervalSince1970)
        )
    }

    private func control(_ path: String, _ body: String) async throws -> [UInt8] {
        let response = try await client.answer(
            to: HTTPRequest(.post, address + "/_control/" + path, body: Array(body.utf8))
        )
        try #require(response.status == 200)
        return response.body
    }

    static func message(
        _ text: String = "Terminerinnerung 12.03.2027, 10:30. ",
        to number: String = "+436641234500",
        from sender: String = "Praxis",
        id: Int64 = 7,
        attempt: Int = 1,
        validity: Int = 3600
    ) throws -> OutgoingSMS {
        OutgoingSMS(
            id: Identifier(id),
            attempt: attempt,
            composed: ComposedSMS(
                recipient: number,
                sender: try #require(SenderID(stored: sender)),
                text: text,
                encoding: SMSEncoding.of(text),
                validitySeconds: validity
            )
        )
    }

    /// The same message as it is asked for.
    static func sent(_ message: OutgoingSMS, id: String?, at start: Date = Date()) -> SentMessage {
        SentMessage(
            id: message.id,
            providerMessageID: id,
            recipient: message.recipient,
            text: message.text,
            startedAt: start
        )
    }

    /// Jasmin, as docs/providers/http.md describes it.
    static let jasmin = [
        "path": "/send",
        "body": "username={user}&password={secret}&to={to-digits}&from={from}&hex-content={text-hex}&coding={coding}"
            + "&validity-period={validity-minutes}&dlr=yes&dlr-level=3&dlr-method=POST&dlr-url={callback}",
        "ok-body": "^Success", "id-regex": #"^Success "([^"]+)""#,
        "match.throttled": "^403 .*throughput exceeded", "match.account": "^403 ",
        "match.unreachable": "^(503 |412 .*no bound connectors)", "match.failed": "^(400|412|500) ",
        "receipt-id-path": "id", "receipt-status-path": "message_status", "receipt-detail-path": "err",
        "status.DELIVRD": "delivered", "status.UNDELIV": "undeliverable", "status.DELETED": "undeliverable",
        "status.UNKNOWN": "undeliverable", "status.EXPIRED": "expired", "status.REJECTD": "rejected_by_recipient",
        "status.ESME_ROK": "submitted", "status.ESME_RINVDSTADR": "undeliverable", "status.ESME_*": "provider_error",
        "inbound-id-path": "id", "inbound-from-path": "from", "inbound-to-path": "to", "inbound-text-path": "content",
        "reply": "ACK/Jasmin", "currency": "EUR", "price": "0.06",
    ]
}

extension SendOutcome {
    var reference: String? { if case .accepted(let reference, _) = self { reference.raw } else { nil } }
    var price: Price? { if case .accepted(_, let price) = self { price } else { nil } }

    /// The case alone.
    var kind: String {
        switch self {
        case .accepted: "accepted"
        case .unreachable: "unreachable"
        case .throttled: "throttled"
        case .deferred: "deferred"
        case .limited: "limited"
        case .accountRefused: "account"
        case .refused(let status, _): status.rawValue
        case .unknown: "unknown"
        }
    }

    var told: String { detail }
}
