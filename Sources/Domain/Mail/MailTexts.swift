/// The texts of e-mails as somebody set them; nil: what stands above holds, the practice's or the product's own.
public struct MailTexts: Hashable, Sendable {
    public let subject: MailTemplate?
    public let body: MailTemplate?

    public init(subject: MailTemplate? = nil, body: MailTemplate? = nil) {
        self.subject = subject
        self.body = body
    }
}
