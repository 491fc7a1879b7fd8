import Domain
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

    @Test func `The offer to take something back is made once, and is no part of the way back`() throws {
        let path = try #require(ReturnPath("/kalender?ansicht=tag&rueckgaengig=3&tag=2027-03-03"))
        #expect(path.withoutOffer == "/kalender?ansicht=tag&tag=2027-03-03")
        #expect(path.offering(Appointment.ID(9)) == "/kalender?ansicht=tag&tag=2027-03-03&rueckgaengig=9")
        #expect(try #require(ReturnPath("/?rueckgaengig=3")).withoutOffer == "/")
        #expect(try #require(ReturnPath("/termine/4")).offering(Appointment.ID(4)) == "/termine/4?rueckgaengig=4")
    }
}
