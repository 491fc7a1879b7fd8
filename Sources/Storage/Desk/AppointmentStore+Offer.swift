import Database
import Domain
import Foundation

/// Which reminders a form can offer, and what stands against the others.
public struct ReminderOffer: Hashable, Sendable {
    /// For every channel; empty where it can be chosen.
    public let obstacles: [Channel: [FieldProblem]]
    /// The patient's preferred kind; none while no patient is chosen.
    public let preferred: ReminderKind
    /// What is taken as far as it is possible while nobody chooses.
    public let wanted: ReminderKind
    public let practice: Practice
    /// When each channel's reminder would leave; empty while the start is not known.
    public let dueAt: [Channel: Date]
}

extension AppointmentStore {
    /// What a form may offer, with as much of the appointment as is known yet.
    ///
    /// - Parameters:
    ///   - given: the patient as the master data will be; without one they are read.
    ///   - old: the appointment that is changed.
    /// - Throws: ``StorageError/notFound`` for a patient, location or practice that is not there.
    public func offer(
        _ practice: Practice.ID,
        patientID: Patient.ID? = nil,
        as given: Patient? = nil,
        locationID: Location.ID? = nil,
        start: Date? = nil,
        editing old: Appointment? = nil,
        now: Date
    ) async throws -> ReminderOffer {
        try await driver.read { transaction in
            let settings = try Lookup.practice(practice, in: transaction)
            let patient = try given ?? patientID.map { try Lookup.patient($0, practice, in: transaction) }
            let location = try locationID.map { try Lookup.location($0, practice, in: transaction) }
            let zone = location?.timeZone ?? settings.timeZone
            let somebody = Patient(id: Patient.ID(0), practiceID: practice, firstName: "", lastName: "")
            let rules = ReminderRules(
                practice: settings,
                patient: patient ?? somebody,
                start: start ?? .distantFuture,
                now: now,
                editing: old
            )
            var obstacles: [Channel: [FieldProblem]] = [:]
            var dueAt: [Channel: Date] = [:]
            for channel in Channel.allCases {
                obstacles[channel] = rules.obstacles(to: channel).filter { problem in
                    // While nobody is chosen, nobody's number is missing.
                    patient != nil || (problem.code != .reminderNoMobile && problem.code != .reminderNoEmail)
                }
                dueAt[channel] = start.map { start in
                    ReminderSchedule(
                        start: WallTime.of(start, in: zone),
                        zone: zone,
                        sendTime: settings.sendTime(channel),
                        latest: settings.latestSendTime
                    ).dueAt
                }
            }
            return ReminderOffer(
                obstacles: obstacles,
                preferred: patient?.reminderKind ?? .none,
                wanted: rules.wanted,
                practice: settings,
                dueAt: dueAt
            )
        }
    }
}
