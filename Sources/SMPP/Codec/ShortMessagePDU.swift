/// Body of submit_sm and of deliver_sm, whose fields are the same (SMPP 3.4 §4.4.1, §4.6.1).
public struct ShortMessagePDU: Sendable, Equatable {
    public var serviceType: String
    public var source: Address
    public var destination: Address
    public var esmClass: UInt8
    public var protocolID: UInt8
    public var priority: UInt8
    public var scheduleDeliveryTime: String
    public var validityPeriod: String
    public var registeredDelivery: UInt8
    public var replaceIfPresent: UInt8
    public var dataCoding: UInt8
    public var defaultMessageID: UInt8
    /// At most 254 octets; longer ones travel as message_payload.
    public var shortMessage: [UInt8]
    public var tlvs: [TLV]

    public init(
        serviceType: String = "",
        source: Address,
        destination: Address,
        esmClass: UInt8 = 0,
        protocolID: UInt8 = 0,
        priority: UInt8 = 0,
        scheduleDeliveryTime: String = "",
        validityPeriod: String = "",
        registeredDelivery: UInt8 = 0,
        replaceIfPresent: UInt8 = 0,
        dataCoding: UInt8 = 0,
        defaultMessageID: UInt8 = 0,
        shortMessage: [UInt8] = [],
        tlvs: [TLV] = []
    ) {
        self.serviceType = serviceType
        self.source = source
        self.destination = destination
        self.esmClass = esmClass
        self.protocolID = protocolID
        self.priority = priority
        self.scheduleDeliveryTime = scheduleDeliveryTime
        self.validityPeriod = validityPeriod
        self.registeredDelivery = registeredDelivery
        self.replaceIfPresent = replaceIfPresent
        self.dataCoding = dataCoding
        self.defaultMessageID = defaultMessageID
        self.shortMessage = shortMessage
        self.tlvs = tlvs
    }

    /// The message's octets, wherever they travel.
    public var octets: [UInt8] {
        shortMessage.isEmpty ? tlvs.value(.messagePayload) ?? [] : shortMessage
    }
}

public typealias SubmitSM = ShortMessagePDU
public typealias DeliverSM = ShortMessagePDU

/// The octets of a text, already encoded, and the alphabet that they are in (SMPP 3.4 §5.2.19).
public enum MessageContent: Sendable, Equatable {
    /// SMSC default alphabet, GSM 03.38 unpacked, one septet an octet: data_coding 0.
    case gsm([UInt8])
    /// ISO-8859-1, all of it in the GSM alphabet too, to which the SMSC brings it: data_coding 3.
    case latin1([UInt8])
    /// UCS-2, big-endian: data_coding 8.
    case ucs2([UInt8])

    public var octets: [UInt8] {
        switch self {
        case .gsm(let octets), .latin1(let octets), .ucs2(let octets): octets
        }
    }

    public var dataCoding: UInt8 {
        switch self {
        case .gsm: 0
        case .latin1: 3
        case .ucs2: 8
        }
    }
}

extension ShortMessagePDU {
    /// The most octets that short_message may hold (SMPP 3.4 §5.2.21, §5.2.22).
    public static let maximumShortMessage = 254

    /// A message to hand over.
    ///
    /// - Parameters:
    ///   - destination: a number in international form, with or without `+` or `00`.
    ///   - content: over 254 octets it travels as message_payload (SMPP 3.4 §5.3.2.32).
    ///   - registeredDelivery: which receipts are wanted (§5.2.17); unless given, one whatever becomes of it.
    ///   - startsWithHeader: the octets begin with a user data header (esm_class bit 6, §5.2.12).
    ///   - asPayload: travels as message_payload however short it is.
    public init(
        from source: SourceAddress,
        to destination: String,
        content: MessageContent,
        validity: ValidityPeriod? = nil,
        serviceType: String = "",
        registeredDelivery: UInt8 = 1,
        startsWithHeader: Bool = false,
        asPayload: Bool = false,
        tlvs: [TLV] = []
    ) {
        let octets = content.octets
        let isPayload = asPayload || octets.count > Self.maximumShortMessage
        self.init(
            serviceType: serviceType,
            source: source.address,
            destination: .international(destination),
            esmClass: startsWithHeader ? 0x40 : 0,
            validityPeriod: validity?.field ?? "",
            registeredDelivery: registeredDelivery,
            dataCoding: content.dataCoding,
            shortMessage: isPayload ? [] : octets,
            tlvs: isPayload ? tlvs + [TLV(.messagePayload, octets)] : tlvs
        )
    }
}

/// Body of data_sm (SMPP 3.4 §4.7.1); its text is always a message_payload.
public struct DataSM: Sendable, Equatable {
    public var serviceType: String
    public var source: Address
    public var destination: Address
    public var esmClass: UInt8
    public var registeredDelivery: UInt8
    public var dataCoding: UInt8
    public var tlvs: [TLV]

    public init(
        serviceType: String = "",
        source: Address,
        destination: Address,
        esmClass: UInt8 = 0,
        registeredDelivery: UInt8 = 0,
        dataCoding: UInt8 = 0,
        tlvs: [TLV] = []
    ) {
        self.serviceType = serviceType
        self.source = source
        self.destination = destination
        self.esmClass = esmClass
        self.registeredDelivery = registeredDelivery
        self.dataCoding = dataCoding
        self.tlvs = tlvs
    }
}
