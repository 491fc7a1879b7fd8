import Testing

@testable import Transfer

@Suite struct IMAPReaderTests {
    /// What a reader makes of a text that comes in pieces of so many octets.
    private static func answers(_ text: String, piece: Int = 1000) throws -> [IMAPAnswer] {
        try answers(Array(text.utf8), piece: piece)
    }

    private static func answers(_ bytes: [UInt8], piece: Int = 1000) throws -> [IMAPAnswer] {
        var reader = IMAPReader()
        var answers: [IMAPAnswer] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            reader.add(Array(bytes[start..<min(start + piece, bytes.count)]))
            while let answer = try reader.next() { answers.append(answer) }
        }
        return answers
    }

    @Test(arguments: [
        (
            "* OK [UIDVALIDITY 7] ready\r\n",
            IMAPAnswer.status(tag: nil, .ok, code: ["UIDVALIDITY", "7"], text: "ready")
        ),
        ("V1 NO [trycreate] no {3}\r\n", .status(tag: "V1", .no, code: ["TRYCREATE"], text: "no {3}")),
        ("V1 BAD\r\n", .status(tag: "V1", .bad, code: [], text: "")),
        ("* BYE gone {2}\r\n", .status(tag: nil, .bye, code: [], text: "gone {2}")),
        ("+ \r\n", .goOn), ("+\r\n", .goOn), ("+ say it {5}\r\n", .goOn),
        ("* 12 EXISTS\r\n", .data(number: 12, name: "EXISTS", values: [])),
        ("* SEARCH\r\n", .data(number: nil, name: "SEARCH", values: [])),
        ("* search 4 17\r\n", .data(number: nil, name: "SEARCH", values: [.atom("4"), .atom("17")])),
        (
            "* LIST (\\HasNoChildren \\Sent) \"/\" \"a \\\"b\\\" \\\\\"\r\n",
            .data(
                number: nil,
                name: "LIST",
                values: [
                    .list([.atom("\\HasNoChildren"), .atom("\\Sent")]), .string([0x2F]),
                    .string(Array("a \"b\" \\".utf8)),
                ]
            )
        ),
        (
            "* LIST () nil {4}\r\nA\r\nB\r\n",
            .data(number: nil, name: "LIST", values: [.list([]), .null, .string([0x41, 0x0D, 0x0A, 0x42])])
        ),
        (
            "* 3 FETCH (UID 9 BODY[HEADER.FIELDS (FROM \"TO\")]<0> {2}\r\n)) FLAGS ())\r\n",
            .data(
                number: 3,
                name: "FETCH",
                values: [
                    .list([
                        .atom("UID"), .atom("9"), .atom("BODY[HEADER.FIELDS (FROM \"TO\")]<0>"),
                        .string(Array("))".utf8)), .atom("FLAGS"), .list([]),
                    ])
                ]
            )
        ),
    ])
    func `each form of answer is read, however it is cut`(text: String, expected: IMAPAnswer) throws {
        for piece in [1, 2, 3, 7, 1000] {
            #expect(try Self.answers(text + text, piece: piece) == [expected, expected])
        }
    }

    @Test(arguments: [
        "* OK\n", "\r\n", "* \r\n", "* LIST (\r\n", "* LIST )\r\n", "* LIST \"a\r\n", "* LIST \"a\\b\"\r\n",
        "* 1 FETCH (BODY[TEXT {1}\r\nx)\r\n", "* LIST {2\r\n", "V1 SEARCH 1\r\n", "HTTP/1.1 200 OK\r\n",
        "* LIST \u{0}\r\n", "* LIST \(String(repeating: "(", count: 17))\r\n",
        "* \(String(repeating: "x", count: 65))\r\n",
    ])
    func `what is no IMAP is refused`(text: String) {
        #expect(throws: IMAPFault.malformed) { try Self.answers(text) }
    }

    @Test(arguments: ["* LIST {262145}\r\n", "* LIST {99999999999}\r\n", "* LIST {262145+}\r\n"])
    func `a literal that is too large is refused before it comes`(text: String) {
        #expect(throws: IMAPFault.tooLarge) { try Self.answers(text) }
    }

    @Test func `a line without an end is given up`() {
        #expect(throws: IMAPFault.tooLarge) {
            try Self.answers([UInt8](repeating: 0x41, count: 1_100_000), piece: 16_384)
        }
    }

    @Test func `many literals together are too large`() {
        let one = Array("{262144}\r\n".utf8) + [UInt8](repeating: 0x41, count: 262_144) + [0x20]
        #expect(throws: IMAPFault.tooLarge) {
            try Self.answers(Array("* LIST ".utf8) + one + one + one + one + [0x0D, 0x0A], piece: 16_384)
        }
    }

    @Test func `a literal of the largest size is taken`() throws {
        let text = Array("* LIST {262144}\r\n".utf8) + [UInt8](repeating: 0x0A, count: 262_144) + [0x0D, 0x0A]
        let answers = try Self.answers(text, piece: 16_384)
        let expected = IMAPValue.string([UInt8](repeating: 0x0A, count: 262_144))
        #expect(answers == [.data(number: nil, name: "LIST", values: [expected])])
    }
}
