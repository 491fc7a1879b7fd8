import Domain
import Foundation

/// One line of the log: a message with whom and what it was about.
public struct LogRow: Hashable, Sendable {
    public let message: Message
    public let patientID: Patient.ID?
    /// `Huber, Anna`; empty once the patient's data was erased.
    public let patientName: String
    public let appointmentID: Appointment.ID?
    public let appointmentStart: Date?
    /// The appointment's, else the practice's.
    public let timeZone: TimeZone
    public let providerName: String?
    public let purpose: Reminder.Purpose
    /// nil for an SMS, and for an e-mail whose patient's data was erased.
    public let mail: MailLine?
    /// The words and codes of the last attempt where it was not accepted; empty else. No personal data.
    public let detail: String
    /// When it was to leave; nil where no reminder is behind it.
    public let dueAt: Date?
    /// Where the appointment was to take place when the message left; nil where that location is gone.
    public let locationName: String?
    /// Of a correction: that it tells a cancellation.
    public let saysCancelled: Bool
    /// That somebody called because of it; nil where nobody did.
    public let call: CallTick?

    public init(
        message: Message,
        patientID: Patient.ID?,
        patientName: String,
        appointmentID: Appointment.ID?,
        appointmentStart: Date?,
        timeZone: TimeZone,
        providerName: String?,
        purpose: Reminder.Purpose,
        mail: MailLine? = nil,
        detail: String = "",
        dueAt: Date? = nil,
        locationName: String? = nil,
        saysCancelled: Bool = false,
        call: CallTick? = nil
    ) {
        self.message = message
        self.patientID = patientID
        self.patientName = patientName
        self.appointmentID = appointmentID
        self.appointmentStart = appointmentStart
        self.timeZone = timeZone
        self.providerName = providerName
        self.purpose = purpose
        self.mail = mail
        self.detail = detail
        self.dueAt = dueAt
        self.locationName = locationName
        self.saysCancelled = saysCancelled
        self.call = call
    }
}

/// What the log shows of an e-mail beside its message.
public struct MailLine: Hashable, Sendable {
    public let subject: String
    public let copy: MailCopy
    /// Why the copy could not be kept, in the server's words; empty where it could, or was not tried.
    public let copyDetail: String

    public init(subject: String, copy: MailCopy, copyDetail: String = "") {
        self.subject = subject
        self.copy = copy
        self.copyDetail = copyDetail
    }
}

/// How it stands with an e-mail's copy in the mailbox's Sent folder.
public enum MailCopy: String, CaseIterable, Sendable {
    /// We keep none: nobody wants one, or the server does by itself.
    case none
    /// Wanted once the e-mail has left.
    case planned
    case wanted
    case kept
    /// Given up; the e-mail left all the same.
    case failed
}
