import Foundation

/// What is to happen with a due reminder.
public enum Composition: Hashable, Sendable {
    case message(ComposedMessage)
    /// Never sent; the reason stays on record.
    case skip(SkipReason)
    /// Not now; looked at again until the latest send time.
    case wait(SkipReason)
    /// Not before the instant: a correction does not disturb at night.
    case putOff(until: Date)
}

/// Decides and renders at send time, from what is true then (rules 5, 6, 12).
public enum MessageComposer {
    /// Whether the reminder may leave; nil if nothing stands against it. `now` may lie before the due time, for a
    /// forecast: then the answer is what would happen if everything stayed as it is.
    public static func obstacle(_ context: ReminderContext, now: Date) -> SkipReason? {
        if context.reminder.purpose == .reminder {
            if context.status != .booked { return .cancelled }
            if context.generation != context.reminder.generation || context.patientMoved { return .moved }
        }
        if now > context.reminder.latestAt { return .tooLateToSend }
        if context.consent == .withdrawn, context.reminder.purpose != .confirmation { return .consentWithdrawn }
        switch context.reminder.channel {
        case .sms: if context.mobile == nil { return .noMobile }
        case .email: if context.email == nil { return .noEmail }
        }
        if context.practicePaused { return .practicePaused }
        if !context.channelEnabled { return .channelOff }
        // What corrects a message that left is not what makes a month dear.
        if context.limitReached, context.reminder.channel == .sms, context.reminder.purpose == .reminder {
            return .monthlyLimit
        }
        return nil
    }

    /// Why there would be no message now, without one being written; nil also for what is put off.
    ///
    /// - Parameter hasCarrier: whether a provider could carry it to this number, or a mailbox to this address.
    public static func reason(against context: ReminderContext, hasCarrier: Bool, now: Date) -> SkipReason? {
        if let reason = obstacle(context, now: now) { return reason }
        if putOff(context, now: now) != nil { return nil }
        if context.reminder.channel == .email { return hasCarrier ? nil : .noMailbox }
        return hasCarrier && ends(context, now: now) != nil ? nil : .noProvider
    }

    /// The message of a due reminder, or why there is none.
    ///
    /// - Parameters:
    ///   - hasProvider: whether someone could carry an SMS to this number.
    ///   - mailbox: by which an e-mail would leave; nil where there is none.
    public static func compose(
        _ context: ReminderContext,
        hasProvider: Bool,
        mailbox: Mailbox? = nil,
        now: Date
    ) -> Composition {
        if let reason = obstacle(context, now: now) {
            return reason.mayPass ? .wait(reason) : .skip(reason)
        }
        if let leavesAt = putOff(context, now: now) { return .putOff(until: leavesAt) }
        if context.reminder.channel == .email {
            return mailbox.flatMap { MailComposer.compose(context, by: $0) }.map { .message(.mail($0)) }
                ?? .wait(.noMailbox)
        }
        guard hasProvider, let (mobile, sender) = ends(context, now: now) else { return .wait(.noProvider) }
        let text = text(context)
        let isConfirmation = context.reminder.purpose == .confirmation
        return .message(
            .sms(
                ComposedSMS(
                    recipient: mobile.e164,
                    sender: sender,
                    text: text,
                    encoding: SMSEncoding.of(text),
                    validitySeconds: ValidityPeriod.seconds(
                        sentAt: now,
                        start: isConfirmation ? now + 86_400 : context.start,
                        zone: context.timeZone
                    ),
                    tells: tells(context)
                )
            )
        )
    }

    /// When a correction leaves that would disturb somebody now; nil where nothing has to wait.
    private static func putOff(_ context: ReminderContext, now: Date) -> Date? {
        if context.reminder.purpose == .reminder { return nil }
        let leavesAt = ReminderPlanner.correctionLeaves(now, in: context.timeZone)
        return leavesAt > now ? leavesAt : nil
    }

    /// Whom an SMS goes to, and from whom.
    private static func ends(_ context: ReminderContext, now: Date) -> (mobile: MobileNumber, sender: SenderID)? {
        guard let mobile = context.mobile, let sender = sender(context, to: mobile, now: now) else { return nil }
        return (mobile, sender)
    }

    /// The location's sender, or the number that stands in for it in the recipient's country (rule 7).
    private static func sender(_ context: ReminderContext, to mobile: MobileNumber, now: Date) -> SenderID? {
        LocationSender(
            context.sender,
            fallback: context.fallbackSender,
            registeredSince: context.senderRegisteredSince
        ).sender(to: mobile, at: now)
    }

    private static func tells(_ context: ReminderContext) -> WallTime? {
        switch context.reminder.purpose {
        case .reminder: WallTime.of(context.start, in: context.timeZone)
        case .correction where context.status == .cancelled: nil
        case .correction: WallTime.of(context.start, in: context.timeZone)
        case .confirmation: nil
        }
    }

    private static func text(_ context: ReminderContext) -> String {
        let start = WallTime.of(context.start, in: context.timeZone)
        switch context.reminder.purpose {
        case .reminder:
            return ReminderText.compose(start: start, closingText: context.closingText, link: context.link)
        case .correction:
            let told = context.reminder.toldStart ?? start
            let text = CorrectionText.compose(
                told: told,
                start: start,
                cancelled: context.status == .cancelled,
                place: context.locationName,
                toldPlace: context.reminder.toldLocation,
                language: context.language
            )
            return context.link.map { ReminderText.withLink($0, behind: text) } ?? text
        case .confirmation: return OptOut.confirmation(practice: context.practiceName, language: context.language)
        }
    }
}
