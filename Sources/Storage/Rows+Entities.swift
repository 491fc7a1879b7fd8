import Database
import Domain
import Foundation

/// The columns of each entity, in the order in which its `init(_ reader:)` reads them.
enum Columns {
    static let practice = [
        "id", "name", "time_zone", "country", "language", "sms_enabled", "email_enabled", "sms_send_time",
        "email_send_time", "latest_send_time", "sender", "fallback_sender", "sms_monthly_limit", "resends_unknown",
        "paused", "version", "falls_back", "email_subject", "email_body", "keeps_birth_dates", "region",
        "links_enabled", "report_to",
    ]
    static let location = [
        "id", "practice_id", "name", "address", "closing_text", "sender", "sender_registered", "sender_registered_on",
        "fallback_sender", "time_zone", "version", "email_subject", "email_body",
    ]
    static let practitioner = ["id", "practice_id", "name", "email", "version"]
    static let closingDay = ["id", "practice_id", "location_id", "first_day", "last_day", "name"]
    static let patient = [
        "id", "practice_id", "first_name", "last_name", "mobile", "email", "reminder_kind", "sms_consent",
        "email_consent", "external_id", "version", "email_bounced_at", "email_bounce", "birth_date", "contact_name",
        "contact_relation", "contact_mobile", "contact_email", "reaches_contact",
    ]
    static let appointment = [
        "id", "practice_id", "patient_id", "location_id", "practitioner_id", "start_at", "end_at", "time_zone",
        "status", "reminder_kind", "generation", "external_id", "shortfall", "version", "series_id",
    ]
    static let reminder = [
        "id", "practice_id", "appointment_id", "patient_id", "channel", "purpose", "generation", "due_at",
        "latest_at", "state", "reason", "told_start", "stands_in_for",
        "told_location",
    ]
    /// A reminder's columns, and the id of the message that was joined to it.
    static func reminder(of alias: String, with message: String) -> String {
        list(reminder, of: alias) + ", \(message).id"
    }
    static let message = [
        "id", "practice_id", "channel", "recipient", "sender", "text", "segments", "status", "unclear", "presumed",
        "submitted_at", "delivered_at", "attempts", "provider_id", "provider_message_id", "possibly_twice",
        "created_at", "price", "currency", "bounce",
    ]
    static let provider = [
        "id", "practice_id", "name", "kind", "url", "account", "options", "priority", "enabled", "countries", "version",
    ]
    static let user = ["id", "practice_id", "email", "role", "language", "name", "totp_since"]
    static let token = ["id", "practice_id", "name", "scope"]

    /// `p.id, p.name`
    static func list(_ names: [String], of alias: String) -> String {
        names.map { alias + "." + $0 }.joined(separator: ", ")
    }

    /// `id, name`
    static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

extension Practice {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            name: try reader.text(),
            timeZone: try reader.zone(),
            country: try reader.word(),
            language: try reader.word(),
            smsEnabled: try reader.bool(),
            emailEnabled: try reader.bool(),
            smsSendTime: try reader.word(),
            emailSendTime: try reader.word(),
            latestSendTime: try reader.stored { try? LatestSendTime.parse($0).get() },
            sender: try reader.optionalStored(SenderID.init(stored:)),
            fallbackSender: try reader.optionalStored(SenderID.init(stored:)),
            smsMonthlyLimit: try reader.optionalInteger().map(Int.init),
            resendsUnknown: try reader.bool(),
            paused: try reader.bool(),
            version: try reader.integer()
        )
        fallsBack = try reader.bool()
        // A text that no longer passes its rules gives way to the product's own.
        emailSubject = try reader.optionalText().flatMap(MailTemplate.init(stored:))
        emailBody = try reader.optionalText().flatMap(MailTemplate.init(stored:))
        keepsBirthDates = try reader.bool()
        region = try reader.text()
        linksEnabled = try reader.bool()
        reportTo = try reader.optionalStored(EmailAddress.init(stored:))
    }
}

extension Location {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            name: try reader.text(),
            address: try reader.text(),
            closingText: try reader.stored(ClosingText.init(stored:)),
            sender: try reader.optionalStored(SenderID.init(stored:)),
            senderRegistered: try reader.bool(),
            senderRegisteredOn: try reader.optionalStored { LocalDate(iso: $0) },
            fallbackSender: try reader.optionalStored(SenderID.init(stored:)),
            timeZone: try reader.optionalZone(),
            version: try reader.integer()
        )
        emailSubject = try reader.optionalText().flatMap(MailTemplate.init(stored:))
        emailBody = try reader.optionalText().flatMap(MailTemplate.init(stored:))
    }
}

extension Practitioner {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            name: try reader.text(),
            email: try reader.optionalStored(EmailAddress.init(stored:)),
            version: try reader.integer()
        )
    }
}

extension Patient {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            firstName: try reader.text(),
            lastName: try reader.text(),
            mobile: try reader.optionalStored(MobileNumber.init(e164:)),
            email: try reader.optionalStored(EmailAddress.init(stored:)),
            reminderKind: try reader.word(),
            smsConsent: try reader.word(),
            emailConsent: try reader.word(),
            externalID: try reader.optionalText(),
            version: try reader.integer()
        )
        let bouncedAt = try reader.optionalDate()
        let reason: BounceReason? = try reader.optionalWord()
        emailBounce = bouncedAt.map { EmailBounce(at: $0, reason: reason ?? .other) }
        birthDate = try reader.optionalStored { LocalDate(iso: $0) }
        contact = PatientContact(
            name: try reader.text(),
            relation: try reader.text(),
            mobile: try reader.optionalStored(MobileNumber.init(e164:)),
            email: try reader.optionalStored(EmailAddress.init(stored:))
        )
        reachesContact = try reader.bool()
    }
}

extension Appointment {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            patientID: try reader.id(),
            locationID: try reader.id(),
            practitionerID: try reader.optionalID(),
            start: try reader.date(),
            end: try reader.date(),
            timeZone: try reader.zone(),
            status: try reader.word(),
            reminderKind: try reader.word(),
            generation: try reader.integer(),
            externalID: try reader.optionalText(),
            shortfall: try Self.shortfall(&reader),
            version: try reader.integer()
        )
        seriesID = try reader.optionalID()
    }

    static func shortfall(_ reader: inout RowReader) throws -> [ProblemCode] {
        try reader.text().split(separator: " ").compactMap { ProblemCode(rawValue: String($0)) }
    }
}

extension Reminder {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            appointmentID: try reader.id(),
            patientID: try reader.id(),
            channel: try reader.word(),
            purpose: try reader.word(),
            generation: try reader.integer(),
            dueAt: try reader.date(),
            latestAt: try reader.date(),
            state: try reader.word(),
            reason: try reader.optionalWord(),
            toldStart: try reader.optionalStored { WallTime(iso: $0) }
        )
        standsInFor = try reader.optionalID()
        toldLocation = try reader.optionalText()
        messageID = try reader.optionalID()
    }
}

extension Message {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            channel: try reader.word(),
            recipient: try reader.text(),
            sender: try reader.text(),
            text: try reader.text(),
            segments: Int(try reader.integer()),
            state: try State(&reader),
            submittedAt: try reader.optionalDate(),
            deliveredAt: try reader.optionalDate(),
            attempts: Int(try reader.integer()),
            providerID: try reader.optionalID(),
            providerMessageID: try reader.optionalText(),
            possiblyTwice: try reader.bool(),
            createdAt: try reader.date()
        )
        let micros = try reader.optionalInteger()
        let currency = try reader.optionalText()
        price = micros.flatMap { micros in currency.map { Price(micros: micros, currency: $0) } }
        bounce = try reader.optionalWord()
    }
}

extension Message.State {
    init(_ reader: inout RowReader) throws {
        self.init(status: try reader.optionalWord(), unclear: try reader.bool(), presumed: try reader.bool())
    }
}

extension Provider {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.optionalID(),
            name: try reader.text(),
            kind: try reader.word(),
            url: try reader.text(),
            user: try reader.text(),
            options: ProviderOptions.read(try reader.text()),
            priority: Int(try reader.integer()),
            isEnabled: try reader.bool(),
            countries: try reader.text().split(separator: " ").compactMap { Country(rawValue: String($0)) },
            version: try reader.integer()
        )
    }
}

extension User {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            email: try reader.stored(EmailAddress.init(stored:)),
            role: try reader.word(),
            language: try reader.word()
        )
        name = try reader.text()
        secondFactorSince = try reader.optionalDate()
    }
}

extension AccessToken {
    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            practiceID: try reader.id(),
            name: try reader.text(),
            scope: try reader.word()
        )
    }
}
