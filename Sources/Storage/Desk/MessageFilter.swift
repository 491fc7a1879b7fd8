import Domain
import Foundation

/// Which lines of the log are shown.
public struct MessageFilter: Hashable, Sendable {
    /// Several standings that are looked for together.
    public enum Group: String, CaseIterable, Sendable {
        /// Came to a bad end, in whatever way.
        case failed
        /// On its way to the provider, or nobody knows whether it got there.
        case open
    }

    public var channel: Channel?
    public var status: MessageStatus?
    public var group: Group?
    /// Written at this instant or later.
    public var from: Date?
    /// Written before this instant.
    public var to: Date?
    public var patientID: Patient.ID?
    /// Where the appointment was to take place when the message left.
    public var locationID: Location.ID?

    public init(
        channel: Channel? = nil,
        status: MessageStatus? = nil,
        group: Group? = nil,
        from: Date? = nil,
        to: Date? = nil,
        patientID: Patient.ID? = nil,
        locationID: Location.ID? = nil
    ) {
        self.channel = channel
        self.status = status
        self.group = group
        self.from = from
        self.to = to
        self.patientID = patientID
        self.locationID = locationID
    }
}
