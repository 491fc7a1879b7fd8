import CGMime

/// Why a message cannot be written.
public enum MIMEFailure: Error, Hashable, Sendable {
    /// One of its addresses has characters that no address of ours has.
    case address
    case memory
    /// A line came out longer than 998 octets (RFC 5322 §2.1.1).
    case longLine
}

/// A message of several alternatives (RFC 5322, RFC 2046 §5.1.4), whatever its texts hold: they are cleaned and encoded so
/// that nothing in them can become a field, an address or a part.
public struct MIMEMessage: Sendable {
    public struct Mailbox: Hashable, Sendable {
        /// Empty where there is none.
        public let name: String
        public let address: String

        public init(name: String = "", address: String) {
            self.name = name
            self.address = address
        }
    }

    /// A field of words in printable ASCII; anything else in them is left out. Lines are broken between the words only.
    public struct Field: Hashable, Sendable {
        let name: String
        let words: [String]

        public init(_ name: String, _ words: [String]) {
            self.name = String(name.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || $0 == "-") })
            self.words = words.map { String($0.unicodeScalars.filter { (0x20...0x7E).contains($0.value) }) }
        }

        public init(_ name: String, _ value: String) { self.init(name, value.split(separator: " ").map(String.init)) }

        /// A mailbox; quoted where its name needs it, its domain in ASCII.
        init(_ name: String, of mailbox: Mailbox) {
            let written = MIMELibrary.text(
                vortag_mime_mailbox(
                    EncodedWords.phrase(MIMEText.line(mailbox.name, upTo: 200)),
                    MailAddressForm.ascii(mailbox.address)
                )
            )
            self.name = name
            words = written?.split(separator: " ").map(String.init) ?? []
        }

        /// With lines of up to 76 octets where the words allow it, which end in LF.
        var folded: String {
            var line = name.utf8.count + 1
            var value = ""
            for word in words where !word.isEmpty {
                let isFirst = value.isEmpty
                let breaks = !isFirst && line + 1 + word.utf8.count > 76
                value += isFirst ? word : (breaks ? "\n " : " ") + word
                line = (breaks ? 0 : line) + 1 + word.utf8.count
            }
            return value
        }
    }

    public struct Alternative: Hashable, Sendable {
        /// `plain`, `html`, `calendar`
        let subtype: String
        let parameter: (name: String, value: String)?
        let text: String
        let isBase64: Bool

        /// Written as quoted-printable, or in Base64 where that is shorter.
        public init(_ subtype: String, _ text: String) {
            self.subtype = subtype
            self.text = MIMEText.lines(text)
            parameter = nil
            isBase64 = self.text.utf8.count(where: { $0 >= 0x80 }) * 4 > self.text.utf8.count
        }

        /// Written as the octets that it is, in Base64.
        public init(_ subtype: String, _ parameter: (name: String, value: String), exactly text: String) {
            self.subtype = subtype
            self.parameter = parameter
            self.text = text
            isBase64 = true
        }

        /// Text in Base64 has the line ends of its canonical form (RFC 2046 §4.1.1).
        fileprivate var octets: [UInt8] {
            guard isBase64, parameter == nil else { return Array(text.utf8) }
            return text.utf8.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
        }

        public static func == (one: Alternative, other: Alternative) -> Bool {
            (one.subtype, one.text, one.isBase64) == (other.subtype, other.text, other.isBase64)
                && one.parameter?.name == other.parameter?.name && one.parameter?.value == other.parameter?.value
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(subtype)
            hasher.combine(text)
        }
    }

    public var from: Mailbox
    public var to: Mailbox
    public var replyTo: Mailbox?
    public var subject: String
    /// What stands between the angle brackets.
    public var messageID: String
    public var fields: [Field]
    /// The best one last.
    public var alternatives: [Alternative]

    public init(
        from: Mailbox,
        to: Mailbox,
        replyTo: Mailbox? = nil,
        subject: String,
        messageID: String,
        fields: [Field] = [],
        alternatives: [Alternative]
    ) {
        self.from = from
        self.to = to
        self.replyTo = replyTo
        self.subject = subject
        self.messageID = messageID
        self.fields = fields
        self.alternatives = alternatives
    }

    /// The exact octets: lines end in CRLF and have 998 octets at most, all of them ASCII unless an address has a local
    /// part that is not (RFC 6532). The same message gives the same octets.
    public func octets() throws(MIMEFailure) -> [UInt8] {
        let addresses = [from, to] + (replyTo.map { [$0] } ?? [])
        guard MIMELibrary.isStarted, addresses.allSatisfy({ MailAddressForm.isPlain($0.address) }) else {
            throw .address
        }
        guard let draft = vortag_mime_draft_new(boundary) else { throw .memory }
        defer { vortag_mime_draft_free(draft) }
        let own = [
            Field("From", of: from), Field("To", of: to),
            replyTo.map { Field("Reply-To", of: $0) } ?? Field("", []),
            Field("Subject", EncodedWords.of(MIMEText.line(subject))),
            Field("Message-ID", ["<\(MailAddressForm.ascii(messageID))>"]),
        ]
        for field in own + fields where !field.name.isEmpty {
            vortag_mime_draft_field(draft, field.name, field.folded)
        }
        for alternative in alternatives { add(alternative, to: draft) }
        var length = 0
        guard let octets = MIMELibrary.octets(vortag_mime_draft_write(draft, &length), length) else { throw .memory }
        guard octets.split(separator: 0x0A, omittingEmptySubsequences: false).allSatisfy({ $0.count <= 999 }) else {
            throw .longLine
        }
        return octets
    }

    /// Begins with what neither quoted-printable nor Base64 can contain (RFC 2045 §6.7).
    private var boundary: String {
        "=_"
            + messageID.unicodeScalars.filter { $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9") ~= $0) }
            .prefix(40).map(String.init).joined()
    }

    private func add(_ alternative: Alternative, to draft: OpaquePointer) {
        let octets = alternative.octets
        octets.withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            let (name, value) = (alternative.parameter?.name, alternative.parameter?.value)
            vortag_mime_draft_text(
                draft,
                alternative.subtype,
                name,
                value,
                start,
                octets.count,
                alternative.isBase64
            )
        }
    }
}
