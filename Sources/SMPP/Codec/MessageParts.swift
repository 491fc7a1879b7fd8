/// A long message cut into parts that a phone puts together again (3GPP TS 23.040 §9.2.3.24.1).
public enum MessageParts {
    /// The most octets of one SM: 160 septets, here one an octet, or 140 octets of UCS-2.
    static let single = (gsm: 160, ucs2: 140)
    /// The same less the header: 153 septets, or 67 UTF-16 units.
    static let part = (gsm: 153, ucs2: 134)
    static let maximumParts = 255

    /// Whether the content is more than one SM can hold.
    public static func isLong(_ content: MessageContent) -> Bool {
        switch content {
        case .gsm(let octets): octets.count > single.gsm
        case .ucs2(let octets): octets.count > single.ucs2
        }
    }

    /// Each part with its header, in order; nil where there would be more than 255. No part ends within an escape
    /// sequence of the GSM alphabet or within a surrogate pair.
    ///
    /// - Parameter reference: the same for all parts, and for each attempt of one message: a phone that got a part twice
    ///   still makes one message of it.
    public static func split(_ content: MessageContent, reference: UInt8) -> [MessageContent]? {
        let octets = content.octets
        var cuts: [Range<Int>] = []
        var start = 0
        while start < octets.count {
            let end = cut(octets, from: start, isGSM: content.dataCoding == 0)
            cuts.append(start..<end)
            start = end
        }
        guard let total = UInt8(exactly: cuts.count) else { return nil }
        return cuts.enumerated().map { index, range in
            // Length of the header, element 00 (concatenated, 8-bit reference), its length, and its three octets.
            let part = [0x05, 0x00, 0x03, reference, total, UInt8(index + 1)] + octets[range]
            return content.dataCoding == 0 ? .gsm(part) : .ucs2(part)
        }
    }

    private static func cut(_ octets: [UInt8], from start: Int, isGSM: Bool) -> Int {
        let end = start + (isGSM ? part.gsm : part.ucs2)
        guard end < octets.count else { return octets.count }
        if isGSM { return octets[end - 1] == 0x1B ? end - 1 : end }
        // A high surrogate, D800 to DBFF, belongs to what follows it.
        return octets[end - 2] & 0xFC == 0xD8 ? end - 2 : end
    }
}
