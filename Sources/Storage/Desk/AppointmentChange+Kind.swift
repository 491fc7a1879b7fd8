import Database
import Domain

/// Which kind a changed appointment has.
struct KindVerdict {
    var kind: ReminderKind
    var notices: [FieldProblem] = []
    /// nil: as it was.
    var shortfall: [ProblemCode]?
}

extension AppointmentChange {
    /// Rule 2 judges when a channel is added and when the start moves; dropping one is always allowed.
    ///
    /// - Throws: `ProblemList` where a new kind was asked for and is not possible.
    func judge(in transaction: Transaction) throws -> KindVerdict {
        let rules = ReminderRules(practice: practice, patient: form.patient, start: form.fields.start, now: now)
        guard isBooked else { return KindVerdict(kind: form.fields.explicitKind ?? old.reminderKind) }
        let newKind = form.fields.explicitKind == old.reminderKind ? nil : form.fields.explicitKind
        if isMoved { return try judgeMoved(rules, newKind) }
        let sent = isRevived ? try ReminderRows.sent(old, in: transaction) : old.reminderKind.channels
        return try judgeUnmoved(rules, newKind, keeping: sent.intersection(old.reminderKind.channels))
    }

    private func judgeMoved(_ rules: ReminderRules, _ newKind: ReminderKind?) throws -> KindVerdict {
        if let newKind { return try chosen(newKind, rules) }
        var wanted = form.fields.explicitKind == nil ? form.patient.reminderKind : old.reminderKind
        // What a rule took away before is judged again with the rest.
        if !old.shortfall.isEmpty {
            wanted = ReminderKind(wanted.channels.union(form.patient.reminderKind.channels))
        }
        let (kind, notices) = rules.remaining(of: wanted)
        return KindVerdict(kind: kind, notices: notices, shortfall: AppointmentRows.codes(notices))
    }

    private func chosen(
        _ kind: ReminderKind,
        _ rules: ReminderRules,
        keeping kept: ReminderKind = .none
    ) throws -> KindVerdict {
        guard isOneOfMany else {
            return KindVerdict(kind: try rules.choose(kind, keeping: kept).get(), shortfall: [])
        }
        let (possible, notices) = try rules.chooseWherePossible(kind, keeping: kept)
        return KindVerdict(kind: possible, notices: notices, shortfall: AppointmentRows.codes(notices))
    }

    /// - Parameter kept: channels that are not judged again; a new patient must still have the number or address.
    private func judgeUnmoved(
        _ rules: ReminderRules,
        _ newKind: ReminderKind?,
        keeping kept: Set<Channel>
    ) throws -> KindVerdict {
        let keptKind = ReminderKind(kept)
        var verdict = KindVerdict(kind: old.reminderKind)
        if let newKind {
            verdict = try chosen(newKind, rules, keeping: keptKind)
        } else {
            let wanted = form.fields.explicitKind == nil ? form.patient.reminderKind : old.reminderKind
            let added = ReminderKind(wanted.channels.subtracting(kept))
            let (possible, notices) = rules.remaining(of: added)
            verdict.kind = ReminderKind(wanted.channels.intersection(kept).union(possible.channels))
            verdict.notices = notices
            if !notices.isEmpty || wanted != old.reminderKind { verdict.shortfall = AppointmentRows.codes(notices) }
        }
        if hasNewPatient { dropUnreachable(rules, kept, &verdict) }
        return verdict
    }

    private func dropUnreachable(_ rules: ReminderRules, _ kept: Set<Channel>, _ verdict: inout KindVerdict) {
        var channels = verdict.kind.channels
        for channel in Channel.allCases where channels.contains(channel) && kept.contains(channel) {
            let missing = rules.obstacles(to: channel).filter {
                $0.code == .reminderNoMobile || $0.code == .reminderNoEmail
            }
            if missing.isEmpty { continue }
            channels.remove(channel)
            verdict.notices += missing
        }
        verdict.kind = ReminderKind(channels)
        if !verdict.notices.isEmpty { verdict.shortfall = AppointmentRows.codes(verdict.notices) }
    }
}
