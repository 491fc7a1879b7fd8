import Domain
import Foundation

/// A text with places that a message fills: `to={to}&text={text}`. Other braces stand for themselves.
struct Template: Sendable {
    enum Place: String, CaseIterable, Sendable {
        /// `+43…`, `43…`, `0043…`.
        case to
        case toDigits = "to-digits"
        case toZeros = "to-00"
        /// `43…` or the name; `+43…` or the name; `alphanumeric` or `international`.
        case from
        case fromPlus = "from-plus"
        case fromKind = "from-kind"
        case text
        /// Hexadecimal octets as SMPP carries them: GSM 03.38 unpacked, or UTF-16 with the high octet first.
        case textHex = "text-hex"
        /// data_coding of SMPP: 0 for GSM 03.38, 8 for UCS-2.
        case coding
        /// `true` where the text is not in GSM 03.38; the same as 1 and 0.
        case unicode
        case unicodeDigit = "unicode-digit"
        case segments
        case reference
        case validitySeconds = "validity-seconds"
        case validityMinutes = "validity-minutes"
        case user, secret, callback
        /// The provider's id; for asking only.
        case id
    }

    /// What the filled text is part of.
    enum Context: Sendable {
        case url, form, json, xml, plain

        init(contentType: String) {
            let type = contentType.lowercased()
            self =
                if type.hasPrefix("application/x-www-form-urlencoded") {
                    .form
                } else if type.contains("json") {
                    .json
                } else if type.contains("xml") {
                    .xml
                } else {
                    .plain
                }
        }

        fileprivate func escaped(_ text: String) -> String {
            switch self {
            case .url, .form: FormFields.encoded(text)
            case .json: JSON.escaped(text)
            case .xml:
                text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                    .replacing("\"", with: "&quot;").replacing("'", with: "&apos;")
            case .plain: text
            }
        }
    }

    private enum Piece: Sendable {
        case words(String)
        case place(Place)
    }

    private let pieces: [Piece]
    private let context: Context

    /// - Throws: ``ProviderProblem/option(name:allowed:)`` for a place that looks like one and is unknown.
    init(_ text: String, option: String, context: Context) throws(ProviderProblem) {
        var pieces: [Piece] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            let inner = rest[rest.index(after: open)...]
            let name = inner.prefix { $0 == "-" || $0.isASCII && ($0.isLowercase || $0.isNumber) }
            guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == "}" else {
                pieces.append(.words(String(rest[...open])))
                rest = inner
                continue
            }
            guard let place = Place(rawValue: String(name)) else {
                let known = Place.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                throw .option(name: option, allowed: "a text whose places are among \(known)")
            }
            pieces.append(.words(String(rest[..<open])))
            pieces.append(.place(place))
            rest = rest[rest.index(after: name.endIndex)...]
        }
        pieces.append(.words(String(rest)))
        self.pieces = pieces
        self.context = context
    }

    func has(_ place: Place) -> Bool {
        pieces.contains { if case .place(place) = $0 { true } else { false } }
    }

    /// A place without a value stays empty.
    func filled(_ values: [Place: String]) -> String {
        pieces.map { piece in
            switch piece {
            case .words(let words): words
            case .place(let place): context.escaped(values[place] ?? "")
            }
        }.joined()
    }
}

extension [Template.Place: String] {
    /// What a message fills in.
    init(_ message: OutgoingSMS, user: String, secret: String, callback: String?) {
        let isGSM = message.encoding.alphabet == .gsm
        let octets =
            isGSM
            ? GSM0338.encode(message.text) ?? [] : message.text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        self = [
            .to: message.recipient,
            .toDigits: String(message.recipient.dropFirst()),
            .toZeros: "00" + message.recipient.dropFirst(),
            .from: message.sender.bare,
            .fromPlus: message.sender.plussed,
            .fromKind: message.sender.kind.rawValue,
            .text: message.text,
            .textHex: HookSignature.hex(octets),
            .coding: isGSM ? "0" : "8",
            .unicode: isGSM ? "false" : "true",
            .unicodeDigit: isGSM ? "0" : "1",
            .segments: String(message.encoding.segments),
            .reference: AttemptReference.of(message),
            .validitySeconds: String(message.validitySeconds),
            .validityMinutes: String(Swift.max(message.validitySeconds / 60, 1)),
            .user: user,
            .secret: secret,
            .callback: callback ?? "",
        ]
    }
}
