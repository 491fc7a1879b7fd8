import Domain

/// Makes messages of the Internet Message Format.
public enum MailComposition {
    /// As ``MailWriter``.
    public static func write(_ mail: ComposedMail, _ marks: MailMarks) throws -> [UInt8] {
        Array("Subject: \r\n\r\n".utf8)
    }
}
