import Domain
import Foundation
import Interchange
import Transfer

/// Makes messages of the Internet Message Format: a text, the same for programs that show HTML, and the calendar entry.
public enum MailComposition {
    /// As ``MailWriter``. The same mail with the same marks gives the same octets.
    ///
    /// - Throws: ``MIMEFailure`` or ``CalendarFailure``; neither for what stands in a mail whose addresses were parsed.
    public static func write(_ mail: ComposedMail, _ marks: MailMarks) throws -> [UInt8] {
        let link = marks.unsubscribeURL.flatMap(UnsubscribeLink.init)
        var alternatives = [
            MIMEMessage.Alternative("plain", text(mail, link)),
            MIMEMessage.Alternative("html", MailHTML.page(mail, unsubscribeURL: link?.url)),
        ]
        if let entry = mail.calendar {
            let calendar = try CalendarWriter.write(
                entry,
                organizer: CalendarParty(
                    name: MIMEText.line(mail.sender.displayName, upTo: 200),
                    address: MailAddressForm.ascii(mail.sender.address.value)
                ),
                attendee: CalendarParty(
                    name: MIMEText.line(mail.recipientName, upTo: 200),
                    address: MailAddressForm.ascii(mail.recipient.value)
                ),
                stamp: marks.date
            )
            // RFC 6047 §2.4: the parameter says the same as the entry.
            alternatives.append(
                MIMEMessage.Alternative("calendar", ("method", entry.method.rawValue), exactly: calendar)
            )
        }
        return try MIMEMessage(
            from: MIMEMessage.Mailbox(name: mail.sender.displayName, address: mail.sender.address.value),
            to: MIMEMessage.Mailbox(name: mail.recipientName, address: mail.recipient.value),
            replyTo: mail.sender.replyTo.map { MIMEMessage.Mailbox(address: $0.value) },
            subject: mail.subject,
            messageID: marks.name,
            fields: fields(mail, marks, link),
            alternatives: alternatives
        ).octets()
    }

    private static func fields(_ mail: ComposedMail, _ marks: MailMarks, _ link: UnsubscribeLink?) -> [MIMEMessage
        .Field]
    {
        let asking = mailto(mail.sender.replyTo ?? mail.sender.address, subject: MailWords.unsubscribe(mail.language))
        var fields = [
            MIMEMessage.Field("Date", InternetDate.text(marks.date)),
            // RFC 3834 §5, and what Exchange heeds instead: no notices of absence in return.
            MIMEMessage.Field("Auto-Submitted", "auto-generated"),
            MIMEMessage.Field("X-Auto-Response-Suppress", "OOF, AutoReply"),
            MIMEMessage.Field("Content-Language", mail.language.rawValue),
            MIMEMessage.Field("List-Unsubscribe", (link.map { ["<\($0.url)>,"] } ?? []) + ["<\(asking)>"]),
        ]
        if link?.isOneClick == true {
            fields.append(MIMEMessage.Field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
        }
        return fields
    }

    /// RFC 6068 §2
    private static func mailto(_ address: EmailAddress, subject: String) -> String {
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        let encoded = { (text: String, also: String) in
            text.addingPercentEncoding(withAllowedCharacters: plain.union(CharacterSet(charactersIn: also))) ?? ""
        }
        return "mailto:" + encoded(MailAddressForm.ascii(address.value), "@") + "?subject=" + encoded(subject, "")
    }

    /// The line `-- ` tells programs that what follows is no part of the letter (RFC 3676 §4.3).
    private static func text(_ mail: ComposedMail, _ link: UnsubscribeLink?) -> String {
        let text = mail.text + (mail.link.map { "\n\n\(MailWords.page(mail.language)):\n\($0)" } ?? "")
        guard let link else { return text + "\n" }
        return "\(text)\n\n-- \n\(MailWords.unsubscribe(mail.language)): \(link.url)\n"
    }
}

/// The address of the page that ends e-mails.
struct UnsubscribeLink {
    let url: String
    /// A program may do it without a person only over an encrypted way (RFC 8058 §3.1).
    let isOneClick: Bool

    /// nil for what is no web address in printable ASCII, or has a character that a field would end it at.
    init?(_ url: String) {
        guard url.hasPrefix("https://") || url.hasPrefix("http://"),
            url.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"<>\",".utf8.contains($0) })
        else { return nil }
        self.url = url
        isOneClick = url.hasPrefix("https://")
    }
}
