import NIOCore

@testable import SMPP

/// One PDU of every kind, with every field filled.
enum PDUTables {
    static let message = ShortMessagePDU(
        serviceType: "CMT",
        source: SourceAddress.alphanumeric("Praxis Muel").address,
        destination: .international("00436641234500"),
        esmClass: 0x40,
        protocolID: 1,
        priority: 2,
        scheduleDeliveryTime: "270312103000000+",
        validityPeriod: "000000120000000R",
        registeredDelivery: 1,
        replaceIfPresent: 1,
        dataCoding: 8,
        defaultMessageID: 3,
        shortMessage: Array(0...253),
        tlvs: [TLV(.userMessageReference, [0x12, 0x34]), TLV(.messagePayload, Array(repeating: 7, count: 300))]
    )
    static let bind = BindRequest(
        systemID: "practice",
        password: "secret78",
        systemType: "VORTAG",
        addressRange: Address(typeOfNumber: 1, numberingPlan: 1, value: "43*")
    )
    static let data = DataSM(
        serviceType: "CMT",
        source: .international("+43664111"),
        destination: .international("43664222"),
        esmClass: 4,
        registeredDelivery: 1,
        dataCoding: 0,
        tlvs: [.string(.receiptedMessageID, "abc"), .byte(.messageState, 2)]
    )

    static let all: [PDU] = [
        PDU(.bind(.transceiver, bind), sequence: .first),
        PDU(.bind(.transmitter, bind), sequence: .first),
        PDU(.bind(.receiver, bind), sequence: .first),
        PDU(
            .bindResponse(.transceiver, BindResponse(systemID: "SMSC", tlvs: [.byte(.scInterfaceVersion, 0x34)])),
            sequence: .first
        ),
        PDU(.bindResponse(.transmitter, BindResponse(systemID: "SMSC")), sequence: .first),
        PDU(.bindResponse(.receiver, BindResponse()), status: .invalidPassword, sequence: .first),
        PDU(.submit(message), sequence: SequenceNumber(rawValue: 0x7FFF_FFFF)),
        PDU(.submitResponse(messageID: "550e8400-e29b-41d4-a716-446655440000"), sequence: SequenceNumber(rawValue: 7)),
        PDU(.submitResponse(messageID: ""), status: .throttled, sequence: SequenceNumber(rawValue: 7)),
        PDU(.deliver(message), sequence: SequenceNumber(rawValue: 8)),
        PDU(.deliverResponse, sequence: SequenceNumber(rawValue: 8)),
        PDU(.data(data), sequence: SequenceNumber(rawValue: 9)),
        PDU(.dataResponse(messageID: "9"), sequence: SequenceNumber(rawValue: 9)),
        PDU(.enquireLink, sequence: SequenceNumber(rawValue: 10)),
        PDU(.enquireLinkResponse, sequence: SequenceNumber(rawValue: 10)),
        PDU(.unbind, sequence: SequenceNumber(rawValue: 11)),
        PDU(.unbindResponse, sequence: SequenceNumber(rawValue: 11)),
        PDU(.genericNack, status: .invalidCommandID, sequence: .none),
    ]

    static func octets(_ pdu: PDU) throws -> [UInt8] {
        var buffer = ByteBuffer()
        try PDUEncoder.encode(pdu, into: &buffer)
        return Array(buffer.readableBytesView)
    }
}

/// The same numbers on every run (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
