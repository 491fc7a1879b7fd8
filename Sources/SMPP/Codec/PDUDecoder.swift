import NIOCore

/// Why octets are not a PDU.
public enum PDUDecodingError: Error, Sendable, Equatable {
    /// command_length below 16 or above the limit; the stream cannot be followed any further.
    case invalidLength(UInt32, sequence: SequenceNumber)
    /// A command_id that is not spoken here.
    case unknownCommand(UInt32, sequence: SequenceNumber)
    /// The frame is whole, but a field of the body is not.
    case malformedBody(CommandID, sequence: SequenceNumber, fault: BodyFault)
}

/// What is wrong inside a body.
public enum BodyFault: Error, Sendable, Equatable {
    /// The body ended within this field, or a C-octet string has no end within its bounds.
    case field(String)
    /// sm_length reaches beyond the body, or is over 254.
    case messageLength
    /// A TLV reaches beyond the body.
    case optionalParameters

    /// What to answer (SMPP 3.4 §5.1.3).
    public var status: CommandStatus {
        switch self {
        case .field: .invalidParameterLength
        case .messageLength: .invalidMessageLength
        case .optionalParameters: .invalidOptionalParameterStream
        }
    }
}

/// Reads PDUs off a buffer.
public enum PDUDecoder {
    /// Octets of a header (SMPP 3.4 §3.2).
    public static let headerLength = 16
    /// The longest C-octet string read. The standard's bounds are shorter (21 for an address, 65 for an id),
    /// but a receipt with an id too long is still a receipt.
    static let maximumString = 256

    /// The PDU in a frame that holds exactly one, its length field included.
    public static func decode(frame: ByteBuffer) throws(PDUDecodingError) -> PDU {
        var frame = frame
        let total = frame.readableBytes
        guard
            let (length, command, status, sequence) = frame.readMultipleIntegers(
                as: (UInt32, UInt32, UInt32, UInt32).self
            ),
            Int(length) == total
        else {
            throw .invalidLength(UInt32(clamping: total), sequence: .none)
        }
        let number = SequenceNumber(rawValue: sequence)
        guard let id = CommandID(rawValue: command) else { throw .unknownCommand(command, sequence: number) }
        do {
            let body = try decodeBody(id, status: CommandStatus(rawValue: status), from: &frame)
            return PDU(body, status: CommandStatus(rawValue: status), sequence: number)
        } catch {
            throw .malformedBody(id, sequence: number, fault: error)
        }
    }

    private static func decodeBody(
        _ id: CommandID,
        status: CommandStatus,
        from body: inout ByteBuffer
    ) throws(BodyFault) -> PDU.Body {
        switch id {
        case .bindTransceiver: .bind(.transceiver, try bindRequest(&body))
        case .bindTransmitter: .bind(.transmitter, try bindRequest(&body))
        case .bindReceiver: .bind(.receiver, try bindRequest(&body))
        case .bindTransceiverResponse: .bindResponse(.transceiver, try bindResponse(status, &body))
        case .bindTransmitterResponse: .bindResponse(.transmitter, try bindResponse(status, &body))
        case .bindReceiverResponse: .bindResponse(.receiver, try bindResponse(status, &body))
        case .submitSM: .submit(try shortMessage(&body))
        case .submitSMResponse: .submitResponse(messageID: try messageID(&body))
        case .deliverSM: .deliver(try shortMessage(&body))
        // §4.6.2: the one field is unused; what stands there does not matter.
        case .deliverSMResponse: .deliverResponse
        case .dataSM: .data(try dataMessage(&body))
        case .dataSMResponse: .dataResponse(messageID: try messageID(&body))
        case .enquireLink: .enquireLink
        case .enquireLinkResponse: .enquireLinkResponse
        case .unbind: .unbind
        case .unbindResponse: .unbindResponse
        case .genericNack: .genericNack
        }
    }

    private static func bindRequest(_ body: inout ByteBuffer) throws(BodyFault) -> BindRequest {
        BindRequest(
            systemID: try body.readCString("system_id"),
            password: try body.readCString("password"),
            systemType: try body.readCString("system_type"),
            interfaceVersion: try body.readOctet("interface_version"),
            addressRange: try body.readAddress("address_range")
        )
    }

    private static func bindResponse(
        _ status: CommandStatus,
        _ body: inout ByteBuffer
    ) throws(BodyFault) -> BindResponse {
        // §4.1.2: no body where the bind is refused; what an SMSC writes there nevertheless is of no use.
        guard status == .ok, body.readableBytes > 0 else { return BindResponse() }
        return BindResponse(systemID: try body.readCString("system_id"), tlvs: try body.readTLVs())
    }

    private static func messageID(_ body: inout ByteBuffer) throws(BodyFault) -> String {
        guard body.readableBytes > 0 else { return "" }
        if let end = body.readableBytesView.prefix(maximumString).firstIndex(of: 0) {
            return body.readString(length: end - body.readerIndex) ?? ""
        }
        // Some SMSCs forget the NUL; the id of an accepted message is worth more than the rule.
        guard body.readableBytes <= maximumString else { throw .field("message_id") }
        return body.readString(length: body.readableBytes) ?? ""
    }

    private static func shortMessage(_ body: inout ByteBuffer) throws(BodyFault) -> ShortMessagePDU {
        var message = ShortMessagePDU(
            serviceType: try body.readCString("service_type"),
            source: try body.readAddress("source_addr"),
            destination: try body.readAddress("destination_addr"),
            esmClass: try body.readOctet("esm_class"),
            protocolID: try body.readOctet("protocol_id"),
            priority: try body.readOctet("priority_flag"),
            scheduleDeliveryTime: try body.readCString("schedule_delivery_time"),
            validityPeriod: try body.readCString("validity_period"),
            registeredDelivery: try body.readOctet("registered_delivery"),
            replaceIfPresent: try body.readOctet("replace_if_present_flag"),
            dataCoding: try body.readOctet("data_coding"),
            defaultMessageID: try body.readOctet("sm_default_msg_id")
        )
        let length = Int(try body.readOctet("sm_length"))
        guard length <= ShortMessagePDU.maximumShortMessage, let octets = body.readBytes(length: length) else {
            throw .messageLength
        }
        message.shortMessage = octets
        message.tlvs = try body.readTLVs()
        return message
    }

    private static func dataMessage(_ body: inout ByteBuffer) throws(BodyFault) -> DataSM {
        DataSM(
            serviceType: try body.readCString("service_type"),
            source: try body.readAddress("source_addr"),
            destination: try body.readAddress("destination_addr"),
            esmClass: try body.readOctet("esm_class"),
            registeredDelivery: try body.readOctet("registered_delivery"),
            dataCoding: try body.readOctet("data_coding"),
            tlvs: try body.readTLVs()
        )
    }
}

extension ByteBuffer {
    fileprivate mutating func readOctet(_ field: String) throws(BodyFault) -> UInt8 {
        guard let octet = readInteger(as: UInt8.self) else { throw .field(field) }
        return octet
    }

    fileprivate mutating func readCString(_ field: String) throws(BodyFault) -> String {
        let view = readableBytesView.prefix(PDUDecoder.maximumString)
        guard let end = view.firstIndex(of: 0), let text = readString(length: end - readerIndex) else {
            throw .field(field)
        }
        moveReaderIndex(forwardBy: 1)
        return text
    }

    fileprivate mutating func readAddress(_ field: String) throws(BodyFault) -> Address {
        Address(
            typeOfNumber: try readOctet(field),
            numberingPlan: try readOctet(field),
            value: try readCString(field)
        )
    }

    fileprivate mutating func readTLVs() throws(BodyFault) -> [TLV] {
        var tlvs: [TLV] = []
        while readableBytes > 0 {
            guard let (tag, length) = readMultipleIntegers(as: (UInt16, UInt16).self),
                let value = readBytes(length: Int(length))
            else {
                throw .optionalParameters
            }
            tlvs.append(TLV(TLV.Tag(rawValue: tag), value))
        }
        return tlvs
    }
}
