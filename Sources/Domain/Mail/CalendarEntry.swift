import Foundation

/// An appointment as the patient's calendar is to have it (RFC 5545, RFC 5546).
public struct CalendarEntry: Hashable, Sendable {
    public enum Method: String, CaseIterable, Sendable {
        /// Enters the appointment, or brings it up to date (RFC 5546 §3.2.2).
        case request = "REQUEST"
        /// Takes it out again (RFC 5546 §3.2.5).
        case cancel = "CANCEL"
    }

    public let method: Method
    /// The same for one appointment in every e-mail about it.
    public let uid: String
    /// Grows with each change of the appointment.
    public let sequence: Int64
    public let start: Date
    public let end: Date
    /// What stands in the calendar; names nothing that others must not read.
    public let summary: String
    /// Name and address of the place; empty where it is not known.
    public let place: String

    public init(
        method: Method,
        uid: String,
        sequence: Int64,
        start: Date,
        end: Date,
        summary: String,
        place: String
    ) {
        self.method = method
        self.uid = uid
        self.sequence = sequence
        self.start = start
        self.end = end
        self.summary = summary
        self.place = place
    }
}
