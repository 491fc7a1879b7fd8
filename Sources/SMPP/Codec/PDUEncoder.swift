import NIOCore

/// Why a PDU cannot be written: a field that the standard's format does not allow.
public enum PDUEncodingError: Error, Sendable, Equatable {
    case fieldTooLong(String, maximum: Int)
    case fieldHoldsNUL(String)
}

/// Writes PDUs straight onto a buffer.
public enum PDUEncoder {
    /// Appends the PDU; after an error the buffer is as it was.
    public static func encode(_ pdu: PDU, into buffer: inout ByteBuffer) throws(PDUEncodingError) {
        let start = buffer.writerIndex
        buffer.writeMultipleIntegers(UInt32(0), pdu.command.rawValue, pdu.status.rawValue, pdu.sequence.rawValue)
        do {
            try encode(pdu.body, status: pdu.status, into: &buffer)
        } catch {
            buffer.moveWriterIndex(to: start)
            throw error
        }
        buffer.setInteger(UInt32(buffer.writerIndex - start), at: start)
    }

    private static func encode(
        _ body: PDU.Body,
        status: CommandStatus,
        into buffer: inout ByteBuffer
    ) throws(PDUEncodingError) {
        switch body {
        case .bind(_, let request): try encode(request, into: &buffer)
        case .bindResponse(_, let response):
            // §4.1.2: the body of a response is left out where the status is an error; so too below.
            guard status == .ok else { return }
            try buffer.writeCString(response.systemID, "system_id", 16)
            try encode(response.tlvs, into: &buffer)
        case .submit(let message), .deliver(let message): try encode(message, into: &buffer)
        case .submitResponse(let messageID), .dataResponse(let messageID):
            guard status == .ok else { return }
            try buffer.writeCString(messageID, "message_id", 65)
        case .deliverResponse:
            // §4.6.2: message_id is unused and NUL.
            buffer.writeInteger(UInt8(0))
        case .data(let data): try encode(data, into: &buffer)
        case .enquireLink, .enquireLinkResponse, .unbind, .unbindResponse, .genericNack: break
        }
    }

    private static func encode(_ request: BindRequest, into buffer: inout ByteBuffer) throws(PDUEncodingError) {
        try buffer.writeCString(request.systemID, "system_id", 16)
        try buffer.writeCString(request.password, "password", 9)
        try buffer.writeCString(request.systemType, "system_type", 13)
        buffer.writeInteger(request.interfaceVersion)
        try encode(request.addressRange, "address_range", maximum: 41, into: &buffer)
    }

    private static func encode(_ message: ShortMessagePDU, into buffer: inout ByteBuffer) throws(PDUEncodingError) {
        try buffer.writeCString(message.serviceType, "service_type", 6)
        try encode(message.source, "source_addr", maximum: 21, into: &buffer)
        try encode(message.destination, "destination_addr", maximum: 21, into: &buffer)
        buffer.writeMultipleIntegers(message.esmClass, message.protocolID, message.priority)
        try buffer.writeCString(message.scheduleDeliveryTime, "schedule_delivery_time", 17)
        try buffer.writeCString(message.validityPeriod, "validity_period", 17)
        guard message.shortMessage.count <= ShortMessagePDU.maximumShortMessage else {
            throw .fieldTooLong("short_message", maximum: ShortMessagePDU.maximumShortMessage)
        }
        buffer.writeMultipleIntegers(
            message.registeredDelivery,
            message.replaceIfPresent,
            message.dataCoding,
            message.defaultMessageID,
            UInt8(message.shortMessage.count)
        )
        buffer.writeBytes(message.shortMessage)
        try encode(message.tlvs, into: &buffer)
    }

    private static func encode(_ data: DataSM, into buffer: inout ByteBuffer) throws(PDUEncodingError) {
        try buffer.writeCString(data.serviceType, "service_type", 6)
        try encode(data.source, "source_addr", maximum: 65, into: &buffer)
        try encode(data.destination, "destination_addr", maximum: 65, into: &buffer)
        buffer.writeMultipleIntegers(data.esmClass, data.registeredDelivery, data.dataCoding)
        try encode(data.tlvs, into: &buffer)
    }

    private static func encode(
        _ address: Address,
        _ field: String,
        maximum: Int,
        into buffer: inout ByteBuffer
    ) throws(PDUEncodingError) {
        buffer.writeMultipleIntegers(address.typeOfNumber, address.numberingPlan)
        try buffer.writeCString(address.value, field, maximum)
    }

    private static func encode(_ tlvs: [TLV], into buffer: inout ByteBuffer) throws(PDUEncodingError) {
        for tlv in tlvs {
            guard let length = UInt16(exactly: tlv.value.count) else {
                throw .fieldTooLong("optional parameter", maximum: Int(UInt16.max))
            }
            buffer.writeMultipleIntegers(tlv.tag.rawValue, length)
            buffer.writeBytes(tlv.value)
        }
    }
}

extension ByteBuffer {
    /// A C-octet string of at most `maximum` octets, its NUL counted (SMPP 3.4 §3.1).
    fileprivate mutating func writeCString(
        _ text: String,
        _ field: String,
        _ maximum: Int
    ) throws(PDUEncodingError) {
        guard text.utf8.count < maximum else { throw .fieldTooLong(field, maximum: maximum - 1) }
        guard !text.utf8.contains(0) else { throw .fieldHoldsNUL(field) }
        writeString(text)
        writeInteger(UInt8(0))
    }
}
