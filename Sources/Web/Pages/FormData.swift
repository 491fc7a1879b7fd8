import Foundation
import Hummingbird

/// The inputs of a form as they were sent, `application/x-www-form-urlencoded` (URL Standard §5.1), or of a query.
struct FormData: Hashable, Sendable {
    /// No form of the pages comes near this, in bytes.
    static let largest = 64 * 1_024

    private var values: [String: String] = [:]

    init() {}

    init(_ request: Request) async throws {
        var request = request
        let body = try await request.collectBody(upTo: Self.largest)
        self.init(encoded: String(buffer: body))
    }

    init(query request: Request) { self.init(encoded: request.uri.query ?? "") }

    init(encoded: String) {
        for pair in encoded.split(separator: "&") {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Self.decoded(sides[0])
            if values[name] == nil { values[name] = sides.count == 2 ? Self.decoded(sides[1]) : "" }
        }
    }

    /// The first input of the name; empty where there is none.
    subscript(_ name: String) -> String {
        get { values[name] ?? "" }
        set { values[name] = newValue }
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    /// Everything but the token, to be sent once more by a page that asks back.
    var resent: [(name: String, value: String)] {
        values.filter { $0.key != FormToken.field }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        let source = Array(text.utf8)
        var index = 0
        while index < source.count {
            let byte = source[index]
            if byte == UInt8(ascii: "%"), index + 2 < source.count,
                let high = hex(source[index + 1]), let low = hex(source[index + 2])
            {
                bytes.append(high << 4 | low)
                index += 3
                continue
            }
            bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            index += 1
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init)
    }
}

/// Text as it stands in the query of an address.
enum QueryText {
    static func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain =
                Character(Unicode.Scalar(byte)).isASCII && Character(Unicode.Scalar(byte)).isLetter
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            guard !isPlain else { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
