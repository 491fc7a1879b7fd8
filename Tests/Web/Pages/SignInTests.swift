import Foundation
import Hummingbird
import Testing

@testable import Web

@Suite("Guessing at the door")
struct SignInTests {
    private typealias Count = SignInBrake.Count
    private let now = Date(timeIntervalSince1970: 1_803_891_600)

    private func waits(_ brake: SignInBrake, _ counts: [Count], _ times: Int, at now: Date) async -> [Double] {
        var waits: [Double] = []
        for _ in 0..<times { waits.append(await brake.enter(counts, now: now)) }
        return waits
    }

    @Test("Five tries are free, then each must wait twice as long")
    func doubling() async {
        let brake = SignInBrake()
        let counts = Count.all("a@example.org", "192.0.2.1")
        #expect(await waits(brake, counts, 7, at: now) == [0, 0, 0, 0, 0, 8, 8])
        #expect(await brake.enter(counts, now: now + 8) == 0)
        #expect(await brake.enter(counts, now: now + 8) == 16)
        #expect(await brake.enter(Count.all("b@example.org", "192.0.2.1"), now: now + 8) == 0)
        #expect(await brake.enter(Count.all("a@example.org", "192.0.2.9"), now: now + 8) == 0)
    }

    @Test("Tries at the same moment are counted before any is looked at")
    func parallel() async {
        let brake = SignInBrake()
        let counts = Count.all("a@example.org", nil)
        let entered = await withTaskGroup(of: Double.self) { group in
            for _ in 0..<100 { group.addTask { await brake.enter(counts, now: now) } }
            return await group.reduce(into: 0) { $0 += $1 == 0 ? 1 : 0 }
        }
        #expect(entered == 5)
    }

    @Test("A right one forgets the wrong ones before it")
    func success() async {
        let brake = SignInBrake()
        let counts = Count.all("a@example.org", "192.0.2.1")
        _ = await waits(brake, counts, 5, at: now)
        await brake.succeeded(counts)
        #expect(await waits(brake, counts, 5, at: now) == [0, 0, 0, 0, 0])
    }

    @Test("One address has twenty tries over all e-mail addresses, and gets one back each half minute")
    func address() async {
        let brake = SignInBrake()
        for number in 0..<20 {
            #expect(await brake.enter(Count.all("\(number)@example.org", "192.0.2.1"), now: now) == 0)
        }
        #expect(await brake.enter(Count.all("z@example.org", "192.0.2.1"), now: now) == 8)
        #expect(await brake.enter(Count.all("z@example.org", "192.0.2.2"), now: now) == 0)
        #expect(await brake.enter(Count.all("y@example.org", "192.0.2.1"), now: now + 30) == 0)
    }

    @Test("One account has fifty tries from wherever, fewer than the hundred that NIST allows")
    func account() async {
        let brake = SignInBrake()
        for number in 0..<50 {
            #expect(await brake.enter(Count.all("a@example.org", "192.0.2.\(number)"), now: now) == 0)
        }
        #expect(await brake.enter(Count.all("a@example.org", "198.51.100.1"), now: now) == 8)
        #expect(await brake.enter(Count.all("b@example.org", "198.51.100.1"), now: now) == 0)
    }

    @Test("What is remembered is bounded")
    func bounded() async {
        let brake = SignInBrake(capacity: 40)
        for number in 0..<500 {
            _ = await brake.enter([.pair("\(number)", nil)], now: now + Double(number))
        }
        #expect(await brake.enter([.pair("499", nil)], now: now + 500) == 0)
        #expect(await brake.size <= 40)
    }

    @Test("Made-up names push out nobody who is being guessed")
    func crowded() async {
        let brake = SignInBrake(capacity: 40)
        let guessed = [Count.account("a@example.org")]
        for _ in 0..<50 { _ = await brake.enter(guessed, now: now) }
        for number in 0..<500 { _ = await brake.enter([.pair("\(number)", nil)], now: now + 1) }
        #expect(await brake.enter(guessed, now: now + 1) > 0)
        #expect(await brake.size <= 40)
    }

    @Test("Who guesses words on and on is held however many guess beside")
    func crowdedWords() async {
        let brake = WordBrake(free: 3, capacity: 10)
        for _ in 0..<3 { await brake.missed("guesser", now: now) }
        for number in 0..<100 { await brake.missed("\(number)", now: now + 1) }
        #expect(await brake.isHeld("guesser", now: now + 1))
        #expect(await brake.size <= 10)
        for _ in 0..<3 { await brake.missed("late", now: now + 2) }
        #expect(await brake.isHeld("late", now: now + 2))
    }

    @Test(
        "A form without a token is foreign where the browser, or else its origin, says so",
        arguments: [
            (["Sec-Fetch-Site": "cross-site"], true), (["Sec-Fetch-Site": "same-site"], true),
            (["Sec-Fetch-Site": "same-origin", "Origin": "null"], false), (["Sec-Fetch-Site": "none"], false),
            ([:], false),
            (["Origin": "https://vortag.example.org"], false), (["Origin": "https://VORTAG.example.org:443"], false),
            (["Origin": "http://127.0.0.1:8080"], false), (["Origin": "http://127.0.0.1:8081"], true),
            (["Origin": "https://example.org"], true), (["Origin": "null"], true),
        ] as [([String: String], Bool)]
    )
    func foreign(headers: [String: String], isForeign: Bool) {
        var fields = HTTPFields()
        for (name, value) in headers { HeaderName(name).map { fields[$0] = value } }
        let head = HTTPRequest(
            method: .post,
            scheme: "http",
            authority: "127.0.0.1:8080",
            path: "/anmelden",
            headerFields: fields
        )
        let request = Request(head: head, body: .init(buffer: ByteBuffer()))
        #expect(FormOrigin.isForeign(request, publicURL: "https://vortag.example.org") == isForeign)
    }

    @Test(
        "A browser is told in two words",
        arguments: [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge · Windows"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
                "Safari · iPhone"
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36",
                "Chrome · Android"
            ),
            ("python-requests/2.34", ""),
        ]
    )
    func browsers(agent: String, name: String) { #expect(BrowserName.of(agent) == name) }

    @Test(
        "Of IPv6 the network counts, of IPv4 the address",
        arguments: [
            ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:a:b:c:d", "20:1:d:b8:0:1:0:2"),
            ("2001:db8:1:2::1", "20:1:d:b8:0:1:0:2"), ("::ffff:192.0.2.7", "::ffff:192.0.2.7"), ("rubbish", "rubbish"),
        ]
    )
    func networks(address: String, network: String) { #expect(ClientAddress.network(address) == network) }

    @Test("A QR code has its quiet zone, and its three corners")
    func picture() throws {
        let picture = try #require(QRPicture("otpauth://totp/Vortag:a%40example.org?secret=ABC"))
        let width = try #require(picture.viewBox.split(separator: " ").last.flatMap { Int($0) })
        #expect(picture.viewBox == "0 0 \(width) \(width)" && (width - 8 - 17) % 4 == 0)
        #expect(picture.path.hasPrefix("M4 4h7v1h-7z"))
        #expect(QRPicture(String(repeating: "x", count: 4_000)) == nil)
    }
}
