import Domain
import SMPP

extension ProviderReference {
    /// The id of an answer, kept in lower case and without leading zeros. Its other spellings are tried from the
    /// receipt's side.
    init(accepted id: String, furtherParts: [ProviderReference] = []) {
        self.init(raw: id, spellings: [Self.stripped(id)], furtherParts: furtherParts)
    }

    /// A receipt may carry two ids, in the TLV and in the text, written in different bases.
    init(_ receipt: SMPPReceipt, base: ReceiptID.Base) {
        let ids = [receipt.messageID, receipt.alternativeID].compactMap { $0 }
        self.init(raw: receipt.messageID, spellings: ids.flatMap { Self.spellings($0, base) })
    }

    private static func spellings(_ id: String, _ base: ReceiptID.Base) -> [String] {
        ReceiptID.normalForms(stripped(id), base: base)
    }

    private static func stripped(_ id: String) -> String {
        let stripped = id.lowercased().drop { $0 == "0" }
        return stripped.isEmpty ? "0" : String(stripped)
    }
}
