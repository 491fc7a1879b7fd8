import Database
import Domain
import Foundation

extension AppointmentStore {
    /// All of a series, the earliest first, whatever became of each.
    public func series(_ id: Series.ID, _ practice: Practice.ID) async throws -> [Appointment] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.appointment)) FROM appointments
                WHERE series_id = $1 AND practice_id = $2 ORDER BY start_at, id
                """,
                id.rawValue,
                practice.rawValue
            ).entities(Appointment.init)
        }
    }

    /// Changes an appointment of a series, and all later ones that are still booked and have not begun, in one
    /// transaction: all or nothing.
    ///
    /// The later ones follow in what the edit changes: the clock on the wall moves as far as it does for this one, and
    /// each keeps what else it has of its own. Each is judged by itself (rule 2), and its notices come with its outcome.
    /// A status is this one's alone, except for a cancellation.
    ///
    /// - Parameter undoable: whether ``undo(_:_:answer:now:)`` may take it back for a moment, for all of them.
    /// - Throws: `ProblemList`, where one of a later appointment names its start as the argument `appointment`;
    ///   `LateChange` for all of them together where the warning was not answered, in its place `ChangeQuestion` where it is
    ///   asking; ``StorageError/notFound``, ``StorageError/stale``
    public func changeLater(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        contact: ContactDraft = ContactDraft(),
        answer: LateChangeAnswer = .unasked,
        asking: Bool = false,
        undoable: Bool = false,
        now: Date,
        edit: @escaping @Sendable (inout AppointmentDraft) throws -> Void
    ) async throws -> [AppointmentOutcome] {
        try await driver.write { transaction in
            let old = try Lookup.appointment(id, practice, in: transaction)
            try Lookup.check(version, against: old.version)
            var draft = AppointmentDraft(existing: old)
            try edit(&draft)
            try Self.complete(draft.patientID, contact, practice, now: now, in: transaction)
            let settings = try Lookup.practice(practice, in: transaction)
            let form = try AppointmentForm.read(draft, settings, editing: old, in: transaction)
            let change = { (old: Appointment, form: AppointmentForm) in
                AppointmentChange(old: old, form: form, practice: settings, now: now, isOneOfMany: true, asks: asking)
            }
            var changes = [change(old, form)]
            let following = SeriesEdit(from: old, to: form.fields, draft)
            for later in try Self.later(than: old, now: now, in: transaction) {
                let form = try Self.dated(later) {
                    try AppointmentForm.read(following.draft(of: later), settings, editing: later, in: transaction)
                }
                changes.append(change(later, form))
            }
            return try Self.save(changes, answer, undoable: undoable, now: now, in: transaction)
        }
    }

    /// Cancels an appointment of a series and all later ones.
    ///
    /// - Throws: as `changeLater`.
    public func cancelLater(
        _ id: Appointment.ID,
        _ practice: Practice.ID,
        expecting version: Int64? = nil,
        answer: LateChangeAnswer = .unasked,
        undoable: Bool = false,
        now: Date
    ) async throws -> [AppointmentOutcome] {
        try await changeLater(id, practice, expecting: version, answer: answer, undoable: undoable, now: now) {
            $0.status = Appointment.Status.cancelled.rawValue
        }
    }

    /// What a cancellation of this one and all later ones would be warned of; nil where nobody may have been told.
    public func lateChangeOfLater(
        than id: Appointment.ID,
        _ practice: Practice.ID,
        now: Date
    ) async throws -> LateChange? {
        try await driver.read { transaction in
            let first = try Lookup.appointment(id, practice, in: transaction)
            let open = first.status == .booked && now < first.start ? [first] : []
            let all = try open + Self.later(than: first, now: now, in: transaction)
            let settings = try Lookup.practice(practice, in: transaction)
            return LateChange(
                try all.compactMap { try LateChange.ofTurning($0, settings, now: now, in: transaction) }
            )
        }
    }

    private static func later(
        than appointment: Appointment,
        now: Date,
        in transaction: Transaction
    ) throws -> [Appointment] {
        guard let series = appointment.seriesID else { return [] }
        return try transaction.query(
            """
            SELECT \(Columns.list(Columns.appointment)) FROM appointments
            WHERE series_id = $1 AND (start_at, id) > ($2, $3) AND start_at > $4 AND status = 'booked'
            ORDER BY start_at, id
            """,
            series.rawValue,
            appointment.start.milliseconds,
            appointment.id.rawValue,
            now.milliseconds
        ).entities(Appointment.init)
    }

    private static func save(
        _ changes: [AppointmentChange],
        _ answer: LateChangeAnswer,
        undoable: Bool,
        now: Date,
        in transaction: Transaction
    ) throws -> [AppointmentOutcome] {
        var warnings: [LateChange] = []
        var consequences: [ChangeConsequences] = []
        var problems: [FieldProblem] = []
        var outcomes: [AppointmentOutcome] = []
        for (place, change) in changes.enumerated() {
            do {
                let save = {
                    try change.refuseThePast()
                    return try change.save(answer, undoable: undoable, in: transaction)
                }
                outcomes.append(place == 0 ? try save() : try dated(change.old, save))
            } catch let warning as LateChange {
                warnings.append(warning)
            } catch let question as ChangeQuestion {
                consequences += question.consequences
            } catch let list as ProblemList {
                problems += list.problems
            }
        }
        if !problems.isEmpty { throw ProblemList(problems) }
        if let warning = LateChange(warnings) { throw warning }
        if !consequences.isEmpty { throw ChangeQuestion(consequences) }
        if undoable {
            let changed = zip(changes, outcomes).filter { $0.old.version != $1.appointment.version }
            try UndoRecord.join(changed.map(\.1.appointment), now: now, in: transaction)
        }
        return outcomes
    }

    /// Gives problems the date of the appointment that they are about.
    private static func dated<Value>(_ appointment: Appointment, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let list as ProblemList {
            throw ProblemList(
                list.problems.map { problem in
                    var problem = problem
                    problem.arguments["appointment"] = appointment.wallStart.iso
                    return problem
                }
            )
        }
    }
}

/// What a change of one appointment means for the others of its series.
private struct SeriesEdit {
    let old: Appointment
    /// The new start by the clock on the wall.
    let start: WallTime
    let isMoved: Bool
    /// Minutes that each takes longer.
    let longer: Int
    /// nil: as each has it.
    let patientID: String?
    let locationID: String?
    let practitionerID: String?
    let isCancelled: Bool
    /// nil: as each has it; otherwise the kind, which may be the patient's preferred one.
    let kind: String??
    let isKindChosen: Bool

    init(from old: Appointment, to fields: AppointmentFields, _ draft: AppointmentDraft) {
        let before = AppointmentDraft(existing: old)
        self.old = old
        start = fields.wallStart
        isMoved = fields.wallStart != old.wallStart
        longer = Self.minutes(fields.start, fields.end) - Self.minutes(old.start, old.end)
        patientID = draft.patientID == before.patientID ? nil : draft.patientID
        locationID = draft.locationID == before.locationID ? nil : draft.locationID
        practitionerID = draft.practitionerID == before.practitionerID ? nil : draft.practitionerID
        isCancelled = fields.status == .cancelled && old.status != .cancelled
        isKindChosen = draft.isKindChosen
        kind = draft.reminderKind == before.reminderKind && !isKindChosen ? .none : .some(draft.reminderKind)
    }

    func draft(of later: Appointment) -> AppointmentDraft {
        var draft = AppointmentDraft(existing: later)
        if let patientID { draft.patientID = patientID }
        if let locationID { draft.locationID = locationID }
        if let practitionerID { draft.practitionerID = practitionerID }
        if isMoved { draft.start = moved(later).iso }
        if isMoved || longer != 0 { draft.minutes = String(Self.minutes(later.start, later.end) + longer) }
        if isCancelled { draft.status = Appointment.Status.cancelled.rawValue }
        if let kind { draft.reminderKind = kind }
        draft.isKindChosen = isKindChosen
        return draft
    }

    /// As far as the clock on the wall moves for the one that is changed. One of the two may begin later than the series
    /// does, because the clocks jump over that time on its day: it is moved from the time that the series has.
    private func moved(_ later: Appointment) -> WallTime {
        var (from, own) = (old.wallStart, later.wallStart)
        if old.wallStart.on(own.date).instant(in: later.timeZone) == later.start {
            own = old.wallStart.on(own.date)
        } else if later.wallStart.on(from.date).instant(in: old.timeZone) == old.start {
            from = later.wallStart.on(from.date)
        }
        return WallShift(from: from, to: start).applied(to: own)
    }

    private static func minutes(_ start: Date, _ end: Date) -> Int { Int(end.timeIntervalSince(start) / 60) }
}
