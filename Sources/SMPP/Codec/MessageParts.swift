/// A long message cut into parts that a phone puts together again (3GPP TS 23.040 §9.2.3.24.1).
public enum MessageParts {
    /// What one SM holds: 160 septets, or 140 octets of UCS-2.
    static let single = (septets: 160, ucs2: 140)
    /// The same less the header: 153 septets, or 67 UTF-16 units.
    static let part = (septets: 153, ucs2: 134)
    static let maximumParts = 255

    /// Whether the content is more than one SM can hold.
    public static func isLong(_ content: MessageContent) -> Bool {
        switch content {
        case .gsm(let octets): octets.count > single.septets
        case .latin1(let octets): octets.reduce(0) { $0 + septets(ofLatin1: $1) } > single.septets
        case .ucs2(let octets): octets.count > single.ucs2
        }
    }

    /// Each part with its header, in order; nil where there would be more than 255. No part ends within an escape
    /// sequence of the GSM alphabet or within a surrogate pair.
    ///
    /// - Parameter reference: the same for all parts, and for each attempt of one message: a phone that got a part twice
    ///   still makes one message of it.
    public static func split(_ content: MessageContent, reference: UInt8) -> [MessageContent]? {
        guard let parts = cut(content), let total = UInt8(exactly: parts.count) else { return nil }
        return parts.enumerated().map { index, part in
            // Length of the header, element 00 (concatenated, 8-bit reference), its length, and its three octets.
            part.with(octets: [0x05, 0x00, 0x03, reference, total, UInt8(index + 1)] + part.octets)
        }
    }

    /// Each part with the parameters that number it, sar_msg_ref_num, sar_total_segments and sar_segment_seqnum
    /// (SMPP 3.4 §5.3.2.22 to §5.3.2.24), from which the SMSC makes the header. As large as those with a header.
    public static func segments(_ content: MessageContent, reference: UInt16) -> [(MessageContent, [TLV])]? {
        guard let parts = cut(content), let total = UInt8(exactly: parts.count) else { return nil }
        return parts.enumerated().map { index, part in
            let tlvs: [TLV] = [
                .word(.sarMessageReference, reference), .byte(.sarTotalSegments, total),
                .byte(.sarSegmentNumber, UInt8(index + 1)),
            ]
            return (part, tlvs)
        }
    }

    private static func cut(_ content: MessageContent) -> [MessageContent]? {
        let octets = content.octets
        var parts: [MessageContent] = []
        var start = 0
        while start < octets.count {
            let end = end(of: content, octets, from: start)
            parts.append(content.with(octets: Array(octets[start..<end])))
            if parts.count > maximumParts { return nil }
            start = end
        }
        return parts
    }

    private static func end(of content: MessageContent, _ octets: [UInt8], from start: Int) -> Int {
        switch content {
        case .gsm:
            let end = start + part.septets
            guard end < octets.count else { return octets.count }
            return octets[end - 1] == 0x1B ? end - 1 : end
        case .latin1:
            var (end, size) = (start, 0)
            while end < octets.count, size + septets(ofLatin1: octets[end]) <= part.septets {
                size += septets(ofLatin1: octets[end])
                end += 1
            }
            return end
        case .ucs2:
            let end = start + part.ucs2
            guard end < octets.count else { return octets.count }
            // A high surrogate, D800 to DBFF, belongs to what follows it.
            return octets[end - 2] & 0xFC == 0xD8 ? end - 2 : end
        }
    }

    /// Characters of the GSM alphabet's extension take two (3GPP TS 23.038 §6.2.1.1).
    private static func septets(ofLatin1 octet: UInt8) -> Int { extended.contains(octet) ? 2 : 1 }

    private static let extended = Array("\u{0C}^{}\\[~]|".utf8)
}

extension MessageContent {
    /// Other octets of the same alphabet.
    func with(octets: [UInt8]) -> MessageContent {
        switch self {
        case .gsm: .gsm(octets)
        case .latin1: .latin1(octets)
        case .ucs2: .ucs2(octets)
        }
    }
}
