/// A message with its envelope (RFC 5321 §2.3.1).
public struct SMTPMessage: Hashable, Sendable {
    public let sender: String
    public let recipient: String
    /// Lines end in CRLF; not dot-stuffed.
    public let bytes: [UInt8]

    public init(sender: String, recipient: String, bytes: [UInt8]) {
        self.sender = sender
        self.recipient = recipient
        self.bytes = bytes
    }

    /// What keeps it from being said to any server: an address or a line that would end early.
    var isSound: Bool {
        [sender, recipient].allSatisfy { address in
            !address.isEmpty
                && !address.unicodeScalars.contains {
                    $0.value <= 0x20 || $0.value == 0x7F || "<>".unicodeScalars.contains($0)
                }
        } && !bytes.isEmpty && Self.hasWholeLineEnds(bytes)
    }

    var needsUnicode: Bool { (sender + recipient).utf8.contains { $0 >= 0x80 } }
    var needsEightBit: Bool { bytes.contains { $0 >= 0x80 } }

    /// A lone CR or LF is the end of a line to some servers and none to others (RFC 5321 §2.3.8).
    private static func hasWholeLineEnds(_ bytes: [UInt8]) -> Bool {
        var last: UInt8 = 0
        for byte in bytes {
            if (byte == 0x0A) != (last == 0x0D) { return false }
            last = byte
        }
        return last != 0x0D
    }

    /// As it goes over the line: a dot more before one that begins a line, and the line that ends it all (RFC 5321
    /// §4.5.2, §4.1.1.4).
    var stuffed: [UInt8] {
        var all: [UInt8] = []
        all.reserveCapacity(bytes.count + bytes.count / 64 + 8)
        var beginsLine = true
        for byte in bytes {
            if beginsLine, byte == UInt8(ascii: ".") { all.append(byte) }
            all.append(byte)
            beginsLine = byte == 0x0A
        }
        if !beginsLine { all += [0x0D, 0x0A] }
        return all + [UInt8(ascii: "."), 0x0D, 0x0A]
    }
}

extension SMTPMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "message of \(bytes.count) octets" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// What became of handing a message over.
public enum SMTPResult: Hashable, Sendable {
    case accepted(SMTPReply)
    /// Surely not sent: the server said so, in answer to this.
    case refused(SMTPVerb, SMTPReply)
    /// Surely not sent: the final dot had not left.
    case notSent(SMTPTrouble)
    /// The final dot left, and no answer came that can be read.
    case unknown(SMTPTrouble)
    /// Surely not sent: this server cannot take this message.
    case impossible(SMTPObstacle)
    /// Surely not sent: there is no connection on which we are signed in.
    case noConnection(MailFailure)
    /// Surely not sent: there is nothing to sign in with.
    case noCredentials(CredentialProblem)
}

/// What the client was saying when the server answered.
public enum SMTPVerb: String, Hashable, Sendable {
    case mail = "MAIL"
    case recipient = "RCPT"
    case data = "DATA"
    /// The final dot.
    case end = "end of data"
}

/// Why there is no answer.
public enum SMTPTrouble: Hashable, Sendable {
    case ended(MailEnd)
    /// What came is no reply of SMTP, or not one that fits.
    case garbage
}

public enum SMTPObstacle: Hashable, Sendable {
    /// An address is not of ASCII alone, and the server does not know such ones (RFC 6531).
    case unicodeAddress
    case eightBit
    /// It is larger than the server says that it takes (RFC 1870).
    case tooLarge(limit: Int)
    /// An address or a line end that cannot be said.
    case unsound
}

/// Why there are no credentials to sign in with; says what to do, names no secret.
public struct CredentialProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    /// They were refused, so that trying again does not help.
    public let isFinal: Bool

    public init(_ description: String, isFinal: Bool) {
        self.description = description
        self.isFinal = isFinal
    }
}
