/// What a deliver_sm or data_sm brought: a receipt, or a message that somebody wrote.
public struct InboundMessage: Sendable, Equatable {
    public var source: Address
    public var destination: Address
    public var esmClass: UInt8
    public var dataCoding: UInt8
    /// The text's octets, from short_message or from message_payload.
    public var octets: [UInt8]
    public var tlvs: [TLV]

    public init(
        source: Address,
        destination: Address,
        esmClass: UInt8 = 0,
        dataCoding: UInt8 = 0,
        octets: [UInt8] = [],
        tlvs: [TLV] = []
    ) {
        self.source = source
        self.destination = destination
        self.esmClass = esmClass
        self.dataCoding = dataCoding
        self.octets = octets
        self.tlvs = tlvs
    }

    public init(_ message: DeliverSM) {
        self.init(
            source: message.source,
            destination: message.destination,
            esmClass: message.esmClass,
            dataCoding: message.dataCoding,
            octets: message.octets,
            tlvs: message.tlvs
        )
    }

    public init(_ data: DataSM) {
        self.init(
            source: data.source,
            destination: data.destination,
            esmClass: data.esmClass,
            dataCoding: data.dataCoding,
            octets: data.tlvs.value(.messagePayload) ?? [],
            tlvs: data.tlvs
        )
    }

    /// Whether esm_class says receipt or intermediate notification (SMPP 3.4 §5.2.12, bits 5–2).
    public var isMarkedAsReceipt: Bool { esmClass & 0x3C == 0x04 || esmClass & 0x3C == 0x20 }

    /// The receipt in it, or nil where it is none.
    public var receipt: SMPPReceipt? { ReceiptParser.parse(self) }
}
