import Foundation

/// What would follow from a change of an appointment, told before it is saved.
public struct ChangeConsequences: Hashable, Sendable {
    /// The appointment as it would be.
    public let appointment: Appointment
    /// Channels whose reminder is planned now and would not go out any more, though the appointment takes place.
    public let dropped: Set<Channel>
    /// Why the kind of reminder would be less than what is wanted.
    public let notices: [FieldProblem]
    /// The patient may have been told already (rule 11); nil where nobody has to be asked about that.
    public let late: LateChange?

    public init(
        appointment: Appointment,
        dropped: Set<Channel> = [],
        notices: [FieldProblem] = [],
        late: LateChange? = nil
    ) {
        self.appointment = appointment
        self.dropped = dropped
        self.notices = notices
        self.late = late
    }

    /// Whether a person has to hear of it before it is saved.
    public var wantsAnswer: Bool { late != nil || !dropped.isEmpty }
}
