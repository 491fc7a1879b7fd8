import Testing

@testable import Web

struct ReturnPathTests {
    @Test(
        "Another host, or what a browser could read as one, is no way back",
        arguments: [
            "", "kalender", "//example.org", "/\\example.org", "\\\\example.org", "/\t/example.org", "/\n/example.org",
            "https://example.org", "javascript:alert(1)", " /kalender", "/k\u{E4}se", "/\"><script>", "/a b",
            "/" + String(repeating: "x", count: 500),
        ]
    )
    func foreign(text: String) { #expect(ReturnPath(text) == nil) }

    @Test(
        "A path of this server is kept, and notes what was saved",
        arguments: [
            ("/", "/?gespeichert=7"), ("/kalender?tag=2027-03-12", "/kalender?tag=2027-03-12&gespeichert=7"),
            ("/kalender?gespeichert=6&a=b", "/kalender?a=b&gespeichert=7"), ("/p?a#b", "/p?a&gespeichert=7#b"),
            ("/p#b//c", "/p?gespeichert=7#b//c"),
        ]
    )
    func own(text: String, noted: String) { #expect(ReturnPath(text)?.noting("gespeichert", "7") == noted) }
}
