import Domain
import SMPP

extension ProviderReference {
    /// An id in lower case and without leading zeros first, then read as decimal and as hexadecimal.
    init(_ id: String, base: ReceiptID.Base) {
        self.init(raw: id, spellings: Self.spellings(id, base))
    }

    /// A receipt may carry two ids, in the TLV and in the text, written in different bases.
    init(_ receipt: SMPPReceipt, base: ReceiptID.Base) {
        let ids = [receipt.messageID, receipt.alternativeID].compactMap { $0 }
        self.init(raw: receipt.messageID, spellings: ids.flatMap { Self.spellings($0, base) })
    }

    static func spellings(_ id: String, _ base: ReceiptID.Base) -> [String] {
        let stripped = id.lowercased().drop { $0 == "0" }
        return ReceiptID.normalForms(stripped.isEmpty ? "0" : String(stripped), base: base)
    }
}
