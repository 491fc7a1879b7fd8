import Foundation

/// One change of what a patient said to messages on a channel.
public struct ConsentEntry: Hashable, Sendable {
    /// How the practice came to know of it.
    public enum Means: String, CaseIterable, Sendable {
        case unsaid, form
        case inPerson = "in_person"
        case phone, email, sms
        /// By the page that each e-mail leads to.
        case unsubscribe
        /// By the interface, from another program.
        case interface

        /// What a person at the desk may choose.
        public static let offered: [Means] = [.form, .inPerson, .phone, .email, .sms]
    }

    public let channel: Channel
    public let consent: Consent
    public let means: Means
    /// Who put it on record; empty where the patient did.
    public let actor: String
    public let at: Date

    public init(channel: Channel, consent: Consent, means: Means, actor: String, at: Date) {
        self.channel = channel
        self.consent = consent
        self.means = means
        self.actor = actor
        self.at = at
    }
}
