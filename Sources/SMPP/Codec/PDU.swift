// What lives here: SMPP 3.4 on the wire: PDUs, their fields and codes, written on and read from a ByteBuffer.
// What must not: sockets, sessions, time, and anything that knows why a message is sent.
// Lengths are never trusted: every read is bounded, and every fault has a type.

/// One protocol data unit: header and body (SMPP 3.4 §3.2).
public struct PDU: Sendable, Equatable {
    public var status: CommandStatus
    public var sequence: SequenceNumber
    public var body: Body

    public init(_ body: Body, status: CommandStatus = .ok, sequence: SequenceNumber) {
        self.status = status
        self.sequence = sequence
        self.body = body
    }

    /// The body of a PDU, by command (SMPP 3.4 §4).
    public enum Body: Sendable, Equatable {
        case bind(BindMode, BindRequest)
        case bindResponse(BindMode, BindResponse)
        case submit(ShortMessagePDU)
        case submitResponse(messageID: String)
        case deliver(ShortMessagePDU)
        case deliverResponse
        case data(DataSM)
        case dataResponse(messageID: String)
        case enquireLink
        case enquireLinkResponse
        case unbind
        case unbindResponse
        case genericNack
    }

    public var command: CommandID {
        switch body {
        case .bind(let mode, _): mode.command
        case .bindResponse(let mode, _): mode.responseCommand
        case .submit: .submitSM
        case .submitResponse: .submitSMResponse
        case .deliver: .deliverSM
        case .deliverResponse: .deliverSMResponse
        case .data: .dataSM
        case .dataResponse: .dataSMResponse
        case .enquireLink: .enquireLink
        case .enquireLinkResponse: .enquireLinkResponse
        case .unbind: .unbind
        case .unbindResponse: .unbindResponse
        case .genericNack: .genericNack
        }
    }
}

/// The number that ties a response to its request; 1 to 0x7FFFFFFF in requests (SMPP 3.4 §3.2, sequence_number).
public struct SequenceNumber: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let none = SequenceNumber(rawValue: 0)
    public static let first = SequenceNumber(rawValue: 1)

    /// The one after this; 0x7FFFFFFF is followed by 1.
    public var next: SequenceNumber {
        SequenceNumber(rawValue: rawValue >= 0x7FFF_FFFF ? 1 : rawValue + 1)
    }

    public var description: String { String(rawValue) }
}

/// The command_id of each PDU that this room speaks (SMPP 3.4 §5.1.2.1).
public enum CommandID: UInt32, Sendable, CaseIterable {
    case genericNack = 0x8000_0000
    case bindReceiver = 0x0000_0001
    case bindReceiverResponse = 0x8000_0001
    case bindTransmitter = 0x0000_0002
    case bindTransmitterResponse = 0x8000_0002
    case submitSM = 0x0000_0004
    case submitSMResponse = 0x8000_0004
    case deliverSM = 0x0000_0005
    case deliverSMResponse = 0x8000_0005
    case unbind = 0x0000_0006
    case unbindResponse = 0x8000_0006
    case bindTransceiver = 0x0000_0009
    case bindTransceiverResponse = 0x8000_0009
    case enquireLink = 0x0000_0015
    case enquireLinkResponse = 0x8000_0015
    case dataSM = 0x0000_0103
    case dataSMResponse = 0x8000_0103

    public var isResponse: Bool { rawValue & 0x8000_0000 != 0 }
}

/// The direction(s) of a session (SMPP 3.4 §2.1).
public enum BindMode: String, Sendable, Hashable, CaseIterable {
    case transceiver
    case transmitter
    case receiver

    public var mayTransmit: Bool { self != .receiver }
    public var mayReceive: Bool { self != .transmitter }

    var command: CommandID {
        switch self {
        case .transceiver: .bindTransceiver
        case .transmitter: .bindTransmitter
        case .receiver: .bindReceiver
        }
    }

    var responseCommand: CommandID {
        switch self {
        case .transceiver: .bindTransceiverResponse
        case .transmitter: .bindTransmitterResponse
        case .receiver: .bindReceiverResponse
        }
    }
}
