import Foundation

/// Which kinds of reminder an appointment may have: rules 2, 3, 4 and 5.
///
/// Every way in asks here, so that a page, the interface and an import cannot differ.
public struct ReminderRules: Sendable {
    public let practice: Practice
    public let patient: Patient
    public let start: Date
    public let now: Date
    /// The appointment that is changed; nil for a new one.
    public let old: Appointment?
    /// Channels that the old one has for good.
    private let had: Set<Channel>

    /// - Parameter had: which of the old appointment's channels it has for good; nil: all of them.
    public init(
        practice: Practice,
        patient: Patient,
        start: Date,
        now: Date,
        editing old: Appointment? = nil,
        had: Set<Channel>? = nil
    ) {
        self.practice = practice
        self.patient = patient
        self.start = start
        self.now = now
        self.old = old
        let channels = old?.reminderKind.channels ?? []
        self.had = had.map(channels.intersection) ?? channels
    }

    /// What is judged while nobody chooses: the patient's preferred kind; of an appointment that is changed what it has,
    /// and once its start moves also what a rule took away before.
    public var wanted: ReminderKind {
        guard let old else { return patient.reminderKind }
        if start == old.start || old.shortfall.isEmpty { return old.reminderKind }
        return ReminderKind(old.reminderKind.channels.union(patient.reminderKind.channels))
    }

    /// Everything that forbids the channel now; empty when it can be chosen.
    ///
    /// One that the appointment has is not judged again while its start stays (rule 2); only must another patient have the
    /// number or the address. All but `reminder.too_late` carry the argument `channel`.
    public func obstacles(to channel: Channel) -> [FieldProblem] {
        let obstacles = allObstacles(to: channel)
        guard let old, start == old.start, had.contains(channel) else { return obstacles }
        if patient.id == old.patientID { return [] }
        return obstacles.filter { $0.code == .reminderNoMobile || $0.code == .reminderNoEmail }
    }

    private func allObstacles(to channel: Channel) -> [FieldProblem] {
        var problems: [FieldProblem] = []
        if !practice.isEnabled(channel) {
            problems.append(problem(.reminderChannelOff, channel))
        }
        if channel == .sms, patient.reached.mobile == nil { problems.append(problem(.reminderNoMobile, channel)) }
        if channel == .email, patient.reached.email == nil { problems.append(problem(.reminderNoEmail, channel)) }
        if !FortyEightHours.allows(start: start, now: now) {
            problems.append(problem(.reminderTooLate, channel))
        }
        return problems
    }

    /// Whether the explicit choice may stand.
    public func choose(_ kind: ReminderKind) -> Result<ReminderKind, ProblemList> {
        let problems = kind.channels.sorted { $0.rawValue > $1.rawValue }.flatMap(obstacles)
        return problems.isEmpty ? .success(kind) : .failure(ProblemList(unique(problems)))
    }

    /// As `choose`, for one of several appointments: too late for this one takes its reminder away and is told, and
    /// does not stop the others.
    public func chooseWherePossible(
        _ kind: ReminderKind
    ) throws(ProblemList) -> (kind: ReminderKind, notices: [FieldProblem]) {
        let (possible, notices) = remaining(of: kind)
        let others = notices.filter { $0.code != .reminderTooLate }
        if !others.isEmpty { throw ProblemList(others) }
        return (possible, notices)
    }

    /// What remains of the patient's preferred kind, and why the rest does not.
    public func inherit() -> (kind: ReminderKind, notices: [FieldProblem]) {
        remaining(of: patient.reminderKind)
    }

    /// What remains of a kind, and why the rest does not.
    public func remaining(of kind: ReminderKind) -> (kind: ReminderKind, notices: [FieldProblem]) {
        var possible: Set<Channel> = []
        var notices: [FieldProblem] = []
        for channel in Channel.allCases where kind.channels.contains(channel) {
            let obstacles = obstacles(to: channel)
            if obstacles.isEmpty { possible.insert(channel) } else { notices += obstacles }
        }
        return (ReminderKind(possible), unique(notices))
    }

    private func problem(_ code: ProblemCode, _ channel: Channel) -> FieldProblem {
        FieldProblem("reminderKind", code, code == .reminderTooLate ? [:] : ["channel": channel.rawValue])
    }

    private func unique(_ problems: [FieldProblem]) -> [FieldProblem] {
        problems.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
}
