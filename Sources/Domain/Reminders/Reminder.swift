import Foundation

/// One message that is owed: a reminder of an appointment, or the correction of one.
public struct Reminder: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Reminder>

    /// Where a reminder stands. A started or settled one may have left.
    public enum State: String, CaseIterable, Sendable {
        /// Owed, and nothing has left or is about to.
        case planned
        /// An attempt is on record; what became of it stands in the message.
        case started
        /// Ended by more than the provider's first answer: refused for good, given up, or answered late.
        case settled
        /// Not sent, and never will be; the reason says why.
        case skipped
    }

    public enum Purpose: String, CaseIterable, Sendable {
        case reminder, correction
        /// That no more SMS will come, to a patient who asked for that.
        case confirmation
    }

    public var id: ID
    public var practiceID: Practice.ID
    public var appointmentID: Appointment.ID
    /// Whom it is for; after a change of patient a correction still goes to the one who was reminded.
    public var patientID: Patient.ID
    public var channel: Channel
    public var purpose: Purpose
    public var generation: Int64
    public var dueAt: Date
    /// Later than this it is not sent.
    public var latestAt: Date
    public var state: State
    public var reason: SkipReason?
    public var messageID: Message.ID?
    /// What a correction corrects: the start that the patient was told.
    public var toldStart: WallTime?
    /// The name of the place that the patient was told with it; nil where nobody knows.
    public var toldLocation: String?
    /// The reminder by the other channel that did not arrive, and for which this one goes; nil where it is no stand-in.
    public var standsInFor: ID?

    public init(
        id: ID,
        practiceID: Practice.ID,
        appointmentID: Appointment.ID,
        patientID: Patient.ID,
        channel: Channel,
        purpose: Purpose = .reminder,
        generation: Int64 = 1,
        dueAt: Date,
        latestAt: Date,
        state: State = .planned,
        reason: SkipReason? = nil,
        messageID: Message.ID? = nil,
        toldStart: WallTime? = nil
    ) {
        self.id = id
        self.practiceID = practiceID
        self.appointmentID = appointmentID
        self.patientID = patientID
        self.channel = channel
        self.purpose = purpose
        self.generation = generation
        self.dueAt = dueAt
        self.latestAt = latestAt
        self.state = state
        self.reason = reason
        self.messageID = messageID
        self.toldStart = toldStart
    }
}

/// Why a reminder was not sent, or still waits.
public enum SkipReason: String, CaseIterable, Sendable {
    case cancelled, moved
    case channelOff = "channel_off"
    case noMobile = "no_mobile"
    case noEmail = "no_email"
    case consentWithdrawn = "consent_withdrawn"
    case tooLateToSend = "too_late_to_send"
    case practicePaused = "practice_paused"
    case noProvider = "no_provider"
    case noMailbox = "no_mailbox"
    /// The practice has sent as many SMS this month as it allowed itself.
    case monthlyLimit = "monthly_limit"

    /// Reasons that may pass before the latest send time; the others end the reminder.
    public var mayPass: Bool {
        switch self {
        case .channelOff, .practicePaused, .noProvider, .noMailbox, .monthlyLimit: true
        case .cancelled, .moved, .noMobile, .noEmail, .consentWithdrawn, .tooLateToSend: false
        }
    }
}
