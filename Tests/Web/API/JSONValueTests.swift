import Foundation
import Testing

@testable import Web

/// JSON texts, RFC 8259.
struct JSONValueTests {
    private func text(_ value: JSONValue) -> String { String(decoding: value.bytes, as: UTF8.self) }

    @Test func `Members keep the order in which they were written, and nothing stands between them`() {
        let value: JSONValue = ["z": 1, "a": [true, .null, "x"], "m": [:]]
        #expect(text(value) == #"{"z":1,"a":[true,null,"x"],"m":{}}"#)
    }

    @Test(arguments: [
        ("a\"b\\c", #""a\"b\\c""#), ("1\n2\r\t", #""1\n2\r\t""#), ("\u{1}\u{1F}", #""\u0001\u001f""#),
        ("Gr\u{FC}\u{DF}e \u{1F600}", "\"Gr\u{FC}\u{DF}e \u{1F600}\""), ("", #""""#),
    ])
    func `A text is quoted so that every parser reads it back`(value: String, expected: String) throws {
        #expect(text(.string(value)) == expected)
        #expect(try JSONValue(parsing: JSONValue.string(value).bytes) == .string(value))
    }

    @Test func `What was written is what is read`() throws {
        let value: JSONValue = ["a": [1, .number(2.5), "x", true, false, .null, ["b": []]]]
        #expect(try JSONValue(parsing: value.bytes) == value)
    }

    @Test(arguments: ["", "{", "{\"a\":}", "nul", "{\"a\":1,}x", "[1 2]"])
    func `What is no JSON is refused`(text: String) {
        #expect(throws: (any Error).self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func `A number is never taken for true`() throws {
        #expect(try JSONValue(parsing: Array("[1,0,true]".utf8)) == [1, 0, true])
    }

    @Test(arguments: [
        (String(repeating: "[", count: 8) + String(repeating: "]", count: 8), true),
        (String(repeating: "[", count: 9) + String(repeating: "]", count: 9), false),
        (String(repeating: "[", count: 4_000) + "1" + String(repeating: "]", count: 4_000), false),
        (#"{"a":"[[[[[[[[[[\"[[[[[[[[[["}"#, true),
    ])
    func `What is nested too deeply is refused before it is read`(text: String, isRead: Bool) {
        #expect((try? JSONValue(parsing: Array(text.utf8)) != .null) == (isRead ? true : nil))
    }
}
