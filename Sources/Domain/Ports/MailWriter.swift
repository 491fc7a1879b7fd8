import Foundation

/// What an e-mail needs beside its words: names that stay the same however often it is tried, and a date.
public struct MailMarks: Hashable, Sendable {
    /// What stands in Message-ID between the angle brackets (RFC 5322 §3.6.4).
    public let name: String
    public let date: Date
    /// The address of the page by which the patient ends e-mails (List-Unsubscribe, RFC 2369; one click, RFC 8058);
    /// nil where the installation cannot be reached from outside.
    public let unsubscribeURL: String?

    public init(name: String, date: Date, unsubscribeURL: String? = nil) {
        self.name = name
        self.date = date
        self.unsubscribeURL = unsubscribeURL
    }
}

/// Makes a message of the Internet Message Format (RFC 5322) of it: the exact bytes that leave. Lines end in CRLF.
///
/// Throws where it cannot be written, such as for want of memory; never for what stands in it.
public typealias MailWriter = @Sendable (ComposedMail, MailMarks) throws -> [UInt8]
