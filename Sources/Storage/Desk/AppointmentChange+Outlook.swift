import Database
import Domain
import Foundation

extension AppointmentChange {
    /// That an appointment is cancelled; of one that is, that it takes place after all.
    static func turning(
        _ old: Appointment,
        _ practice: Practice,
        now: Date,
        in transaction: Transaction
    ) throws -> AppointmentChange {
        var draft = AppointmentDraft(existing: old)
        draft.status = (old.status == .cancelled ? Appointment.Status.booked : .cancelled).rawValue
        let form = try AppointmentForm.read(draft, practice, editing: old, in: transaction)
        return AppointmentChange(old: old, form: form, practice: practice, now: now)
    }

    /// The appointment as it would be; its kind is left as it is.
    var resultOfKind: Appointment { result(KindVerdict(wanted: old.reminderKind, kind: old.reminderKind)) }

    /// The warning, with what a correction would be.
    ///
    /// - Parameters:
    ///   - concerned: whom it is about.
    ///   - new: the appointment as it would be.
    func warning(
        _ concerned: [ToldPatients.Told],
        for new: Appointment,
        in transaction: Transaction
    ) throws -> LateChange? {
        LateChange(
            try concerned.map { told in
                ToldMessage(
                    appointment: old.id,
                    start: old.wallStart,
                    patient: told.patient,
                    channel: told.channel,
                    news: told.news,
                    sentAt: told.at,
                    state: told.state,
                    deliveredAt: told.deliveredAt,
                    correction: try outlook(told, for: new, in: transaction),
                    isExpected: new.status == .booked && told.patient == new.patientID
                )
            }
        )
    }

    /// What would become of a correction, judged as the engine does when it is due.
    private func outlook(
        _ told: ToldPatients.Told,
        for new: Appointment,
        in transaction: Transaction
    ) throws -> CorrectionOutlook {
        if isAsTold(told) { return .needless }
        let planned = correction(told, of: new)
        let context: ReminderContext
        do {
            let patient = try Lookup.patient(planned.patient, practice.id, in: transaction)
            context = correctionContext(planned, patient, new)
        } catch StorageError.notFound {
            return .held(told.channel == .sms ? .noMobile : .noEmail)
        }
        let due = planned.plan.dueAt
        guard told.channel == .sms else {
            if let reason = MessageComposer.obstacle(context, now: due) { return .held(reason) }
            let carriers = try MailboxStore.carriers(of: practice.id, in: transaction)
            return carriers.carry(new.practitionerID) ? .ready(subject(planned, context)) : .held(.noMailbox)
        }
        let carriers = try ProviderStore.carriers(of: practice.id, in: transaction)
        switch MessageComposer.compose(context, hasProvider: carriers.carry(context.mobile), now: due) {
        case .message(let message): return .ready(message.text)
        case .skip(let reason), .wait(let reason): return .held(reason)
        // It is due when it may leave.
        case .putOff: return .held(.tooLateToSend)
        }
    }

    private func correctionContext(
        _ planned: PlannedCorrection,
        _ patient: Patient,
        _ new: Appointment
    ) -> ReminderContext {
        let channel = planned.plan.channel
        var reminder = Reminder(
            id: Reminder.ID(0),
            practiceID: practice.id,
            appointmentID: new.id,
            patientID: patient.id,
            channel: channel,
            purpose: .correction,
            generation: planned.plan.generation,
            dueAt: planned.plan.dueAt,
            latestAt: planned.plan.latestAt,
            toldStart: planned.told
        )
        reminder.toldLocation = planned.toldPlace
        let sender = LocationSender(form.location, practice)
        return ReminderContext(
            reminder: reminder,
            // To the patient who loses the appointment to another one, it is cancelled.
            status: patient.id == new.patientID ? new.status : .cancelled,
            generation: new.generation,
            start: new.start,
            timeZone: new.timeZone,
            mobile: patient.reached.mobile,
            email: patient.reached.email,
            consent: channel == .sms ? patient.smsConsent : patient.emailConsent,
            channelEnabled: practice.isEnabled(channel),
            practicePaused: practice.paused,
            sender: sender.sender,
            fallbackSender: sender.fallback,
            senderRegisteredSince: sender.registeredSince,
            closingText: form.location.closingText,
            language: practice.language,
            locationName: form.location.name,
            practiceName: practice.name
        )
    }

    private func subject(_ planned: PlannedCorrection, _ context: ReminderContext) -> String {
        MailWords.correctionSubject(
            told: planned.told,
            start: WallTime.of(context.start, in: context.timeZone),
            cancelled: context.status == .cancelled,
            hasMoved: planned.toldPlace.map { $0 != context.locationName } ?? false,
            context.language
        )
    }
}

extension LateChange {
    /// Corrections that cannot leave, as a program is told of them that wanted one.
    var uncorrected: [FieldProblem] {
        messages.compactMap { message in
            guard case .held(let reason) = message.correction else { return nil }
            return FieldProblem(
                "sendCorrection",
                .correctionNotSent,
                ["channel": message.channel.rawValue, "reason": reason.rawValue]
            )
        }
    }
}
