import Testing

@testable import SMPP

@Suite("Long messages in parts")
struct MessagePartsTests {
    @Test(
        "one SM holds 160 septets or 140 octets",
        arguments: [
            (MessageContent.gsm(Array(repeating: 0x61, count: 160)), false),
            (.gsm(Array(repeating: 0x61, count: 161)), true),
            (.ucs2(Array(repeating: 0x04, count: 140)), false), (.ucs2(Array(repeating: 0x04, count: 142)), true),
        ]
    )
    func long(_ content: MessageContent, _ isLong: Bool) {
        #expect(MessageParts.isLong(content) == isLong)
    }

    @Test("each part has the header and as many octets as fit")
    func headers() throws {
        let octets = (0..<400).map { UInt8($0 % 26) + 0x61 }
        let parts = try #require(MessageParts.split(.gsm(octets), reference: 0xAB))
        #expect(parts.map(\.octets.count) == [159, 159, 6 + 400 - 306])
        #expect(parts.enumerated().allSatisfy { $1.octets.prefix(6) == [5, 0, 3, 0xAB, 3, UInt8($0 + 1)] })
        #expect(parts.flatMap { $0.octets.dropFirst(6) } == octets)
    }

    @Test("an escape and its letter stay together, and so do two surrogates")
    func pairs() throws {
        let euro: [UInt8] = Array(repeating: 0x61, count: 152) + [0x1B, 0x65] + Array(repeating: 0x61, count: 20)
        let parts = try #require(MessageParts.split(.gsm(euro), reference: 1))
        #expect(parts.map(\.octets.count) == [158, 6 + 22])
        #expect(parts[1].octets[6...7] == [0x1B, 0x65])
        let face: [UInt8] =
            Array(repeating: 0x04, count: 132) + [0xD8, 0x3D, 0xDE, 0x00] + Array(repeating: 0x04, count: 10)
        let wide = try #require(MessageParts.split(.ucs2(face), reference: 1))
        #expect(wide.map(\.octets.count) == [138, 6 + 14])
        #expect(wide[1].octets[6...9] == [0xD8, 0x3D, 0xDE, 0x00])
    }

    @Test("there are never more than 255")
    func tooMany() {
        #expect(MessageParts.split(.gsm(Array(repeating: 0x61, count: 255 * 153)), reference: 1)?.count == 255)
        #expect(MessageParts.split(.gsm(Array(repeating: 0x61, count: 255 * 153 + 1)), reference: 1) == nil)
    }
}
