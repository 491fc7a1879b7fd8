import TestPeers
import Testing

@testable import Transfer

@Suite struct NameServiceTests {
    private static func service(_ peer: TestPeer) -> NameService { NameService(server: "127.0.0.1", port: peer.port) }

    @Test func `places come by priority, then by weight, and one that is not offered is an empty name`() async throws {
        let peer = try await TestPeer(
            "small_dns.py",
            [
                "--srv", "_imaps._tcp.example.at,20,0,993,late.example.at",
                "--srv", "_imaps._tcp.example.at,10,1,994,light.example.at",
                "--srv", "_imaps._tcp.example.at,10,9,993,Heavy.Example.at", "--srv", "_imap._tcp.example.at,0,0,0,.",
            ]
        )
        let service = Self.service(peer)
        #expect(
            await service.places(of: "_imaps._tcp", in: "example.at") == [
                NameService.Place(host: "heavy.example.at", port: 993),
                NameService.Place(host: "light.example.at", port: 994),
                NameService.Place(host: "late.example.at", port: 993),
            ]
        )
        #expect(await service.places(of: "_imap._tcp", in: "example.at") == [NameService.Place(host: "", port: 0)])
        #expect(await service.places(of: "_submission._tcp", in: "example.at") == [])
    }

    @Test(arguments: ["", "large"])
    func `exchangers come by priority, also where the answer needs TCP`(odd: String) async throws {
        let peer = try await TestPeer(
            "small_dns.py",
            ["--mx", "example.at,20,b.example.org", "--mx", "example.at,10,a.example.org", "--odd", odd]
        )
        #expect(await Self.service(peer).mailExchangers(of: "example.at") == ["a.example.org", "b.example.org"])
    }

    @Test(arguments: ["garbage", "refused"])
    func `a server that makes no sense has told nothing`(odd: String) async throws {
        let peer = try await TestPeer("small_dns.py", ["--mx", "example.at,10,a.example.org", "--odd", odd])
        #expect(await Self.service(peer).mailExchangers(of: "example.at") == nil)
    }

    @Test(arguments: ["loop", "cut"])
    func `a record that cannot be read is none`(odd: String) async throws {
        let peer = try await TestPeer("small_dns.py", ["--mx", "example.at,10,a.example.org", "--odd", odd])
        #expect((await Self.service(peer).mailExchangers(of: "example.at") ?? []).isEmpty)
    }

    @Test func `silence ends in seconds`() async throws {
        let peer = try await TestPeer("small_dns.py", ["--odd", "silent"])
        let began = ContinuousClock.now
        #expect(await Self.service(peer).mailExchangers(of: "example.at") == nil)
        #expect(began.duration(to: .now) < .seconds(20))
    }

    @Test(arguments: [
        ("example.at", true), ("_imaps._tcp.ex-ample.at", true), ("xn--mller-kva.at", true), ("", false),
        ("a..at", false), ("example.at.", false), ("a b.at", false), ("a/b.at", false), ("m\u{fc}ller.at", false),
        (String(repeating: "a", count: 64) + ".at", false), (String(repeating: "abc.", count: 64) + "at", false),
    ])
    func `only host names are asked for and believed`(name: String, expected: Bool) {
        #expect(NameService.isHostName(name) == expected)
    }
}
