import Domain

@testable import Channels
@testable import SMPP

/// The octets as a deliver_sm: `<receipt><coding><length><id><text>`, where bit 0 of the first marks a receipt, bit 3 of
/// the second is data_coding 8, and the low five bits of the third are the octets of receipted_message_id that follow.
public enum ReceiptMessage {
    /// A sentence on what is wrong; nil where all is as it should be.
    public static func fault(in octets: [UInt8]) -> String? {
        guard let message = message(octets), let receipt = message.receipt else { return nil }
        let ids = [receipt.messageID, receipt.alternativeID].compactMap { $0 }
        if ids.contains(where: \.isEmpty) { return "an id is empty" }
        if ids.contains(where: { $0.utf8.contains { $0 < 0x20 } }) { return "an id holds a control character" }
        if receipt.alternativeID == receipt.messageID { return "the alternative id is the id" }
        if receipt.snippet.count > 20 { return "the snippet is long" }
        for base in ReceiptID.Base.allCases {
            let forms = ReceiptID.normalForms(receipt.messageID, base: base)
            if forms.first != receipt.messageID || Set(forms).count != forms.count {
                return "the forms are not in order"
            }
            if ProviderReference(receipt, base: base).key.isEmpty { return "the key is empty" }
        }
        if let date = receipt.submitDate.flatMap(SMPPTime.unixSeconds), !(0..<253_402_300_800).contains(date) {
            return "a date is out of range"
        }
        return evidenceFault(receipt, message)
    }

    private static func message(_ octets: [UInt8]) -> InboundMessage? {
        guard octets.count >= 3 else { return nil }
        let idEnd = min(3 + Int(octets[2] & 0x1F), octets.count)
        return InboundMessage(
            source: Address(
                typeOfNumber: 1,
                numberingPlan: 1,
                value: String(decoding: octets.suffix(14), as: UTF8.self)
            ),
            destination: Address(typeOfNumber: octets[1] & 7, numberingPlan: 0, value: "Praxis"),
            esmClass: octets[0] & 1 == 1 ? 0x04 : 0,
            dataCoding: octets[1] & 8,
            octets: Array(octets[idEnd...]),
            tlvs: idEnd > 3 ? [TLV(.receiptedMessageID, Array(octets[3..<idEnd]))] : []
        )
    }

    private static func evidenceFault(_ receipt: SMPPReceipt, _ message: InboundMessage) -> String? {
        guard let evidence = ReceiptEvidence(receipt, from: message.source, to: message.destination) else { return nil }
        let digits = evidence.recipient.dropFirst()
        guard evidence.recipient.hasPrefix("+"), (7...15).contains(digits.count) else { return "no E.164 number" }
        return digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) ? nil : "a number that is not of digits"
    }
}
