/// A value as IMAP writes it (RFC 9051 §4).
indirect enum IMAPValue: Hashable, Sendable {
    case null
    /// Also a number, a flag, and a section such as `BODY[HEADER.FIELDS (FROM)]<0>`.
    case atom(String)
    /// Quoted or literal; any octets.
    case string([UInt8])
    case list([IMAPValue])

    /// As text, whichever way it was written; nil for a list and for NIL.
    var text: String? {
        switch self {
        case .atom(let text): text
        case .string(let bytes): String(decoding: bytes, as: UTF8.self)
        case .null, .list: nil
        }
    }

    var number: UInt32? { text.flatMap { UInt32($0) } }

    var octets: [UInt8]? {
        switch self {
        case .atom(let text): Array(text.utf8)
        case .string(let bytes): bytes
        case .null, .list: nil
        }
    }

    var list: [IMAPValue]? {
        if case .list(let values) = self { values } else { nil }
    }
}

/// One answer of a server (RFC 9051 §7).
enum IMAPAnswer: Hashable, Sendable {
    enum Status: String, Sendable {
        case ok = "OK"
        case no = "NO"
        case bad = "BAD"
        case bye = "BYE"
        case preauthenticated = "PREAUTH"
    }

    /// It waits for the rest of a command.
    case goOn
    /// - Parameters:
    ///   - tag: nil for an untagged one.
    ///   - code: what stands in brackets, its first word in upper case; empty where there is none.
    case status(tag: String?, Status, code: [String], text: String)
    /// - Parameter number: before the name, as in `12 EXISTS`.
    case data(number: UInt32?, name: String, values: [IMAPValue])
}

/// Why an answer cannot be taken.
enum IMAPFault: Error, Hashable, Sendable {
    case tooLarge
    case malformed
}
