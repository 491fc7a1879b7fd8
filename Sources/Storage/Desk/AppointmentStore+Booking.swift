import Database
import Domain
import Foundation

extension AppointmentStore {
    /// Books what a desk wrote, in one transaction: the patient where it is a new one, a number that was missing, each
    /// appointment of a series with its own reminders. Where anything is wrong, nothing of it is kept.
    ///
    /// - Parameter sent: the form of a person, which is taken once, and asks who is new; nil: whatever comes is booked.
    /// - Throws: `ProblemList` with everything that is wrong, ``UnseenLookalikes``, ``StorageError/notFound`` for the
    ///   practice.
    public func book(
        _ practice: Practice.ID,
        _ draft: BookingDraft,
        sent: SentForm? = nil,
        now: Date
    ) async throws -> Booking {
        try await driver.write { transaction in
            if let before = try Self.made(by: sent?.key, practice, in: transaction) { return before }
            if let sent, let new = draft.newPatient {
                try sent.check(PatientStore.lookalikes(practice, new, near: true, in: transaction))
            }
            let booking = try Self.book(draft, Lookup.practice(practice, in: transaction), now: now, in: transaction)
            let made = booking.outcomes.map(\.appointment.id.rawValue)
            try FormRows.note(made, by: sent?.key, practice, now: now, in: transaction)
            return booking
        }
    }

    /// What the same form booked before; nil where it did not, or where nothing of it holds any more.
    private static func made(
        by key: FormKey?,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws -> Booking? {
        let made = try FormRows.made(by: key, practice, in: transaction).compactMap { id in
            try StorageError.orNil { try Lookup.appointment(Appointment.ID(id), practice, in: transaction) }
        }
        guard made.contains(where: { $0.status != .cancelled }), let first = made.first,
            let patient = try StorageError.orNil({ try Lookup.patient(first.patientID, practice, in: transaction) })
        else { return nil }
        let outcomes = made.map { appointment in
            let notices = appointment.shortfall.map { FieldProblem("reminderKind", $0) }
            return AppointmentOutcome(appointment: appointment, notices: notices)
        }
        return Booking(patient: patient, outcomes: outcomes, isRepeated: true)
    }

    private static func book(
        _ draft: BookingDraft,
        _ practice: Practice,
        now: Date,
        in transaction: Transaction
    ) throws -> Booking {
        var problems = FormReader()
        let patient = try Self.patient(draft, practice, now: now, &problems, in: transaction)
        let plan = draft.series.map { $0.read(into: &problems) }
        let form = try Self.form(draft, of: patient, practice, now: now, &problems, in: transaction)
        try problems.check()
        guard let form else { throw ProblemList(problems.problems) }
        guard case .some(.some(let plan)) = plan else {
            let outcome = try Self.add(form, practice, now: now, in: transaction)
            try UndoRecord.keepCreation(outcome.appointment, now: now, in: transaction)
            return Booking(patient: form.patient, outcomes: [outcome])
        }
        let series = try Self.newSeries(plan, practice.id, now: now, in: transaction)
        let outcomes = try plan.days.map { days in
            try Self.add(form.later(days: days), practice, series: series, now: now, in: transaction)
        }
        for outcome in outcomes { try UndoRecord.keepCreation(outcome.appointment, now: now, in: transaction) }
        try UndoRecord.join(outcomes.map(\.appointment), now: now, in: transaction)
        return Booking(patient: form.patient, outcomes: outcomes)
    }

    /// The new patient, or the known one with what the master data lacked; nil where the draft says neither rightly.
    private static func patient(
        _ draft: BookingDraft,
        _ practice: Practice,
        now: Date,
        _ problems: inout FormReader,
        in transaction: Transaction
    ) throws -> Patient? {
        do {
            if let new = draft.newPatient {
                return try PatientStore.create(new, practice.id, now: now, in: transaction)
            }
            return try complete(draft.appointment.patientID, draft.contact, practice.id, now: now, in: transaction)
        } catch let list as ProblemList {
            problems.add(list)
            return nil
        }
    }

    /// Adds a number or an address to the master data; nil where there is none to add, or nobody to add it to.
    @discardableResult
    static func complete(
        _ patientID: String,
        _ contact: ContactDraft,
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws -> Patient? {
        guard !contact.isEmpty, let id = Patient.ID(patientID.trimmingWhitespace()) else { return nil }
        do {
            let country = try Lookup.practice(practice, in: transaction).country
            return try PatientStore.change(id, practice, now: now, in: transaction) { patient in
                try contact.write(to: &patient, country: country)
            }
        } catch StorageError.notFound {
            // Whoever is nobody's patient is reported with the rest of the form.
            return nil
        }
    }

    private static func form(
        _ draft: BookingDraft,
        of patient: Patient?,
        _ practice: Practice,
        now: Date,
        _ problems: inout FormReader,
        in transaction: Transaction
    ) throws -> AppointmentForm? {
        var appointment = draft.appointment
        if let patient { appointment.patientID = patient.id.description }
        let isNamed = draft.newPatient == nil
        do {
            let form = try AppointmentForm.read(appointment, practice, in: transaction)
            try refuseThePast(form, now: now)
            return form
        } catch let list as ProblemList {
            // A new patient who was refused says so by the fields of the master data.
            problems.add(ProblemList(list.problems.filter { isNamed || $0.field != "patientId" }))
            return nil
        }
    }

    private static func newSeries(
        _ plan: SeriesPlan,
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws -> Series.ID {
        let row = try transaction.first(
            "INSERT INTO series (practice_id, weeks_apart, created_at) VALUES ($1, $2, $3) RETURNING id",
            practice.rawValue,
            plan.weeksApart,
            now.milliseconds
        )
        return try Lookup.read(row) { try $0.id() }
    }

    /// An appointment that somebody books cannot lie before today.
    static func refuseThePast(_ form: AppointmentForm, now: Date) throws {
        let zone = form.fields.timeZone
        guard WallTime.of(form.fields.start, in: zone).date >= WallTime.of(now, in: zone).date else {
            throw ProblemList(FieldProblem("start", .appointmentInPast))
        }
    }

    /// Writes one appointment with the reminders that it is owed.
    ///
    /// - Parameter series: in a series, an explicit kind that is too late for this one leaves it without, and says so.
    static func add(
        _ form: AppointmentForm,
        _ practice: Practice,
        series: Series.ID? = nil,
        now: Date,
        in transaction: Transaction
    ) throws -> AppointmentOutcome {
        let rules = ReminderRules(practice: practice, patient: form.patient, start: form.fields.start, now: now)
        var verdict = (kind: ReminderKind.none, notices: [FieldProblem]())
        switch form.fields.explicitKind {
        case nil: verdict = rules.inherit()
        case let kind? where form.fields.status != .booked: verdict.kind = kind
        case let kind? where series != nil: verdict = try rules.chooseWherePossible(kind)
        case let kind?: verdict.kind = try rules.choose(kind).get()
        }
        let appointment = try insert(form, verdict.kind, verdict.notices, practice.id, now, series, in: transaction)
        try ReminderRows.plan(appointment, practice, in: transaction)
        return AppointmentOutcome(appointment: appointment, notices: verdict.notices)
    }

    private static func insert(
        _ form: AppointmentForm,
        _ kind: ReminderKind,
        _ notices: [FieldProblem],
        _ practice: Practice.ID,
        _ now: Date,
        _ series: Series.ID?,
        in transaction: Transaction
    ) throws -> Appointment {
        var new = Appointment(
            id: Appointment.ID(0),
            practiceID: practice,
            patientID: form.patient.id,
            locationID: form.location.id,
            practitionerID: form.practitioner?.id,
            start: form.fields.start,
            end: form.fields.end,
            timeZone: form.fields.timeZone,
            status: form.fields.status,
            reminderKind: kind,
            externalID: form.fields.externalID,
            shortfall: AppointmentRows.codes(notices)
        )
        new.seriesID = series
        return try StorageError.namingExternalID {
            let row = try transaction.first(
                """
                INSERT INTO appointments (patient_id, location_id, practitioner_id, start_at, end_at, start_wall,
                    time_zone, utc_offset, status, reminder_kind, shortfall, generation, external_id, practice_id,
                    series_id, version, created_at, changed_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $16)
                RETURNING id
                """,
                values: AppointmentRows.values(new) + [
                    practice.rawValue.sqlValue, (series?.rawValue).sqlValue, now.milliseconds.sqlValue,
                ]
            )
            new.id = try Lookup.read(row) { try $0.id() }
            return new
        }
    }
}
