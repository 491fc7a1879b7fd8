import Database
import Domain

/// Reads reminders with everything that decides about them, as it is now (rule 12). On the hot path of sending.
enum ReminderContextReader {
    /// Contexts in the order of the ids; an id that names nothing is left out, and so is a row that cannot be read, such
    /// as one whose zone tzdata no longer knows: it must not hold up those beside it.
    ///
    /// - Parameter links: makes the links to patients' pages; nil where none is needed.
    static func contexts(
        ids: [Reminder.ID],
        _ links: PatientLinks?,
        in transaction: Transaction
    ) throws -> [ReminderContext] {
        var found: [Reminder.ID: ReminderContext] = [:]
        found.reserveCapacity(ids.count)
        var texts = KnownTexts()
        let values = [SQLValue.integers(ids.map(\.rawValue))]
        for row in try transaction.query(statement(transaction.dialect), values: values) {
            var reader = RowReader(row)
            do {
                var context = try context(&reader, &texts)
                if try reader.bool() { context.link = links?.link(for: context, link: try reader.integer()) }
                found[context.reminder.id] = context
            } catch SQLError.unexpectedValue {
                continue
            }
        }
        return ids.compactMap { found[$0] }
    }

    private static func statement(_ dialect: Dialect) -> String {
        """
        SELECT \(Columns.reminder(of: "r", with: "m")), a.status, a.generation, a.start_at, a.time_zone,
            a.patient_id, \(ReachedColumns.mobile(of: "p")), \(ReachedColumns.email(of: "p")),
            CASE r.channel WHEN 'sms' THEN p.sms_consent ELSE p.email_consent END,
            CASE r.channel WHEN 'sms' THEN pr.sms_enabled ELSE pr.email_enabled END, pr.paused,
            COALESCE(l.sender, pr.sender), COALESCE(l.fallback_sender, pr.fallback_sender), l.sender_registered,
            l.sender_registered_on, l.closing_text, pr.language, l.name, l.id, pr.name,
            pr.sms_monthly_limit, a.practitioner_id, pr.links_enabled,
            CASE pr.links_enabled WHEN 1 THEN (\(LinkStore.link("r.appointment_id", "r.patient_id"))) ELSE 0 END
        FROM reminders r
        LEFT JOIN messages m ON m.reminder_id = r.id
        JOIN appointments a ON a.id = r.appointment_id
        JOIN patients p ON p.id = r.patient_id
        JOIN practices pr ON pr.id = r.practice_id
        JOIN locations l ON l.id = a.location_id
        WHERE \(dialect.isOne("r.id", of: "$1"))
        """
    }

    private static func context(_ reader: inout RowReader, _ texts: inout KnownTexts) throws -> ReminderContext {
        let reminder = try Reminder(&reader)
        var status: Appointment.Status = try reader.word()
        let generation = try reader.integer()
        let start = try reader.date()
        let zone = try reader.zone()
        let patient: Patient.ID = try reader.id()
        // To the patient who lost the appointment to another one, it is cancelled.
        if reminder.purpose == .correction, patient != reminder.patientID { status = .cancelled }
        var context = ReminderContext(
            reminder: reminder,
            status: status,
            generation: generation,
            start: start,
            timeZone: zone,
            mobile: try reader.optionalText().flatMap(MobileNumber.init(e164:)),
            email: try reader.optionalText().flatMap(EmailAddress.init(stored:)),
            consent: try reader.word(),
            channelEnabled: try reader.bool(),
            practicePaused: try reader.bool(),
            sender: try texts.sender(&reader),
            fallbackSender: try texts.sender(&reader),
            senderRegisteredSince: LocationSender.since(
                try reader.bool(),
                try reader.optionalText().flatMap { LocalDate(iso: $0) }
            ),
            closingText: try texts.text(&reader),
            language: try reader.word(),
            locationName: try reader.text(),
            patientMoved: patient != reminder.patientID,
            locationID: try reader.id(),
            practiceName: try reader.text(),
            monthlyLimit: try reader.optionalInteger().map { Int($0) }
        )
        context.practitionerID = try reader.optionalID()
        return context
    }
}

/// Closing texts and senders that were read already; counting the septets of the same text again for each row is
/// wasted, and so is asking the telephone number library for the same number.
private struct KnownTexts {
    private var known: [String: ClosingText] = [:]
    private var senders: [String: SenderID?] = [:]

    /// A text that no longer passes its rules is left out, so that it does not hold up the reminders beside it.
    mutating func text(_ reader: inout RowReader) throws -> ClosingText {
        let raw = try reader.text()
        if let text = known[raw] { return text }
        let text = ClosingText(stored: raw) ?? .empty
        known[raw] = text
        return text
    }

    /// nil for none, and for one that no longer passes its rules.
    mutating func sender(_ reader: inout RowReader) throws -> SenderID? {
        guard let raw = try reader.optionalText() else { return nil }
        if let sender = senders[raw] { return sender }
        let sender = SenderID(stored: raw)
        senders[raw] = .some(sender)
        return sender
    }
}
