// What lives here: the SMPP room's tests: tables for the codec and receipts, dialogues for the sessions,
// and the client against two servers over real sockets.
// What must not: appointments, and waits for time to pass.

import NIOCore
import Testing

@testable import SMPP

@Suite("PDU codec")
struct CodecTests {
    @Test("every PDU comes back as it went", arguments: PDUTables.all)
    func roundTrip(_ pdu: PDU) throws {
        let octets = try PDUTables.octets(pdu)
        #expect(try PDUDecoder.decode(frame: ByteBuffer(bytes: octets)) == pdu)
        #expect(octets.prefix(4).reduce(0) { $0 << 8 | Int($1) } == octets.count)
    }

    @Test("submit_sm has the layout of SMPP 3.4 §4.4.1, octet by octet")
    func layout() throws {
        let message = SubmitSM(from: .international("0043664"), to: "+49171", content: .gsm([0x48, 0x69]))
        let expected: [UInt8] =
            [0, 0, 0, 45, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 5, 0, 1, 1] + Array("43664".utf8) + [0, 1, 1]
            + Array("49171".utf8) + [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 0x48, 0x69]
        let octets = try PDUTables.octets(PDU(.submit(message), sequence: SequenceNumber(rawValue: 5)))
        #expect(octets == expected)
    }

    @Test(
        "a PDU cut short anywhere is refused, or is a shorter PDU, but never more than its octets",
        arguments: PDUTables.all
    )
    func truncated(_ pdu: PDU) throws {
        let octets = try PDUTables.octets(pdu)
        for length in 0..<octets.count {
            var frame = Array(octets.prefix(length))
            // With the old length: the frame is not whole.
            #expect(throws: PDUDecodingError.self) { try PDUDecoder.decode(frame: ByteBuffer(bytes: frame)) }
            guard length >= PDUDecoder.headerLength else { continue }
            // With a length that fits: fields are missing.
            frame.replaceSubrange(0..<4, with: [0, 0, UInt8(length >> 8), UInt8(length & 0xFF)])
            if let decoded = try? PDUDecoder.decode(frame: ByteBuffer(bytes: frame)) {
                #expect(try PDUTables.octets(decoded).count <= max(length + 1, 17))
                #expect(decoded != pdu || length >= octets.count - 1)
            }
        }
    }

    @Test("garbage in the body ends in a typed error or a PDU, for every command", arguments: CommandID.allCases)
    func garbage(_ command: CommandID) {
        var numbers = SeededNumbers(state: UInt64(command.rawValue))
        for _ in 0..<2_000 {
            let body = (0..<Int.random(in: 0...120, using: &numbers)).map { _ in
                UInt8.random(in: 0...255, using: &numbers)
            }
            var frame = ByteBuffer()
            frame.writeMultipleIntegers(UInt32(16 + body.count), command.rawValue, UInt32(0), UInt32(1))
            frame.writeBytes(body)
            do {
                let pdu = try PDUDecoder.decode(frame: frame)
                #expect(pdu.command == command)
            } catch {
                guard case .malformedBody(command, SequenceNumber.first, _) = error else {
                    Issue.record("unexpected \(error)")
                    return
                }
            }
        }
    }

    @Test("a single flipped octet never traps", arguments: PDUTables.all)
    func mutated(_ pdu: PDU) throws {
        let octets = try PDUTables.octets(pdu)
        for index in 4..<octets.count {
            for value: UInt8 in [0, 1, 0x7F, 0xFE, 0xFF] {
                var frame = octets
                frame[index] = value
                _ = try? PDUDecoder.decode(frame: ByteBuffer(bytes: frame))
            }
        }
    }

    @Test("a string without an end within its bounds is refused by name")
    func endlessString() {
        var frame = ByteBuffer()
        frame.writeMultipleIntegers(UInt32(16 + 300), CommandID.deliverSM.rawValue, UInt32(0), UInt32(3))
        frame.writeRepeatingByte(0x41, count: 300)
        #expect(
            throws: PDUDecodingError.malformedBody(
                .deliverSM,
                sequence: SequenceNumber(rawValue: 3),
                fault: .field("service_type")
            )
        ) { try PDUDecoder.decode(frame: frame) }
    }

    @Test("sm_length over the body and a TLV over the body are told apart")
    func lengthsInside() throws {
        let short = ShortMessagePDU(source: .empty, destination: .empty, shortMessage: [1, 2, 3])
        var long = try PDUTables.octets(PDU(.deliver(short), sequence: .first))
        long[long.count - 4] = 200
        #expect(throws: PDUDecodingError.malformedBody(.deliverSM, sequence: .first, fault: .messageLength)) {
            try PDUDecoder.decode(frame: ByteBuffer(bytes: long))
        }
        let withTLV = ShortMessagePDU(source: .empty, destination: .empty, tlvs: [TLV(.messageState, [2])])
        var broken = try PDUTables.octets(PDU(.deliver(withTLV), sequence: .first))
        broken[broken.count - 2] = 9
        #expect(throws: PDUDecodingError.malformedBody(.deliverSM, sequence: .first, fault: .optionalParameters)) {
            try PDUDecoder.decode(frame: ByteBuffer(bytes: broken))
        }
    }

    @Test("a message id without its NUL is still an id, and an empty body an empty id")
    func forgivingMessageID() throws {
        var frame = ByteBuffer()
        frame.writeMultipleIntegers(UInt32(19), CommandID.submitSMResponse.rawValue, UInt32(0), UInt32(1))
        frame.writeString("abc")
        #expect(try PDUDecoder.decode(frame: frame).body == .submitResponse(messageID: "abc"))
        var empty = ByteBuffer()
        empty.writeMultipleIntegers(UInt32(16), CommandID.submitSMResponse.rawValue, UInt32(0), UInt32(1))
        #expect(try PDUDecoder.decode(frame: empty).body == .submitResponse(messageID: ""))
    }

    @Test(
        "fields that the format does not allow are refused before a byte is written",
        arguments: [
            (\ShortMessagePDU.serviceType, "TOOLONG", "service_type", 5),
            (\.source.value, "123456789012345678901", "source_addr", 20),
            (\.destination.value, "123456789012345678901", "destination_addr", 20),
            (\.validityPeriod, "0000001200000000R", "validity_period", 16),
        ] as [(WritableKeyPath<ShortMessagePDU, String> & Sendable, String, String, Int)]
    )
    func encodingLimits(
        _ path: WritableKeyPath<ShortMessagePDU, String> & Sendable,
        _ value: String,
        _ field: String,
        _ maximum: Int
    ) {
        var message = ShortMessagePDU(source: .empty, destination: .empty)
        message[keyPath: path] = value
        var buffer = ByteBuffer(string: "kept")
        #expect(throws: PDUEncodingError.fieldTooLong(field, maximum: maximum)) {
            try PDUEncoder.encode(PDU(.submit(message), sequence: .first), into: &buffer)
        }
        #expect(String(buffer: buffer) == "kept")
        message[keyPath: path] = "a\0b"
        #expect(throws: PDUEncodingError.fieldHoldsNUL(field)) {
            try PDUEncoder.encode(PDU(.submit(message), sequence: .first), into: &buffer)
        }
    }

    @Test("every named status has the standard's name and is its own")
    func statuses() {
        #expect(CommandStatus.named.count == 48)
        #expect(CommandStatus.throttled.description == "ESME_RTHROTTLED")
        #expect(CommandStatus(rawValue: 0x400).description == "0x400")
        #expect(Set(CommandStatus.named.compactMap(\.name)).count == CommandStatus.named.count)
    }
}

@Suite("PDU frames")
struct FrameTests {
    private func feed(_ octets: [UInt8], chunk: Int, maximum: Int = 65_536) throws -> [Result<PDU, PDUDecodingError>] {
        let processor = NIOSingleStepByteToMessageProcessor(PDUFrameDecoder(maximumLength: maximum))
        var out: [Result<PDU, PDUDecodingError>] = []
        for start in stride(from: 0, to: octets.count, by: chunk) {
            let part = octets[start..<min(start + chunk, octets.count)]
            try processor.process(buffer: ByteBuffer(bytes: part)) { out.append($0) }
        }
        return out
    }

    @Test("a stream in pieces of any size gives the same PDUs", arguments: [1, 2, 3, 7, 16, 100, 100_000])
    func pieces(_ chunk: Int) throws {
        let stream = try PDUTables.all.flatMap { try PDUTables.octets($0) }
        #expect(try feed(stream, chunk: chunk) == PDUTables.all.map { .success($0) })
    }

    @Test("a length that cannot be right ends the stream", arguments: [0, 15, 65_537, UInt32.max])
    func impossibleLength(_ length: UInt32) {
        let octets = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(repeating: 0, count: 12)
        #expect(throws: PDUDecodingError.invalidLength(length, sequence: .none)) { try feed(octets, chunk: 100) }
        #expect(PDUDecodingError.invalidLength(length, sequence: .none).answer?.status == .invalidCommandLength)
    }

    @Test("an unknown command is answered with RINVCMDID and the stream goes on")
    func unknownCommand() throws {
        let unknown: [UInt8] = [0, 0, 0, 17, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 9, 0]
        let stream = try unknown + PDUTables.octets(PDU(.enquireLink, sequence: .first))
        let out = try feed(stream, chunk: 5)
        #expect(
            out == [
                .failure(.unknownCommand(3, sequence: SequenceNumber(rawValue: 9))),
                .success(PDU(.enquireLink, sequence: .first)),
            ]
        )
        guard case .failure(let error) = out[0] else { return }
        #expect(error.answer == PDU(.genericNack, status: .invalidCommandID, sequence: SequenceNumber(rawValue: 9)))
    }

    @Test("a faulty or unknown response is never answered, so that two sides cannot nack each other for ever")
    func noAnswerToResponses() {
        #expect(PDUDecodingError.unknownCommand(0x8000_0003, sequence: .first).answer == nil)
        #expect(
            PDUDecodingError.malformedBody(.submitSMResponse, sequence: .first, fault: .messageLength).answer == nil
        )
    }
}

@Suite("Message fields")
struct MessageFieldTests {
    @Test(
        "a sender of digits is international, everything else is a name",
        arguments: [
            ("00436761234567", 1, 1, "436761234567"), ("+43 676 1234567", 1, 1, "436761234567"),
            ("436761234567", 1, 1, "436761234567"), ("Praxis Ott", 5, 0, "Praxis Ott"), ("Dr42", 5, 0, "Dr42"),
        ] as [(String, UInt8, UInt8, String)]
    )
    func senders(_ text: String, _ ton: UInt8, _ npi: UInt8, _ value: String) {
        #expect(SourceAddress(text).address == Address(typeOfNumber: ton, numberingPlan: npi, value: value))
    }

    @Test("254 octets travel as short_message, 255 as message_payload")
    func longMessages() {
        let fits = SubmitSM(from: .alphanumeric("A"), to: "43", content: .gsm(Array(repeating: 65, count: 254)))
        #expect(fits.shortMessage.count == 254 && fits.tlvs.isEmpty)
        let long = SubmitSM(from: .alphanumeric("A"), to: "43", content: .ucs2(Array(repeating: 65, count: 256)))
        #expect(long.shortMessage.isEmpty && long.tlvs.value(.messagePayload)?.count == 256)
        #expect(long.dataCoding == 8 && long.registeredDelivery == 1 && long.octets.count == 256)
    }

    @Test(
        "validity is written in the 16 characters of §7.1.1",
        arguments: [
            (.relative(seconds: 3_600), "000000010000000R"), (.relative(seconds: 36_000), "000000100000000R"),
            (.relative(seconds: 90_061), "000001010101000R"), (.relative(seconds: 0), "000000000001000R"),
            (.relative(seconds: 99_999_999), "000030000000000R"),
            (.absolute(unixSeconds: 1_804_843_800), "270312093000000+"),
            (.absolute(unixSeconds: 951_782_400), "000229000000000+"),
        ] as [(ValidityPeriod, String)]
    )
    func validity(_ period: ValidityPeriod, _ field: String) {
        #expect(period.field == field)
    }
}
