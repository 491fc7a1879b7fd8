import Foundation

/// What somebody said on the page behind a link.
public struct LinkAnswer: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<LinkAnswer>

    public enum Kind: String, CaseIterable, Sendable {
        /// Comes.
        case confirmed
        /// Asks the practice to cancel; nothing is cancelled by it.
        case cancelAsked = "cancel_asked"
        /// Is not whom the message was for.
        case wrongNumber = "wrong_number"

        /// Whether somebody of the practice has to do something about it.
        public var asksForAction: Bool { self != .confirmed }

        /// The one that counts among all that was said; nil where nothing was.
        public static func standing(_ said: Set<Kind>) -> Kind? {
            [.wrongNumber, .cancelAsked, .confirmed].first(where: said.contains)
        }
    }

    public let id: ID
    public let kind: Kind
    public let receivedAt: Date
    public let patientID: Patient.ID
    public let appointmentID: Appointment.ID
    /// When somebody of the staff was done with it; a confirmation is done from the start.
    public let doneAt: Date?

    public init(
        id: ID,
        kind: Kind,
        receivedAt: Date,
        patientID: Patient.ID,
        appointmentID: Appointment.ID,
        doneAt: Date?
    ) {
        self.id = id
        self.kind = kind
        self.receivedAt = receivedAt
        self.patientID = patientID
        self.appointmentID = appointmentID
        self.doneAt = doneAt
    }
}
