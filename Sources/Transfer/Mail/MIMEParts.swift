import CGMime

/// A message of any origin, taken apart. Nothing in it is trusted; what lies too deep or beyond is left out.
public struct MIMEParts: Sendable {
    public struct Part: Hashable, Sendable {
        /// 0 for the message itself.
        public let depth: Int
        /// `multipart/report`, in lower case; `message/rfc822` for the message itself and for one that is contained.
        public let type: String
        /// Decoded, of text in UTF-8; empty for what only contains others.
        public let content: String
        /// By names in lower case: those of ``MIMEParts/fieldNames`` that it has, decoded.
        public let fields: [String: String]
        /// By names in lower case: those of ``MIMEParts/parameterNames`` that it has.
        public let parameters: [String: String]
    }

    /// The message itself first; the outer before the inner.
    public let parts: [Part]

    public static let fieldNames = [
        "message-id", "from", "to", "subject", "return-path", "auto-submitted", "x-failed-recipients", "content-type",
    ]
    public static let parameterNames = ["report-type"]

    /// - Parameter limit: how many octets of it are read.
    public init(_ octets: [UInt8], limit: Int = 256 * 1024, deepest: Int32 = 8, most: Int = 40) {
        guard MIMELibrary.isStarted, !octets.isEmpty else {
            parts = []
            return
        }
        parts = octets.prefix(limit).withUnsafeBytes { buffer in
            let start = buffer.bindMemory(to: CChar.self).baseAddress
            guard let read = vortag_mime_parts_read(start, buffer.count, deepest, most) else { return [] }
            defer { vortag_mime_parts_free(read) }
            return (0..<vortag_mime_parts_count(read)).map { Self.part($0, of: read) }
        }
    }

    private static func part(_ number: Int, of read: OpaquePointer) -> Part {
        var length = 0
        let content = MIMELibrary.octets(vortag_mime_part_content(read, number, &length), length) ?? []
        return Part(
            depth: Int(vortag_mime_part_depth(read, number)),
            type: MIMELibrary.text(vortag_mime_part_type(read, number))?.lowercased() ?? "",
            content: String(decoding: content, as: UTF8.self),
            fields: values(of: fieldNames) { vortag_mime_part_field(read, number, $0) },
            parameters: values(of: parameterNames) { vortag_mime_part_parameter(read, number, $0) }
        )
    }

    private static func values(
        of names: [String],
        _ value: (String) -> UnsafeMutablePointer<CChar>?
    ) -> [String: String] {
        var values: [String: String] = [:]
        for name in names { values[name] = MIMELibrary.text(value(name)) }
        return values
    }
}
