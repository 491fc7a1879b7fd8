import Domain
import Foundation
import Storage

/// The six ways a message can look, everywhere the same: a shape, a word, a colour.
enum Look: String, CaseIterable, Sendable {
    case planned, submitted, delivered, unclear, failed, none

    init(_ state: Message.State) {
        guard let status = state.status, !state.unclear else {
            self = .unclear
            return
        }
        switch status {
        case .submitted: self = .submitted
        case .delivered: self = .delivered
        case .undeliverable, .expired, .bounced, .rejectedByRecipient, .serviceUnreachable, .providerError,
            .providerRefused:
            self = .failed
        }
    }
}

/// A reminder in a list: how it looks, since or until when, and the way to mend what is missing.
struct ReminderView: Sendable {
    let look: String
    let word: String
    var channel: String?
    var detail: String?
    var mendPath: String?
    var mendLabel: String?
}

extension ReminderView {
    /// What a patient said: the shape is a speech bubble, which no state of a message has.
    init(_ answer: LinkAnswer.Kind, _ words: Words) {
        self.init(look: answer.rawValue, word: words("told." + answer.rawValue))
    }
}

/// Tells of each appointment's reminders in short words.
struct ReminderTeller: Sendable {
    let words: Words
    /// Whether messages go to the patient's contact, whose number and address are fields of their own.
    private let reachesContact: Bool

    /// - Parameter patient: whose reminders are told of; nil where nothing of it leads to the master data.
    init(words: Words, of patient: Patient? = nil) {
        self.words = words
        reachesContact = patient?.reachesContact ?? false
    }

    /// What stands beside an appointment in a list: never nothing.
    func views(_ appointment: Appointment, _ standings: [ReminderStanding]) -> [ReminderView] {
        let told = standings.filter { Self.isTold($0.sign, appointment.generation) }
        guard !told.isEmpty else { return missing(appointment) }
        return told.map { view($0, of: appointment) }
    }

    /// How ``views(_:_:)`` look, where nobody reads their words.
    static func looks(_ line: AgendaLine) -> [Look] {
        let told = line.signs.filter { isTold($0, line.generation) }
        guard told.isEmpty else { return told.map(look) }
        let missing = line.status == .booked ? line.shortfall.count : 0
        return Array(repeating: .none, count: max(1, missing))
    }

    private static func isTold(_ sign: ReminderSign, _ generation: Int64) -> Bool {
        sign.isCorrection || sign.generation == generation || sign.message != nil
    }

    private static func look(_ sign: ReminderSign) -> Look {
        let isPlanned = sign.state == .planned
        if sign.state == .skipped { return .none }
        if let message = sign.message, !isPlanned || message.status != nil { return Look(message) }
        guard isPlanned else { return .unclear }
        guard let reason = sign.reason else { return .planned }
        return reason.mayPass ? .unclear : .none
    }

    func view(_ standing: ReminderStanding, of appointment: Appointment) -> ReminderView {
        let channel = words("channel." + standing.reminder.channel.rawValue)
        var view = shape(standing, of: appointment)
        guard standing.reminder.purpose == .correction else {
            view.channel = channel
            return view
        }
        // One that has not left tells what is true when it leaves.
        let isOff = appointment.status == .cancelled || standing.reminder.patientID != appointment.patientID
        let saysCancelled = standing.message == nil ? isOff : standing.saysCancelled
        view.channel = words(saysCancelled ? "reminder.cancellation" : "reminder.correction", ["channel": channel])
        return view
    }

    /// A reason in a few words, for the channel.
    func reason(_ reason: SkipReason, _ channel: Channel) -> String {
        words.catalogue.reason(reason, channel, words.language, short: true)
    }

    private func shape(_ standing: ReminderStanding, of appointment: Appointment) -> ReminderView {
        let zone = appointment.timeZone
        let reminder = standing.reminder
        let look = Self.look(standing.sign)
        if reminder.state == .skipped {
            return mendable(look, reason: reminder.reason, reminder, appointment)
        }
        if let message = standing.message, reminder.state != .planned || message.state.status != nil {
            let at = message.deliveredAt ?? message.submittedAt ?? message.createdAt
            return ReminderView(
                look: look.rawValue,
                word: word(message),
                detail: words.short(WallTime.of(at, in: zone))
            )
        }
        if reminder.state != .planned { return ReminderView(look: look.rawValue, word: words("look.unclear")) }
        guard let reason = standing.reason else {
            let due = words.short(WallTime.of(reminder.dueAt, in: zone))
            return ReminderView(look: look.rawValue, word: words("look.planned"), detail: due)
        }
        return mendable(look, reason: reason, reminder, appointment)
    }

    private func mendable(
        _ look: Look,
        reason: SkipReason?,
        _ reminder: Reminder,
        _ appointment: Appointment
    ) -> ReminderView {
        var view = ReminderView(
            look: look.rawValue,
            word: words(look == .unclear ? "look.waiting" : "look.none"),
            detail: reason.map { self.reason($0, reminder.channel) }
        )
        guard appointment.status == .booked, let reason,
            let path = mendPath(reason, reminder.channel, appointment.patientID)
        else {
            return view
        }
        view.mendPath = path
        view.mendLabel = words("mend." + reason.rawValue)
        return view
    }

    private func mendPath(_ reason: SkipReason, _ channel: Channel, _ patient: Patient.ID) -> String? {
        switch reason {
        case .noMobile: reachPath("mobile", patient)
        case .noEmail: reachPath("email", patient)
        case .consentWithdrawn: "/patienten/\(patient)#\(channel.rawValue)Consent"
        case .channelOff, .practicePaused: SettingsPlace.overview.path
        case .monthlyLimit: SettingsPlace.reminders.path + "#smsMonthlyLimit"
        case .noProvider: HelpTopic.providers.path
        case .noMailbox: MailboxPath.list
        case .cancelled, .moved, .tooLateToSend: nil
        }
    }

    /// To the field that holds where messages go.
    private func reachPath(_ field: String, _ patient: Patient.ID) -> String {
        let name = reachesContact ? ["mobile": "contactMobile", "email": "contactEmail"][field] : nil
        return "/patienten/\(patient)#\(name ?? field)"
    }

    /// Why there is no reminder at all.
    private func missing(_ appointment: Appointment) -> [ReminderView] {
        guard !appointment.missing.isEmpty else {
            let key =
                appointment.status == .booked
                ? "reminder.not_wanted" : "appointment.status." + appointment.status.rawValue
            return [ReminderView(look: Look.none.rawValue, word: words("look.none"), detail: words(key))]
        }
        return appointment.missing.map { code in
            var view = ReminderView(
                look: Look.none.rawValue,
                word: words("look.none"),
                detail: words("shortfall." + code.rawValue)
            )
            if code == .reminderNoMobile || code == .reminderNoEmail {
                let field = code == .reminderNoMobile ? "mobile" : "email"
                view.mendPath = reachPath(field, appointment.patientID)
                view.mendLabel = words("mend.no_" + field)
            }
            return view
        }
    }

    /// The short word of a message's state; of an e-mail that came back, why.
    func word(_ message: Message) -> String {
        guard let status = message.state.status, !message.state.unclear else { return words("look.unclear") }
        if status == .bounced, let reason = message.bounce { return words("bounce.\(reason.rawValue).word") }
        return words("short." + status.rawValue)
    }
}

extension Appointment {
    /// Why it has no reminder though one was wanted; empty where none is any more.
    fileprivate var missing: [ProblemCode] { status == .booked ? shortfall : [] }
}
