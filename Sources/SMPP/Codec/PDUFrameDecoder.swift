import NIOCore

/// Cuts a byte stream into PDUs. A faulty frame comes out as a value, so that it can be answered;
/// only a length that cannot be right is thrown, since nothing after it can be found.
struct PDUFrameDecoder: NIOSingleStepByteToMessageDecoder {
    typealias InboundOut = Result<PDU, PDUDecodingError>

    /// The largest command_length taken, in octets.
    let maximumLength: Int

    mutating func decode(buffer: inout ByteBuffer) throws -> Result<PDU, PDUDecodingError>? {
        guard let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self) else { return nil }
        guard length >= PDUDecoder.headerLength, length <= maximumLength else {
            let sequence = buffer.getInteger(at: buffer.readerIndex + 12, as: UInt32.self) ?? 0
            throw PDUDecodingError.invalidLength(length, sequence: SequenceNumber(rawValue: sequence))
        }
        guard let frame = buffer.readSlice(length: Int(length)) else { return nil }
        do {
            return .success(try PDUDecoder.decode(frame: frame))
        } catch {
            return .failure(error)
        }
    }

    /// What is left when the connection ends is half a PDU, and of no use.
    mutating func decodeLast(
        buffer: inout ByteBuffer,
        seenEOF: Bool
    ) throws -> Result<PDU, PDUDecodingError>? {
        try decode(buffer: &buffer)
    }
}

extension PDUDecodingError {
    /// The answer that the peer is owed, or nil where there is none: a faulty response is never answered.
    var answer: PDU? {
        switch self {
        case .invalidLength(_, let sequence):
            PDU(.genericNack, status: .invalidCommandLength, sequence: sequence)
        case .unknownCommand(let command, let sequence):
            command & 0x8000_0000 == 0 ? PDU(.genericNack, status: .invalidCommandID, sequence: sequence) : nil
        case .malformedBody(let command, let sequence, let fault):
            Self.refusal(of: command, status: fault.status, sequence: sequence)
        }
    }

    private static func refusal(of command: CommandID, status: CommandStatus, sequence: SequenceNumber) -> PDU? {
        let body: PDU.Body? =
            switch command {
            case .submitSM: .submitResponse(messageID: "")
            case .deliverSM: .deliverResponse
            case .dataSM: .dataResponse(messageID: "")
            case .bindTransceiver: .bindResponse(.transceiver, BindResponse())
            case .bindTransmitter: .bindResponse(.transmitter, BindResponse())
            case .bindReceiver: .bindResponse(.receiver, BindResponse())
            default: nil
            }
        return body.map { PDU($0, status: status, sequence: sequence) }
    }
}
