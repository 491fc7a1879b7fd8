import Foundation

/// One line of the record of who changed or looked at what.
public struct AuditEntry: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<AuditEntry>

    public enum Deed: String, CaseIterable, Sendable {
        case looked, created, changed, deleted, exported, sent
        case signedIn = "signed_in"
        case signedOut = "signed_out"
        /// A wrong password, a wrong code, or a page that the person's role may not open.
        case refused
    }

    /// What kind of record it was done to.
    public enum Subject: String, CaseIterable, Sendable {
        case practice, location, practitioner, patient, appointment, message, answer, call, provider, mailbox, user
        case session, token
        case closingDay = "closing_day"
        case audit
    }

    /// What of an account it was.
    public enum Detail: String, CaseIterable, Sendable {
        case password, email, role
        case secondFactorOn = "second_factor_on"
        case secondFactorOff = "second_factor_off"
        case recoveryCodes = "recovery_codes"
        case sessions
        /// The letter by which a new password is set.
        case resetLink = "reset_link"
    }

    public let id: ID
    public let at: Date
    /// nil where no user did it, or where the user is gone.
    public let userID: User.ID?
    /// What the doer was called then: an e-mail address, or the name of a token.
    public let actor: String
    public let deed: Deed
    public let subject: Subject
    /// nil where it was a whole list, or the practice itself.
    public let subjectID: Int64?
    /// nil where deed and subject say it all.
    public let detail: Detail?

    public init(
        id: ID,
        at: Date,
        userID: User.ID?,
        actor: String,
        deed: Deed,
        subject: Subject,
        subjectID: Int64?,
        detail: Detail? = nil
    ) {
        self.id = id
        self.at = at
        self.userID = userID
        self.actor = actor
        self.deed = deed
        self.subject = subject
        self.subjectID = subjectID
        self.detail = detail
    }
}
