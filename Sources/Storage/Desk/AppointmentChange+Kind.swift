import Database
import Domain

/// Which kind a changed appointment has.
struct KindVerdict {
    /// What was chosen, or else is judged by itself.
    let wanted: ReminderKind
    /// What remains of it.
    let kind: ReminderKind
    var notices: [FieldProblem] = []
    /// nil: as it was.
    var shortfall: [ProblemCode]?
}

extension AppointmentChange {
    /// Rule 2 judges when a channel is added and when the start moves; dropping one is always allowed.
    ///
    /// - Throws: `ProblemList` where a new kind was asked for and is not possible.
    func judge(in transaction: Transaction) throws -> KindVerdict {
        let explicit = form.fields.explicitKind
        guard isBooked else {
            let kind = explicit ?? old.reminderKind
            return KindVerdict(wanted: kind, kind: kind)
        }
        let rules = ReminderRules(
            practice: practice,
            patient: form.patient,
            start: form.fields.start,
            now: now,
            editing: old,
            had: isRevived ? try ReminderRows.sent(old, in: transaction) : nil
        )
        if let explicit, form.fields.isKindChosen || explicit != old.reminderKind {
            return try chosen(explicit, rules)
        }
        let wanted = explicit == nil ? form.patient.reminderKind : rules.wanted
        let (kind, notices) = rules.remaining(of: wanted)
        var verdict = KindVerdict(wanted: wanted, kind: kind, notices: notices)
        if isMoved || !notices.isEmpty || wanted != old.reminderKind {
            verdict.shortfall = AppointmentRows.codes(notices)
        }
        return verdict
    }

    private func chosen(_ wanted: ReminderKind, _ rules: ReminderRules) throws -> KindVerdict {
        guard isOneOfMany else {
            return KindVerdict(wanted: wanted, kind: try rules.choose(wanted).get(), shortfall: [])
        }
        let (kind, notices) = try rules.chooseWherePossible(wanted)
        return KindVerdict(wanted: wanted, kind: kind, notices: notices, shortfall: AppointmentRows.codes(notices))
    }
}
