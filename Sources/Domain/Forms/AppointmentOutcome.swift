/// A saved appointment, with what the rules took away from it.
public struct AppointmentOutcome: Hashable, Sendable {
    public let appointment: Appointment
    /// Why its reminder is less than what was wanted.
    public let notices: [FieldProblem]
    /// Corrections that were wanted and cannot leave for now: somebody has to call.
    public let uncorrected: [FieldProblem]
    /// Whether anything of it was written.
    public let isChanged: Bool

    public init(
        appointment: Appointment,
        notices: [FieldProblem] = [],
        uncorrected: [FieldProblem] = [],
        isChanged: Bool = true
    ) {
        self.appointment = appointment
        self.notices = notices
        self.uncorrected = uncorrected
        self.isChanged = isChanged
    }
}
