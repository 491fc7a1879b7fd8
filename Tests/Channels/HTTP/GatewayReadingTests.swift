import Domain
import Foundation
import Testing
import Transfer

@testable import Channels

@Suite("What gateways send is read with care") struct GatewayReadingTests {
    @Test("JSON keeps what it is: texts, numbers and truth values apart")
    func json() throws {
        let body = #"{"a":[{"b":"x"},12,0.075,true,null,"1",1e3,12345678901234567890]}"#
        let json = try #require(JSON(Array(body.utf8)))
        #expect(json.at("a.0.b") == .string("x") && json.at("a.1") == .integer(12) && json.at("a.1")?.text == "12")
        #expect(json.at("a.2")?.text == "0.075" && json.at("a.3")?.text == nil && json.at("a.3")?.isTrue == true)
        #expect(json.at("a.4")?.text == nil && json.at("a.5")?.code == 1 && json.at("a.9") == nil)
        #expect(json.at("a.b") == nil && json.at("x") == nil && json.at("") == json && json.at("a.-1") == nil)
        #expect(json.at("a.6")?.code == 1000)
        #expect(json.at("a.7")?.code == nil)
    }

    @Test(
        "what is no JSON is nothing",
        arguments: [
            "", "{", "nul", "{\"a\":}", "\u{FEFF}x", "[1 2]", "[1,]", #"{"a":1,}"#, "01", "-",
            "1.", "1e", "+1", #""\ud83d""#, #""\ud83d\u0041""#, #""\ude00""#, #""\u+041""#, #""\x""#, "\"a\nb\"", "\"a",
            "1e999", "true1", "[]]", "{1:2}",
        ]
    )
    func noJSON(_ text: String) { #expect(JSON(Array(text.utf8)) == nil) }

    @Test("escapes, blanks and numbers are read as they are written")
    func spellings() throws {
        let name = #" { "a\u00e9\ud83d\ude00" : "\"\\\/\b\f\n\r\té" , "#
        let body = "\u{FEFF}" + name + "\"n\":[ -0.5e-1 , -7,1.0, 0 ],\"n\":1}\r\n"
        let json = try #require(JSON(Array(body.utf8)))
        #expect(json["aé😀"] == .string("\"\\/\u{8}\u{C}\n\r\té"))
        #expect(json["n"] == .array([.number(-0.05), .integer(-7), .integer(1), .integer(0)]))
        #expect(JSON(Array("9223372036854775807".utf8)) == .integer(.max))
        #expect(JSON([0x22, 0xFF, 0x22]) == nil && JSON(Array("\"\\u0000\"".utf8)) == .string("\0"))
    }

    @Test("nesting costs no time", .timeLimit(.minutes(1)))
    func nesting() throws {
        let nested = { (depth: Int, inner: String) in
            Array((String(repeating: "[", count: depth) + inner + String(repeating: "]", count: depth)).utf8)
        }
        #expect(JSON(nested(32, "")) != nil && JSON(nested(33, "")) == nil)
        #expect(JSON(Array("\"\(String(repeating: "[", count: 100))\"".utf8)) != nil)
        let elements = Array(repeating: "1.5,[]", count: 10_000).joined(separator: ",")
        let start = ContinuousClock.now
        #expect(JSON(nested(31, elements)) != nil && JSON(nested(500, elements)) == nil)
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test("deep nesting and octets that are no text end nothing")
    func hostile() {
        #expect(JSON(Array(String(repeating: "[", count: 100_000).utf8)) == nil)
        #expect(
            JSON(Array((String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).utf8)) == nil
        )
        #expect(JSON(Array(String(repeating: #"{"a":"#, count: 100_000).utf8)) == nil)
        #expect(FormFields([0xFF, 0xFE]) == nil && FormFields(Array("a=%ff".utf8)) == nil)
        #expect(FormFields(Array(String(repeating: "a=b&", count: 1000).utf8)) == nil)
    }

    @Test("a price in a number has no exponent")
    func smallNumbers() {
        #expect(Seven.price(.number(0.00005)) == Price(micros: 50, currency: "EUR"))
        #expect(Seven.price(.number(.infinity)) == nil && Seven.price(.number(1e30)) == nil)
    }

    @Test("forms are read as they are written")
    func forms() throws {
        let form = try #require(FormFields(Array("a=b+c%2B&d=%C3%A9&e&=f&a=2".utf8)))
        #expect(form["a"] == "b c+" && form["d"] == "é" && form["e"] == "" && form[""] == "f" && form["x"] == nil)
        #expect(FormFields(["a b": "é+&="]).encoded == "a%20b=%C3%A9%2B%26%3D")
    }

    @Test(
        "dates of HTTP and of e-mail",
        arguments: [
            ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Thu, 24 Aug 2023 05:01:45 +0000", 1_692_853_305),
            ("Thu, 24 Aug 2023 07:01:45 +0200", 1_692_853_305), ("Sunday, 06-Nov-94 08:49:37 GMT", nil),
            ("1994-11-06T08:49:37Z", nil), ("", nil), ("Sun, 99 Nov 1994 08:49:37 GMT", nil),
        ] as [(String, Double?)]
    )
    func dates(_ text: String, _ seconds: Double?) {
        #expect(InternetDate.parse(text)?.timeIntervalSince1970 == seconds)
    }

    @Test(
        "a pause is one of seconds or until a date, within limits",
        arguments: [
            ("5", 5), ("0", 1), ("-3", 1), ("100000", 600), ("nan", nil), ("soon", nil), ("", nil),
            ("Sun, 06 Nov 1994 08:50:37 GMT", 60), ("Sun, 06 Nov 1994 08:40:37 GMT", 1),
        ] as [(String, Double?)]
    )
    func pauses(_ text: String, _ seconds: Double?) {
        let headers = ["retry-after": text, "date": "Sun, 06 Nov 1994 08:49:37 GMT"]
        #expect(HTTPResponse(status: 429, headers: headers).retryAfter == seconds.map { .seconds($0) })
        #expect(HTTPResponse(status: 429, headers: ["retry-after": "Sun, 06 Nov 1994 08:50:37 GMT"]).retryAfter == nil)
    }

    @Test(
        "words of others get into a detail only where they can be nothing else",
        arguments: [
            ("DELIVRD", "DELIVRD"), ("err_12", "err_12"), ("436641234500", "?"), ("6641234", "?"), ("a b", "?"),
            ("", "?"), (String(repeating: "x", count: 41), "?"), ("ü", "?"),
        ]
    )
    func words(_ text: String, _ word: String) { #expect(GatewayID.word(text) == word) }

    @Test(
        "ids are of sane length and visible",
        arguments: ["", " ", "a b", "é", "a\n", String(repeating: "x", count: 129)]
    )
    func ids(_ text: String) { #expect(GatewayID.read(.string(text)) == nil) }

    @Test("the last ids are remembered, and no more")
    func memory() {
        var ids = AcceptedIDs()
        for number in 0...AcceptedIDs.limit { ids.add("id-\(number)", Identifier(Int64(number))) }
        #expect(ids.owner(of: "id-0") == nil && ids.owner(of: "id-1") == Identifier(1))
        #expect(ids.owner(of: "id-\(AcceptedIDs.limit)") == Identifier(Int64(AcceptedIDs.limit)))
    }

    @Test("a call without a body is kept as the form in its address")
    func hookOfAnAddress() {
        let request = HookRequest(
            method: "GET",
            url: "https://v/h?a=1&b=2#c",
            headers: [:],
            body: [],
            receivedAt: Date()
        )
        let hook = StoredHook(request)
        #expect(hook.body == Array("a=1&b=2".utf8) && hook.contentType == "application/x-www-form-urlencoded")
        let posted = HookRequest(
            method: "POST",
            url: "https://v/h?a=1",
            headers: ["content-type": "text/x"],
            body: [1],
            receivedAt: Date()
        )
        #expect(StoredHook(posted).body == [1] && StoredHook(posted).contentType == "text/x")
    }
}
