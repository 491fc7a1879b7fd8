import Foundation

/// Which kinds of reminder an appointment may have: rules 2, 3, 4 and 5.
///
/// Every way in asks here, so that a page, the interface and an import cannot differ.
public struct ReminderRules: Sendable {
    public let practice: Practice
    public let patient: Patient
    public let start: Date
    public let now: Date

    public init(practice: Practice, patient: Patient, start: Date, now: Date) {
        self.practice = practice
        self.patient = patient
        self.start = start
        self.now = now
    }

    /// Everything that forbids adding the channel now; empty when it can be chosen.
    ///
    /// All but `reminder.too_late` carry the argument `channel`.
    public func obstacles(to channel: Channel) -> [FieldProblem] {
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

    /// Whether the explicit choice may stand; channels that the appointment already has are not judged again.
    public func choose(_ kind: ReminderKind, keeping current: ReminderKind = .none) -> Result<ReminderKind, ProblemList>
    {
        let added = kind.channels.subtracting(current.channels)
        let problems = added.sorted { $0.rawValue > $1.rawValue }.flatMap(obstacles)
        return problems.isEmpty ? .success(kind) : .failure(ProblemList(unique(problems)))
    }

    /// As `choose`, for one of several appointments: too late for this one takes its reminder away and is told, and
    /// does not stop the others.
    public func chooseWherePossible(
        _ kind: ReminderKind,
        keeping current: ReminderKind = .none
    ) throws(ProblemList) -> (kind: ReminderKind, notices: [FieldProblem]) {
        let added = ReminderKind(kind.channels.subtracting(current.channels))
        let (possible, notices) = remaining(of: added)
        let others = notices.filter { $0.code != .reminderTooLate }
        if !others.isEmpty { throw ProblemList(others) }
        return (ReminderKind(kind.channels.intersection(current.channels).union(possible.channels)), notices)
    }

    /// What remains of the patient's preferred kind, and why the rest does not.
    public func inherit() -> (kind: ReminderKind, notices: [FieldProblem]) {
        remaining(of: patient.reminderKind)
    }

    /// What remains of a kind when it is judged anew, as after a move of the start.
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
