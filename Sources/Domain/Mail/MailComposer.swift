import Foundation

/// Renders the e-mail of a reminder or a correction.
public enum MailComposer {
    /// nil where the context has nothing to write one of.
    public static func compose(_ context: ReminderContext, by mailbox: Mailbox) -> ComposedMail? {
        guard let mail = context.mail, let recipient = context.email else { return nil }
        let start = WallTime.of(context.start, in: context.timeZone)
        let isCancelled = context.status == .cancelled
        let facts = facts(context, mail, start)
        let (subject, text) = words(context, mail, facts, isCancelled: isCancelled)
        return ComposedMail(
            sender: sender(mailbox, practice: context.practiceName),
            recipient: recipient,
            recipientName: MailTemplate.harmless(
                [mail.firstName, mail.lastName].filter { !$0.isEmpty }.joined(separator: " ")
            ),
            subject: subject,
            text: text,
            language: context.language,
            calendar: CalendarEntry(
                method: isCancelled ? .cancel : .request,
                uid: "\(context.reminder.appointmentID).\(mail.calendarWord)@vortag",
                sequence: mail.sequence,
                start: context.start,
                end: mail.end,
                summary: MailTemplate.harmless(MailWords.summary(practice: context.practiceName, context.language)),
                place: MailTemplate.harmless(facts.place)
            ),
            tells: isCancelled ? nil : start,
            link: context.link
        )
    }

    public static func sender(_ mailbox: Mailbox, practice: String) -> MailSender {
        MailSender(
            address: mailbox.address,
            displayName: MailTemplate.harmless(mailbox.displayName.isEmpty ? practice : mailbox.displayName),
            replyTo: mailbox.replyTo,
            isCopied: mailbox.sentCopy == .append
        )
    }

    private static func words(
        _ context: ReminderContext,
        _ mail: MailContext,
        _ facts: MailFacts,
        isCancelled: Bool
    ) -> (subject: String, text: String) {
        guard context.reminder.purpose == .correction else {
            return (facts.subject(mail.subject), facts.body(mail.body))
        }
        let told = context.reminder.toldStart ?? facts.start
        let toldPlace = context.reminder.toldLocation.flatMap { $0 == facts.location ? nil : $0 }
        return (
            MailWords.correctionSubject(
                told: told,
                start: facts.start,
                cancelled: isCancelled,
                hasMoved: toldPlace != nil,
                context.language
            ),
            MailWords.correctionBody(
                told: told,
                start: facts.start,
                cancelled: isCancelled,
                place: MailTemplate.harmless(facts.place),
                toldPlace: toldPlace.map(MailTemplate.harmless),
                practice: MailTemplate.harmless(facts.practice),
                context.language
            )
        )
    }

    private static func facts(_ context: ReminderContext, _ mail: MailContext, _ start: WallTime) -> MailFacts {
        MailFacts(
            firstName: mail.firstName,
            lastName: mail.lastName,
            start: start,
            location: context.locationName,
            address: mail.address,
            practitioner: mail.practitioner,
            practice: context.practiceName,
            language: context.language
        )
    }
}
