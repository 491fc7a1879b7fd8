/// Which part of a longer message a short message is.
public struct MessagePart: Sendable, Hashable {
    /// Tells the messages of one sender apart; begins anew after 256 or 65,536 of them.
    public var reference: UInt16
    public var total: UInt8
    /// Counted from 1.
    public var number: UInt8

    /// nil where the numbers make no sense: the message is one by itself then.
    init?(reference: UInt16, total: UInt8, number: UInt8) {
        guard total > 1, (1...total).contains(number) else { return nil }
        self.reference = reference
        self.total = total
        self.number = number
    }
}

/// The header at the beginning of a short message (3GPP TS 23.040 §9.2.3.24), as far as it numbers parts.
struct UserDataHeader: Equatable {
    /// Octets, the one that gives the length among them.
    let size: Int
    let part: MessagePart?

    /// nil where the header says that it is longer than the message.
    init?(_ octets: [UInt8]) {
        guard let length = octets.first, Int(length) < octets.count else { return nil }
        size = Int(length) + 1
        var part: MessagePart?
        var rest = octets[1..<size]
        while let (element, value) = Self.next(&rest) {
            let value = Array(value)
            switch (element, value.count) {
            // Concatenated short messages, with a reference of 8 bits and of 16.
            case (0x00, 3): part = MessagePart(reference: UInt16(value[0]), total: value[1], number: value[2])
            case (0x08, 4):
                let reference = UInt16(value[0]) << 8 | UInt16(value[1])
                part = MessagePart(reference: reference, total: value[2], number: value[3])
            default: break
            }
        }
        self.part = part
    }

    private static func next(_ rest: inout ArraySlice<UInt8>) -> (UInt8, ArraySlice<UInt8>)? {
        guard let element = rest.popFirst(), let length = rest.popFirst(), Int(length) <= rest.count else { return nil }
        defer { rest = rest.dropFirst(Int(length)) }
        return (element, rest.prefix(Int(length)))
    }
}

extension InboundMessage {
    /// The octets without their header, and which part they are: by the header, or by sar_msg_ref_num,
    /// sar_total_segments and sar_segment_seqnum (SMPP 3.4 §5.3.2.22 to §5.3.2.24).
    public var content: (octets: [UInt8], part: MessagePart?) {
        if esmClass & 0x40 != 0, let header = UserDataHeader(octets) {
            return (Array(octets.dropFirst(header.size)), header.part ?? segment)
        }
        return (octets, segment)
    }

    private var segment: MessagePart? {
        guard let reference = tlvs.value(.sarMessageReference), reference.count == 2,
            let total = tlvs.value(.sarTotalSegments)?.first, let number = tlvs.value(.sarSegmentNumber)?.first
        else { return nil }
        return MessagePart(
            reference: UInt16(reference[0]) << 8 | UInt16(reference[1]),
            total: total,
            number: number
        )
    }

    /// Whether a person wrote it: no receipt, no notification, and no acknowledgement that a phone gives by itself
    /// (SMPP 3.4 §5.2.12, bits 5–2: default type, or an acknowledgement by the user, which has a text).
    public var isWritten: Bool { esmClass & 0x3C == 0x00 || esmClass & 0x3C == 0x10 }
}
