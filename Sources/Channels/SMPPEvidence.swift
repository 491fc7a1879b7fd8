import Domain
import Foundation
import SMPP

extension ReceiptEvidence {
    /// What a receipt says beside the id. It travels from the message's recipient to its sender, so its source is whom
    /// the message went to. nil where that is no international number.
    init?(_ receipt: SMPPReceipt, from source: Address, to destination: Address) {
        guard let recipient = Self.international(source) else { return nil }
        let number = destination.typeOfNumber == 5 ? nil : Self.international(destination)
        self.init(
            recipient: "+" + recipient,
            sender: number.map { "00" + $0 } ?? destination.value,
            submitted: receipt.submitDate.flatMap(SMPPTime.unixSeconds).map {
                Date(timeIntervalSince1970: TimeInterval($0))
            },
            snippet: receipt.snippet
        )
    }

    /// Calling code and number as digits. SMSCs write them with `+`, with `00` or bare, and many leave the type of number
    /// unknown; a national number, which begins with one 0, cannot be told apart from another country's.
    static func international(_ address: Address) -> String? {
        let digits = address.value.hasPrefix("+") ? address.value.dropFirst() : address.value[...]
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let bare = digits.hasPrefix("00") ? digits.dropFirst(2) : digits
        // E.164: at most 15 digits, no calling code begins with 0.
        guard (7...15).contains(bare.utf8.count), !bare.hasPrefix("0") else { return nil }
        return String(bare)
    }
}
