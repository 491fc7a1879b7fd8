import Domain

/// One appointment with all that a calendar shows of it.
public struct AgendaRow: Hashable, Sendable {
    public let appointment: Appointment
    /// The day on the clock of the appointment's zone.
    public let date: LocalDate
    public let reminders: [ReminderStanding]
    public let patient: Patient
    public let location: Location
    public let practitioner: Practitioner?
    /// What the patient said about it on the page behind the link.
    public let answer: LinkAnswer.Kind?

    public init(
        appointment: Appointment,
        reminders: [ReminderStanding],
        patient: Patient,
        location: Location,
        practitioner: Practitioner?,
        answer: LinkAnswer.Kind? = nil
    ) {
        self.appointment = appointment
        date = appointment.wallStart.date
        self.reminders = reminders
        self.patient = patient
        self.location = location
        self.practitioner = practitioner
        self.answer = answer
    }
}
