import Foundation

/// What would follow from a change of an appointment.
public struct ChangeConsequences: Hashable, Sendable {
    /// The appointment as it would be.
    public let appointment: Appointment
    /// Channels whose reminder is planned now and would be taken away by a rule, though the appointment takes place.
    public let dropped: Set<Channel>
    /// Why the kind of reminder would be less than what is wanted.
    public let notices: [FieldProblem]
    /// The patient may have been told already (rule 11); nil where nobody has to be asked about that.
    public let late: LateChange?
    /// Who may have been told.
    public let informed: Set<Patient.ID>

    public init(
        appointment: Appointment,
        dropped: Set<Channel> = [],
        notices: [FieldProblem] = [],
        late: LateChange? = nil,
        informed: Set<Patient.ID> = []
    ) {
        self.appointment = appointment
        self.dropped = dropped
        self.notices = notices
        self.late = late
        self.informed = informed
    }

    /// Whether a person has to hear of it before it is saved.
    public func isOpen(_ answer: LateChangeAnswer) -> Bool {
        switch answer {
        case .unasked: late != nil || !dropped.isEmpty
        case .heard: late != nil
        case .acknowledged: false
        }
    }
}

/// Nothing was saved: somebody has to hear first what would follow.
public struct ChangeQuestion: Hashable, Sendable, Error {
    /// Of each appointment about which there is something to hear, the earliest first.
    public let consequences: [ChangeConsequences]

    public init(_ consequences: [ChangeConsequences]) {
        self.consequences = consequences
    }

    /// The warning of all of them together.
    public var late: LateChange? { LateChange(consequences.compactMap(\.late)) }
}
