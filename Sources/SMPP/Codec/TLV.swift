/// An optional parameter: tag, and the value's octets (SMPP 3.4 §5.3).
public struct TLV: Sendable, Hashable {
    public var tag: Tag
    public var value: [UInt8]

    public init(_ tag: Tag, _ value: [UInt8]) {
        self.tag = tag
        self.value = value
    }

    /// The tags that this room reads or writes (SMPP 3.4 §5.3.2); any other passes through untouched.
    public struct Tag: RawRepresentable, Sendable, Hashable {
        public var rawValue: UInt16
        public init(rawValue: UInt16) { self.rawValue = rawValue }

        public static let receiptedMessageID = Tag(rawValue: 0x001E)
        public static let userMessageReference = Tag(rawValue: 0x0204)
        public static let sarMessageReference = Tag(rawValue: 0x020C)
        public static let sarTotalSegments = Tag(rawValue: 0x020E)
        public static let sarSegmentNumber = Tag(rawValue: 0x020F)
        public static let scInterfaceVersion = Tag(rawValue: 0x0210)
        public static let networkErrorCode = Tag(rawValue: 0x0423)
        public static let messagePayload = Tag(rawValue: 0x0424)
        public static let deliveryFailureReason = Tag(rawValue: 0x0425)
        public static let messageState = Tag(rawValue: 0x0427)
    }

    /// A C-octet string value, ended by a NUL.
    public static func string(_ tag: Tag, _ text: String) -> TLV { TLV(tag, Array(text.utf8) + [0]) }

    /// A one-octet integer.
    public static func byte(_ tag: Tag, _ value: UInt8) -> TLV { TLV(tag, [value]) }

    /// A two-octet integer.
    public static func word(_ tag: Tag, _ value: UInt16) -> TLV { TLV(tag, [UInt8(value >> 8), UInt8(value & 0xFF)]) }
}

extension [TLV] {
    /// The value of the first parameter with this tag.
    public func value(_ tag: TLV.Tag) -> [UInt8]? {
        for tlv in self where tlv.tag == tag { return tlv.value }
        return nil
    }

    /// The value as text up to its first NUL.
    public func string(_ tag: TLV.Tag) -> String? {
        value(tag).map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
