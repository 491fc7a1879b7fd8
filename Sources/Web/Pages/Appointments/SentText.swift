import Domain
import Storage

/// What the patient got: the text that left, not what would leave now.
struct SentText: Sendable {
    let sentTo: String
    let sentBody: String
    let isSMS: Bool

    /// The reminders of the appointment as it is that have left; those of one that is about to change say nothing of it.
    static func all(_ form: AppointmentForm, _ given: ReminderChoices.Circumstances, _ visit: Visit) -> [SentText] {
        guard let existing = given.existing, existing.start == given.startsAt,
            form.patientID == existing.patientID.description
        else { return [] }
        return given.standings.filter { standing in
            standing.reminder.purpose == .reminder && standing.reminder.generation == existing.generation
                && [.started, .settled].contains(standing.reminder.state)
        }.compactMap(\.message).filter { !$0.text.isEmpty }.map { message in
            let number = MobileNumber(e164: message.recipient)?.dialled(from: visit.practice.country)
            return SentText(
                sentTo: number ?? message.recipient,
                sentBody: message.text,
                isSMS: message.channel == .sms
            )
        }
    }
}

extension ReminderChoices {
    /// Why nothing goes out; nil where something does, or where that is not known yet.
    static func silence(
        _ form: AppointmentForm,
        _ given: Circumstances,
        _ chosen: String,
        _ visit: Visit
    ) -> String? {
        let words = visit.words
        if let startsAt = given.startsAt, startsAt <= visit.now {
            return words("booking.silent", ["reason": words("booking.silent.past")])
        }
        guard ReminderKind(rawValue: chosen) == ReminderKind.none else { return nil }
        let wanted = given.offer.wanted.channels
        var reason = words("booking.silent.chosen")
        if !form.isKindChosen,
            let first = Channel.allCases.filter(wanted.contains).flatMap({ obstacles(to: $0, given) }).first
        {
            reason = first.code == .reminderTooLate ? words("booking.silent.too_late") : words.sentence(first)
        } else if !form.isKindChosen, given.existing == nil {
            reason = words(form.isForNewcomer ? "booking.silent.newcomer" : "booking.silent.preferred")
        } else if !form.isKindChosen, let taken = given.existing?.shortfall.first {
            reason = words(taken == .reminderTooLate ? "booking.silent.too_late" : "notice." + taken.rawValue)
        }
        return words("booking.silent", ["reason": reason])
    }
}
