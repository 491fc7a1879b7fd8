import Foundation
import TestPeers
import Testing

@testable import Transfer

@Suite("An HTTP client", .timeLimit(.minutes(5))) struct HTTPClientTests {
    private static func client(_ change: (inout HTTPClient.Configuration) -> Void = { _ in }) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        // A busy machine may take its time; the tests of the limits set their own.
        configuration.connectTimeout = .seconds(60)
        configuration.timeout = .seconds(60)
        configuration.longestIdle = 60
        change(&configuration)
        return HTTPClient(configuration)
    }

    private static func failure(
        _ client: HTTPClient,
        _ request: HTTPRequest
    ) async throws -> HTTPFailure {
        do throws(HTTPFailure) {
            let response = try await client.answer(to: request)
            throw HTTPFailure(.other, .answered(status: response.status), code: -1)
        } catch { return error }
    }

    private struct Echo: Decodable {
        var connection: Int
        var method: String
        var headers: [String: String]
        var body: String
    }

    @Test("a request arrives as it is, and connections are kept")
    func echo() async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client()
        for number in 1...3 {
            let request = HTTPRequest(
                .post,
                peer.address + "/echo?q=1",
                headers: ["X-Key": "k \(number)", "Content-Type": "text/plain", "X-Empty": ""],
                body: Array("Grüße\u{0}!".utf8)
            )
            let response = try await client.answer(to: request)
            #expect(response.status == 200 && response.headers["content-type"] == "application/json")
            let echo = try JSONDecoder().decode(Echo.self, from: Data(response.body))
            #expect(echo.method == "POST" && echo.body == "Grüße\u{0}!" && echo.connection == 1)
            #expect(echo.headers["x-key"] == "k \(number)" && echo.headers["x-empty"] == "")
            #expect(echo.headers["user-agent"] == "Vortag" && echo.headers["expect"] == nil)
        }
        let plain = try await client.answer(to: HTTPRequest(.get, peer.address + "/echo"))
        let echo = try JSONDecoder().decode(Echo.self, from: Data(plain.body))
        #expect(echo.method == "GET" && echo.body.isEmpty && echo.headers["content-length"] == nil)
    }

    @Test("requests at the same time do not wait for each other")
    func sideBySide() async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client()
        let hanging = Task { try await Self.failure(client, HTTPRequest(.get, peer.address + "/hang")) }
        await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<20 {
                group.addTask { try? await client.answer(to: HTTPRequest(.get, peer.address + "/empty")).status }
            }
            for await status in group { #expect(status == 200) }
        }
        hanging.cancel()
        #expect(try await hanging.value.cause == .cancelled)
    }

    @Test("every status is an answer, a redirect too", arguments: [201, 204, 301, 302, 400, 401, 429, 500, 503])
    func statuses(_ status: Int) async throws {
        let peer = try await TestPeer("odd_http.py")
        let path = status == 302 ? "/redirect" : "/status/\(status)"
        let response = try await Self.client().answer(to: HTTPRequest(.post, peer.address + path))
        #expect(response.status == status)
    }

    @Test("headers are those of the last answer, and repeated ones stand together")
    func headers() async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client()
        let late = try await client.answer(to: HTTPRequest(.get, peer.address + "/interim"))
        #expect(late.status == 200 && late.body == Array("late".utf8) && late.headers["x-early"] == nil)
        let twice = try await client.answer(to: HTTPRequest(.get, peer.address + "/twice"))
        #expect(twice.headers["x-word"] == "one, two")
    }

    @Test(
        "what goes wrong after bytes left is unknown, or answered where a status came",
        arguments: [
            ("/reset", .connectionLost, .unknown), ("/hang", .timeOut, .unknown), ("/garbage", .notHTTP, .unknown),
            ("/half", .connectionLost, .answered(status: 201)), ("/trickle", .timeOut, .answered(status: 200)),
            ("/big", .tooLarge, .answered(status: 200)), ("/long-header", .tooLarge, .answered(status: 200)),
        ] as [(String, HTTPFailure.Cause, HTTPFailure.Progress)]
    )
    func trouble(_ path: String, _ cause: HTTPFailure.Cause, _ progress: HTTPFailure.Progress) async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client { $0.timeout = path == "/hang" || path == "/trickle" ? .seconds(2) : .seconds(60) }
        let failure = try await Self.failure(client, HTTPRequest(.post, peer.address + path, body: [1]))
        #expect(failure.cause == cause && failure.progress == progress, "\(failure)")
    }

    @Test(
        "a request on a kept connection that is closed on it is not sent again",
        arguments: [.get, .post] as [HTTPRequest.Method]
    )
    func noRepeat(_ method: HTTPRequest.Method) async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client()
        let request = HTTPRequest(method, peer.address + "/kept-reset", body: method == .get ? [] : [1])
        #expect(try await client.answer(to: request).status == 200)
        let failure = try await Self.failure(client, request)
        #expect(failure.cause == .connectionLost && failure.progress == .unknown)
        _ = try await client.answer(to: HTTPRequest(.get, peer.address + "/echo"))
        var paths: [String] = []
        while paths.last != "/echo", let line = await peer.next() {
            paths.append(line.contains("/kept-reset") ? "/kept-reset" : "/echo")
        }
        #expect(paths == ["/kept-reset", "/kept-reset", "/echo"])
    }

    @Test(
        "what goes wrong before is surely not sent",
        arguments: [
            ("http://127.0.0.1:1/", .connect), ("https://no-such-name.invalid/", .name),
            ("http://192.0.2.1/", .invalidRequest), ("http://example.invalid/", .invalidRequest),
            ("ftp://127.0.0.1/", .invalidRequest), ("file:///etc/passwd", .invalidRequest), ("", .invalidRequest),
            ("http://user:word@127.0.0.1/", .invalidRequest), ("http://127.0.0.1/a b", .invalidRequest),
            ("http://127.0.0.1/\r\nX: y", .invalidRequest),
        ] as [(String, HTTPFailure.Cause)]
    )
    func notSent(_ url: String, _ cause: HTTPFailure.Cause) async throws {
        let failure = try await Self.failure(Self.client(), HTTPRequest(.post, url, body: [1]))
        #expect(failure.cause == cause && failure.progress == .notSent, "\(failure)")
    }

    @Test("a header that would begin a line of its own is refused")
    func headerInjection() async throws {
        for headers in [["X": "a\r\nY: b"], ["X\r\nY": "b"], ["": "b"], ["X:": "b"], ["X": "a\u{0}"]] {
            let request = HTTPRequest(.get, "http://127.0.0.1:1/", headers: headers)
            #expect(try await Self.failure(Self.client(), request).cause == .invalidRequest)
        }
    }

    @Test("a certificate is trusted only where its file is given, and nobody else's address is this machine's")
    func certificates() async throws {
        let peer = try await TestPeer("odd_http.py", ["--tls"])
        let line = try #require(await peer.next())
        let certificates = String(try #require(line.split(separator: " ").last))
        let request = HTTPRequest(.get, "https://127.0.0.1:\(peer.port)/echo")
        let untrusted = try await Self.failure(Self.client(), request)
        #expect(untrusted.cause == .tls && untrusted.progress == .notSent)
        #expect(try await Self.client { $0.certificates = certificates }.answer(to: request).status == 200)
        let refused = try await Self.failure(
            Self.client {
                $0.certificates = certificates
                $0.reach = .publicOnly
            },
            request
        )
        #expect(refused.cause == .refusedAddress && refused.progress == .notSent)
        // Without TLS, where only this machine may be spoken to, nobody is left.
        let plain = HTTPRequest(.get, "http://127.0.0.1:\(peer.port)/echo")
        #expect(try await Self.failure(Self.client { $0.reach = .publicOnly }, plain).cause == .refusedAddress)
        // The certificate is for the address, not for the name.
        let other = HTTPRequest(.get, "https://localhost:\(peer.port)/echo")
        #expect(try await Self.failure(Self.client { $0.certificates = certificates }, other).cause == .tls)
        let missing = Self.client { $0.certificates = "/nowhere/ca.pem" }
        #expect(try await Self.failure(missing, request).progress == .notSent)
    }

    @Test("a cancelled task gives up: before anything left, and after")
    func cancellation() async throws {
        let peer = try await TestPeer("odd_http.py")
        let client = Self.client()
        let early = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await Self.failure(client, HTTPRequest(.post, peer.address + "/echo"))
        }
        #expect(try await early.value == HTTPFailure(.cancelled, .notSent))
        let late = Task { try await Self.failure(client, HTTPRequest(.post, peer.address + "/hang")) }
        #expect(await peer.next()?.contains("/hang") == true)
        late.cancel()
        #expect(try await late.value == HTTPFailure(.cancelled, .unknown))
    }

    @Test("neither requests, answers nor failures show what they carry")
    func secrets() async throws {
        let request = HTTPRequest(
            .post,
            "https://x.invalid/secret",
            headers: ["K": "secret"],
            body: Array("secret".utf8)
        )
        let response = HTTPResponse(status: 200, headers: ["k": "secret"], body: Array("secret".utf8))
        let failure = try await Self.failure(Self.client(), request)
        for shown in ["\(request)\(response)\(failure)", String(reflecting: (request, response, failure))] {
            #expect(!shown.contains("secret") && !shown.contains("invalid/"))
        }
    }
}
