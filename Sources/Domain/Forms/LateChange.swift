import Foundation

/// A change that comes after the reminder may have reached the patient (rule 11): it needs an answer before it is saved.
public struct LateChange: Hashable, Sendable, Error {
    /// The last message to each person by each channel; never empty, the oldest first.
    public let messages: [ToldMessage]

    /// nil where nobody was told anything.
    public init?(_ messages: [ToldMessage]) {
        if messages.isEmpty { return nil }
        self.messages = messages.sorted { $0.sentAt < $1.sentAt }
    }

    /// The warning of several changes that are asked about together; nil where none warns.
    public init?(_ all: [LateChange]) { self.init(all.flatMap(\.messages)) }

    /// When the last message that may have reached someone went out.
    public var sentAt: Date { messages.map(\.sentAt).max() ?? .distantPast }
    /// The channels that were used.
    public var channels: Set<Channel> { Set(messages.map(\.channel)) }
}

/// What somebody was told last by one channel about an appointment that is to change, and what became of the message.
public struct ToldMessage: Hashable, Sendable {
    public enum News: String, CaseIterable, Sendable {
        case reminder, change, cancellation
    }

    public let appointment: Appointment.ID
    /// The appointment's start before the change.
    public let start: WallTime
    public let patient: Patient.ID
    public let channel: Channel
    public let news: News
    /// When its last attempt began.
    public let sentAt: Date
    public let state: Message.State
    public let deliveredAt: Date?
    public let correction: CorrectionOutlook
    /// Whether the patient is still expected once the change is saved: then a correction may carry the link to the page.
    public let isExpected: Bool

    public init(
        appointment: Appointment.ID,
        start: WallTime,
        patient: Patient.ID,
        channel: Channel,
        news: News = .reminder,
        sentAt: Date,
        state: Message.State = Message.State(),
        deliveredAt: Date? = nil,
        correction: CorrectionOutlook = .needless,
        isExpected: Bool = true
    ) {
        self.appointment = appointment
        self.start = start
        self.patient = patient
        self.channel = channel
        self.news = news
        self.sentAt = sentAt
        self.state = state
        self.deliveredAt = deliveredAt
        self.correction = correction
        self.isExpected = isExpected
    }
}

/// What would become of a correction by the same channel, as things stand.
public enum CorrectionOutlook: Hashable, Sendable {
    /// The patient was told how it is after the change.
    case needless
    /// It goes, and reads so; of an e-mail its subject.
    case ready(String)
    /// It cannot leave, or not for now.
    case held(SkipReason)
}

/// What the person said to the warning.
public enum LateChangeAnswer: Hashable, Sendable {
    /// Nobody was asked yet: a late change is refused.
    case unasked
    /// The person knows that a reminder goes; nobody was asked about one that is out.
    case heard
    /// The person knows; a short correction goes out by the same channels, or not.
    case acknowledged(sendCorrection: Bool)

    public var isAcknowledged: Bool {
        if case .acknowledged = self { true } else { false }
    }
}
