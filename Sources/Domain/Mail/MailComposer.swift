import Foundation

/// Renders the e-mail of a reminder or a correction.
public enum MailComposer {
    /// nil where the context has nothing to write one of.
    public static func compose(_ context: ReminderContext, by mailbox: Mailbox) -> ComposedMail? {
        guard let mail = context.mail, let recipient = context.email else { return nil }
        let start = WallTime.of(context.start, in: context.timeZone)
        let isCancelled = context.status == .cancelled
        let (subject, text) = words(context, mail, start: start, isCancelled: isCancelled)
        return ComposedMail(
            sender: sender(mailbox, practice: context.practiceName),
            recipient: recipient,
            recipientName: [mail.firstName, mail.lastName].filter { !$0.isEmpty }.joined(separator: " "),
            subject: subject,
            text: text,
            language: context.language,
            calendar: CalendarEntry(
                method: isCancelled ? .cancel : .request,
                uid: "\(context.reminder.appointmentID).\(mail.calendarWord)@vortag",
                sequence: mail.sequence,
                start: context.start,
                end: mail.end,
                summary: MailWords.summary(practice: context.practiceName, context.language),
                place: place(context, mail)
            ),
            tells: isCancelled ? nil : start
        )
    }

    public static func sender(_ mailbox: Mailbox, practice: String) -> MailSender {
        MailSender(
            address: mailbox.address,
            displayName: mailbox.displayName.isEmpty ? practice : mailbox.displayName,
            replyTo: mailbox.replyTo,
            isCopied: mailbox.sentCopy == .append
        )
    }

    private static func words(
        _ context: ReminderContext,
        _ mail: MailContext,
        start: WallTime,
        isCancelled: Bool
    ) -> (subject: String, text: String) {
        if context.reminder.purpose == .correction {
            let told = context.reminder.toldStart ?? start
            return (
                MailWords.correctionSubject(told: told, start: start, cancelled: isCancelled, context.language),
                MailWords.correctionBody(
                    told: told,
                    start: start,
                    cancelled: isCancelled,
                    place: place(context, mail),
                    practice: context.practiceName,
                    context.language
                )
            )
        }
        let fill = { value(of: $0, context, mail, start) }
        let subject = (mail.subject ?? MailWords.subject(context.language)).render(fill)
        // What is filled in may hold line ends; a subject is one line.
        let line = subject.split(whereSeparator: \.isNewline).joined(separator: " ")
        return (line, (mail.body ?? MailWords.body(context.language)).render(fill))
    }

    private static func value(
        of placeholder: MailPlaceholder,
        _ context: ReminderContext,
        _ mail: MailContext,
        _ start: WallTime
    ) -> String {
        switch placeholder {
        case .firstName: mail.firstName
        case .lastName: mail.lastName
        case .weekday: MailWords.weekday(start.date, context.language)
        case .date: MailWords.date(start.date)
        case .time: MailWords.clock(start)
        case .location: context.locationName
        case .address: mail.address.isEmpty ? context.locationName : mail.address
        case .practitioner: mail.practitioner.isEmpty ? context.practiceName : mail.practitioner
        case .practice: context.practiceName
        }
    }

    private static func place(_ context: ReminderContext, _ mail: MailContext) -> String {
        mail.address.isEmpty ? context.locationName : "\(context.locationName), \(mail.address)"
    }
}
