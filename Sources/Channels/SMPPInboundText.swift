import Domain
import SMPP

/// The text of what somebody wrote, from its octets.
enum SMPPInboundText {
    /// What stands for parts that never came.
    static let gap = "\u{2026}"

    static func text(of message: JoinedMessage) -> String {
        message.pieces.map { piece in piece.map { text($0.octets, dataCoding: $0.dataCoding) } ?? gap }.joined()
    }

    /// SMPP 3.4 §5.2.19. The default alphabet is read as GSM 03.38, an octet for each septet. From an alphabet that is not
    /// known here what is ASCII is read: a request to stop is that in most of them.
    static func text(_ octets: [UInt8], dataCoding: UInt8) -> String {
        switch alphabet(dataCoding) {
        case .gsm: GSM0338.decode(octets)
        case .latin1: scalars(octets) { Unicode.Scalar($0) }
        case .ucs2: utf16(octets)
        case .ascii: scalars(octets) { $0 < 0x80 ? Unicode.Scalar($0) : "\u{FFFD}" }
        }
    }

    private enum Alphabet {
        case gsm, latin1, ucs2, ascii
    }

    private static func alphabet(_ dataCoding: UInt8) -> Alphabet {
        switch dataCoding {
        case 0x00: .gsm
        case 0x03: .latin1
        case 0x08: .ucs2
        // 3GPP TS 23.038 §4, with a message class: 0001xxAA and 1111xA.., as many SMSCs pass it on.
        case 0x10...0x13, 0xF0...0xF3: .gsm
        case 0x18...0x1B: .ucs2
        default: .ascii
        }
    }

    private static func scalars(_ octets: [UInt8], _ scalar: (UInt8) -> Unicode.Scalar) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: octets.map(scalar))
        return String(view)
    }

    /// UCS-2, and what phones really send: UTF-16, big-endian. Half a character at the end is left out.
    private static func utf16(_ octets: [UInt8]) -> String {
        let units = stride(from: 0, to: octets.count - 1, by: 2).map {
            UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1])
        }
        return String(decoding: units.first == 0xFEFF ? units[1...] : units[...], as: UTF16.self)
    }
}

extension InboundSMS {
    init(_ message: JoinedMessage) {
        let text = SMPPInboundText.text(of: message)
        let sender = ReceiptEvidence.international(message.source).map { "+" + $0 } ?? message.source.value
        self.init(
            providerMessageID: Self.id(message, sender, text),
            sender: sender,
            recipient: message.destination.value,
            text: text
        )
    }

    /// SMPP gives inbound messages no id. The parts of a longer one share a reference, by which it is known again together
    /// with its content; two short ones with the same text may be two messages.
    private static func id(_ message: JoinedMessage, _ sender: String, _ text: String) -> String {
        guard let reference = message.reference else { return "" }
        return "\(reference)-" + String(hash([sender, message.destination.value, text]), radix: 16)
    }

    /// FNV-1a, 64 bits: the same in every process.
    private static func hash(_ texts: [String]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for octet in texts.joined(separator: "\0").utf8 { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
        return hash
    }
}
