import Testing

@testable import Transfer

@Suite("Which addresses a client may talk to") struct ReachTests {
    @Test(
        "only public addresses are public",
        arguments: [
            ("8.8.8.8", true), ("172.32.0.1", true), ("172.15.255.255", true), ("100.63.0.1", true),
            ("2a00:1450::1", true), ("64:ff9b::808:808", true), ("::ffff:8.8.8.8", true), ("192.169.0.1", true),
            ("127.0.0.1", false), ("10.0.0.1", false), ("172.16.0.1", false), ("172.31.255.255", false),
            ("192.168.1.1", false), ("169.254.169.254", false), ("100.64.0.1", false), ("0.0.0.0", false),
            ("224.0.0.1", false), ("255.255.255.255", false), ("198.19.0.1", false), ("::1", false), ("::", false),
            ("fe80::1%eth0", false), ("fd00::1", false), ("ff02::1", false), ("::ffff:10.0.0.1", false),
            ("::ffff:127.0.0.1", false), ("64:ff9b::7f00:1", false), ("2002:0a00:0001::", false), ("", false),
            ("example.org", false), ("2001:db8::1", false), ("127.1", false),
        ]
    )
    func publicAddresses(_ address: String, _ isPublic: Bool) {
        #expect(Reach.publicOnly.allows(address) == isPublic)
        #expect(Reach.anywhere.allows(address))
    }

    @Test(
        "this machine is told by its addresses",
        arguments: [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true), ("128.0.0.1", false),
            ("::2", false), ("0.0.0.0", false), ("localhost", false), ("", false),
        ]
    )
    func loopback(_ address: String, _ isLoopback: Bool) {
        #expect(Reach.loopbackOnly.allows(address) == isLoopback)
    }
}
