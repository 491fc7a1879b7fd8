import Domain
import Foundation
import SMPP

/// How a provider wants messages to be written: alphabet, addresses, long texts, validity, receipts.
struct SMPPForm: Sendable {
    static let knownOptions = [
        "alphabet", "data-coding", "long", "message-payload", "source-ton", "source-npi", "dest-ton", "dest-npi",
        "validity",
        "validity-form", "registered-delivery", "service-type",
    ]

    enum Alphabet: String, CaseIterable {
        /// data_coding 0 where the GSM alphabet is enough, else UCS-2.
        case gsm
        /// ISO-8859-1, data_coding 3, where the text is both in that and in the GSM alphabet, to which the SMSC brings it;
        /// else UCS-2, so that nothing becomes a question mark on its way.
        case latin1
        /// UCS-2 always.
        case ucs2
    }

    /// How a text of more than one SM travels.
    enum LongText: String, CaseIterable {
        /// In one submit_sm, over 254 octets as message_payload; the SMSC cuts it, and owes one receipt.
        case payload
        /// In a submit_sm for each part, with the header that numbers them; each has an id and a receipt of its own.
        case parts
        /// The same, numbered by sar_msg_ref_num, sar_total_segments and sar_segment_seqnum.
        case sar
    }

    /// Which texts travel as message_payload instead of short_message.
    enum Payload: String, CaseIterable {
        /// Those over 254 octets, for which it is the only way.
        case long
        case always
    }

    enum ValidityForm: String, CaseIterable {
        case relative, absolute
    }

    let alphabet: Alphabet
    /// The octet that says "GSM 03.38", or "ISO-8859-1", to this SMSC, where it has one of its own (SMPP 3.4 §5.2.19: 0 is
    /// whatever the SMSC takes for it); UCS-2 is 8 everywhere.
    let dataCoding: UInt8?
    let longText: LongText
    let payload: Payload
    let validityForm: ValidityForm
    /// The longest validity that the provider takes, in seconds.
    let longestValidity: Int
    let registeredDelivery: UInt8
    let serviceType: String
    /// Of every sender and recipient, whatever it is; nil where it follows from what it is.
    let types: (sourceTON: UInt8?, sourceNPI: UInt8?, destinationTON: UInt8?, destinationNPI: UInt8?)

    init(_ options: ProviderOptions) throws(ProviderProblem) {
        alphabet = try options.word("alphabet", else: Alphabet.gsm)
        dataCoding = try options.octet("data-coding", in: 0...255)
        longText = try options.word("long", else: LongText.payload)
        payload = try options.word("message-payload", else: Payload.long)
        validityForm = try options.word("validity-form", else: ValidityForm.relative)
        longestValidity = try options.integer("validity", in: 60...2_592_000, else: 2_592_000)
        registeredDelivery = try options.octet("registered-delivery", in: 0...31) ?? 1
        serviceType = try options.text("service-type", upTo: 5)
        // SMPP 3.4 §5.2.5 and §5.2.6 name 0 to 6 and 0 to 18.
        types = (
            try options.octet("source-ton", in: 0...6), try options.octet("source-npi", in: 0...18),
            try options.octet("dest-ton", in: 0...6), try options.octet("dest-npi", in: 0...18)
        )
    }

    /// Whether a receipt comes whatever becomes of a message (SMPP 3.4 §5.2.17, bits 1 and 0). One for failures alone is
    /// not enough: nothing would tell a delivered message from one without news.
    var asksForReceipts: Bool { registeredDelivery & 0x03 == 1 }

    /// nil where the text does not fit the alphabet that it was measured for.
    func content(of message: OutgoingSMS) -> MessageContent? {
        if alphabet != .ucs2, message.encoding.alphabet == .gsm {
            guard let octets = GSM0338.encode(message.text) else { return nil }
            if alphabet == .gsm { return .gsm(octets) }
            let scalars = message.text.precomposedStringWithCanonicalMapping.unicodeScalars
            if scalars.allSatisfy({ $0.value < 0x100 }) {
                return .latin1(scalars.map { UInt8(truncatingIfNeeded: $0.value) })
            }
        }
        return .ucs2(message.text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    }

    func travelsInParts(_ content: MessageContent) -> Bool {
        longText != .payload && MessageParts.isLong(content)
    }

    /// - Parameter unixTime: seconds since 1970, for a validity that ends at an instant.
    func submit(_ content: MessageContent, of message: OutgoingSMS, unixTime: () -> Int64) -> SubmitSM {
        submit(content, message, validity(of: message, unixTime), asPayload: payload == .always)
    }

    /// nil where there would be more than 255.
    func parts(_ content: MessageContent, of message: OutgoingSMS, unixTime: () -> Int64) -> [SubmitSM]? {
        let validity = validity(of: message, unixTime)
        let id = message.id.rawValue
        if longText == .sar {
            return MessageParts.segments(content, reference: UInt16(truncatingIfNeeded: id))?.map { part, tlvs in
                submit(part, message, validity, tlvs: tlvs)
            }
        }
        return MessageParts.split(content, reference: UInt8(truncatingIfNeeded: id))?.map { part in
            submit(part, message, validity, startsWithHeader: true)
        }
    }

    private func submit(
        _ content: MessageContent,
        _ message: OutgoingSMS,
        _ validity: SMPP.ValidityPeriod,
        startsWithHeader: Bool = false,
        asPayload: Bool = false,
        tlvs: [TLV] = []
    ) -> SubmitSM {
        var submit = SubmitSM(
            from: Self.source(message.sender),
            to: message.recipient,
            content: content,
            validity: validity,
            serviceType: serviceType,
            registeredDelivery: registeredDelivery,
            startsWithHeader: startsWithHeader,
            asPayload: asPayload,
            tlvs: tlvs
        )
        if let dataCoding, !content.isUCS2 { submit.dataCoding = dataCoding }
        if let type = types.sourceTON { submit.source.typeOfNumber = type }
        if let plan = types.sourceNPI { submit.source.numberingPlan = plan }
        if let type = types.destinationTON { submit.destination.typeOfNumber = type }
        if let plan = types.destinationNPI { submit.destination.numberingPlan = plan }
        return submit
    }

    private func validity(of message: OutgoingSMS, _ unixTime: () -> Int64) -> SMPP.ValidityPeriod {
        let seconds = min(message.validitySeconds, longestValidity)
        switch validityForm {
        case .relative: return .relative(seconds: seconds)
        case .absolute: return .absolute(unixSeconds: unixTime() + Int64(seconds))
        }
    }

    private static func source(_ sender: SenderID) -> SourceAddress {
        switch sender.kind {
        case .alphanumeric: .alphanumeric(sender.value)
        case .international: .international(sender.value)
        }
    }
}

extension MessageContent {
    fileprivate var isUCS2: Bool {
        if case .ucs2 = self { true } else { false }
    }
}
