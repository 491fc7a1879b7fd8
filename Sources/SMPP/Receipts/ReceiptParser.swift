/// Reads a receipt from its TLVs (SMPP 3.4 §5.3.2) and from its text (Appendix B), which every vendor spells
/// in its own way: any case, any order, parts missing, ids with blanks or dashes, a NUL at the end.
public enum ReceiptParser {
    /// The receipt, or nil where the message is none.
    ///
    /// A message counts as a receipt when esm_class says so, or when it carries receipted_message_id. The text
    /// alone is no proof: anybody can write `id:1 stat:DELIVRD` in an SMS.
    public static func parse(_ message: InboundMessage) -> SMPPReceipt? {
        let tlvID = identifier(message.tlvs.string(.receiptedMessageID))
        guard message.isMarkedAsReceipt || tlvID != nil else { return nil }
        let octets = textOctets(of: message)
        let fields = ReceiptText.fields(of: octets)
        let textID = identifier(fields[.id])
        guard let id = tlvID ?? textID else { return nil }
        let tlvState = message.tlvs.value(.messageState)?.first.flatMap(MessageState.init(rawValue:))
        return SMPPReceipt(
            messageID: id,
            alternativeID: textID == id ? nil : textID,
            state: tlvState ?? fields[.state].flatMap { MessageState(word: $0) },
            errorCode: fields[.error] ?? message.tlvs.value(.networkErrorCode).map(hexadecimal),
            submitDate: fields[.submitDate],
            doneDate: fields[.doneDate],
            snippet: fields[.text].map { String($0.prefix(20)) } ?? "",
            text: String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self)
        )
    }

    /// The text with one octet a character: UCS-2 (data_coding 8) is narrowed, since receipts are plain ASCII.
    private static func textOctets(of message: InboundMessage) -> [UInt8] {
        let octets = message.content.octets
        guard message.dataCoding == 8, octets.count.isMultiple(of: 2) else { return octets }
        return stride(from: 0, to: octets.count, by: 2).map { index in
            octets[index] == 0 ? octets[index + 1] : UInt8(ascii: "?")
        }
    }

    /// An id may hold blanks, but ends with its line.
    private static func identifier(_ text: String?) -> String? {
        guard let octets = text?.utf8.drop(while: { $0 <= 0x20 }).prefix(while: { $0 >= 0x20 }) else { return nil }
        let id = ReceiptText.trimmedString(Array(octets)[...])
        return id.isEmpty ? nil : id
    }

    private static func hexadecimal(_ octets: [UInt8]) -> String {
        octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// The `key:value` pairs of a receipt's text.
enum ReceiptText {
    enum Field: Sendable {
        case id, submitted, delivered, submitDate, doneDate, state, error, text
    }

    /// Every spelling of every key, longer ones first.
    private static let keys: [(name: [UInt8], field: Field)] = spellings.map { (Array($0.0.utf8), $0.1) }

    private static let spellings: [(String, Field)] = [
        ("message_id", .id), ("messageid", .id), ("msgid", .id), ("id", .id),
        ("submit date", .submitDate), ("submit_date", .submitDate), ("submitdate", .submitDate),
        ("done date", .doneDate), ("done_date", .doneDate), ("donedate", .doneDate),
        ("sub", .submitted), ("dlvrd", .delivered), ("status", .state), ("stat", .state),
        ("error", .error), ("err", .error), ("text", .text),
    ]

    /// The first value of each key. Once id and state are known, what follows `text:` is the message's own
    /// text and is not searched: a patient's words must not change a receipt.
    static func fields(of octets: [UInt8]) -> [Field: String] {
        var found: [Field: String] = [:]
        var open: (field: Field, start: Int)?
        var index = 0
        while index < octets.count {
            guard let (field, valueStart) = key(in: octets, at: index) else {
                index += 1
                continue
            }
            close(open, at: index, in: octets, into: &found)
            open = (field, valueStart)
            index = valueStart
            if field == .text, found[.id] != nil, found[.state] != nil { break }
        }
        close(open, at: octets.count, in: octets, into: &found)
        return found
    }

    private static func close(
        _ open: (field: Field, start: Int)?,
        at end: Int,
        in octets: [UInt8],
        into found: inout [Field: String]
    ) {
        guard let open, found[open.field] == nil else { return }
        let value = trimmedString(octets[open.start..<end])
        if !value.isEmpty || open.field == .text { found[open.field] = value }
    }

    /// The key that begins here, at the start of a word, and where its value begins.
    private static func key(in octets: [UInt8], at index: Int) -> (Field, Int)? {
        guard index == 0 || isSeparator(octets[index - 1]), octets[index] | 0x20 >= 0x61 else { return nil }
        for (name, field) in keys where octets.count - index > name.count {
            guard zip(octets[index...], name).allSatisfy({ folded($0) == $1 }) else { continue }
            var end = index + name.count
            while end < octets.count, octets[end] == 0x20 { end += 1 }
            if end < octets.count, octets[end] == UInt8(ascii: ":") || octets[end] == UInt8(ascii: "=") {
                return (field, end + 1)
            }
        }
        return nil
    }

    private static func folded(_ octet: UInt8) -> UInt8 {
        octet >= 0x41 && octet <= 0x5A ? octet | 0x20 : octet
    }

    private static func isSeparator(_ octet: UInt8) -> Bool {
        octet <= 0x20 || octet == UInt8(ascii: ",") || octet == UInt8(ascii: ";") || octet == UInt8(ascii: "|")
    }

    /// Without blanks, NULs, commas, semicolons or quotes at either end.
    static func trimmedString(_ octets: ArraySlice<UInt8>) -> String {
        func isEdge(_ octet: UInt8) -> Bool { isSeparator(octet) || octet == 0x22 || octet == 0x27 }
        guard let start = octets.firstIndex(where: { !isEdge($0) }),
            let end = octets.lastIndex(where: { !isEdge($0) })
        else { return "" }
        return String(decoding: octets[start...end], as: UTF8.self)
    }
}
