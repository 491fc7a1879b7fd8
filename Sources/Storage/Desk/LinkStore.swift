import Database
import Domain
import Foundation

/// What stands behind the link to a patient's page.
public enum LinkFinding: Hashable, Sendable {
    case appointment(LinkedAppointment)
    /// Something was said about an appointment as it is no more: nothing was put on record.
    case changed(LinkedAppointment)
    /// The code is right, and there is nothing to be seen any more but where to ask; not even that for a stranger.
    case ended(LinkedPlace?)
    /// No code of ours, or one of another patient's.
    case unknown
}

/// Whom to ask about an appointment that is not shown any more.
public struct LinkedPlace: Hashable, Sendable {
    public let practiceName: String
    public let locationName: String
    public let address: String
}

/// What the page behind a link may show to whoever holds it: a message may come into other hands than the patient's.
public struct LinkedAppointment: Hashable, Sendable {
    public let firstName: String
    public let start: WallTime
    public let startAt: Date
    public let endAt: Date
    public let isCancelled: Bool
    public let locationName: String
    public let address: String
    public let practiceName: String
    /// What counts of what was said by this patient about this start and place.
    public let answers: Set<LinkAnswer.Kind>
    /// The patient asked to cancel, somebody of the practice dealt with it, and the appointment stays.
    public let isWishSeenTo: Bool
    /// Stands for the time and place that are shown; a form brings it back, so that nobody confirms what they never saw.
    public let state: String
    /// As the patient's calendar is to have it.
    let uid: String
    let sequence: Int64

    /// Whether the person may still say whether they come.
    public func isOpen(at now: Date) -> Bool { !isCancelled && startAt > now && !isStrange }

    /// Somebody said that the message came to the wrong person: nothing of the patient's is shown by this link any more.
    public var isStrange: Bool { answers.contains(.wrongNumber) }

    var place: LinkedPlace {
        LinkedPlace(practiceName: practiceName, locationName: locationName, address: address)
    }

    /// The entry for a calendar; its words say nothing of whom it is with.
    public func entry(_ summary: String) -> CalendarEntry {
        CalendarEntry(
            method: .request,
            uid: uid,
            sequence: sequence,
            start: startAt,
            end: endAt,
            summary: summary,
            place: [locationName, address].filter { !$0.isEmpty }.joined(separator: ", ")
        )
    }
}

/// The pages behind the links in messages, and what patients say there.
public struct LinkStore: Sendable {
    let driver: any SQLDriver
    /// Makes the codes; nil without an address or a key.
    public let maker: PatientLinks?

    /// Where the links in this practice's messages lead; nil where they carry none.
    public func address(_ practice: Practice) -> PatientLinkAddress? { practice.linksEnabled ? maker?.address : nil }

    /// Reading changes nothing: what scans messages follows their links.
    public func find(_ code: PatientLinkCode, now: Date) async throws -> LinkFinding {
        try await driver.read { try find(code, now: now, in: $0)?.finding ?? .unknown }
    }

    /// Puts on record what the person says. Saying it again changes nothing while nobody dealt with it, and so does what
    /// makes no sense any more.
    ///
    /// - Parameter seen: the ``LinkedAppointment/state`` that the person saw; nil: whatever it is.
    public func answer(
        _ kind: LinkAnswer.Kind,
        _ code: PatientLinkCode,
        seen: String? = nil,
        now: Date
    ) async throws -> LinkFinding {
        try await driver.write { transaction in
            guard let found = try find(code, now: now, in: transaction) else { return .unknown }
            guard case .appointment(let appointment) = found.finding, appointment.takes(kind, at: now) else {
                return found.finding
            }
            // Who got the message by mistake says so whatever it was about.
            if kind != .wrongNumber, let seen, seen != appointment.state { return .changed(appointment) }
            if appointment.answers.contains(kind) { return found.finding }
            try Self.write(kind, found, seen: appointment.state, now: now, in: transaction)
            return try find(code, now: now, in: transaction)?.finding ?? .unknown
        }
    }

    /// Of one start each kind is on record once: what is said again takes the place of what was said before.
    private static func write(
        _ kind: LinkAnswer.Kind,
        _ found: Found,
        seen: String,
        now: Date,
        in transaction: Transaction
    ) throws {
        try transaction.execute(
            """
            INSERT INTO link_answers (practice_id, appointment_id, patient_id, generation, kind, received_at, done_at,
                seen, link, said_of)
            SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, \(saidOf("$2")) FROM patients p WHERE p.id = $3
            ON CONFLICT (appointment_id, patient_id, generation, kind) DO UPDATE
            SET received_at = excluded.received_at, done_at = excluded.done_at, seen = excluded.seen,
                link = excluded.link, said_of = excluded.said_of
            """,
            found.practice,
            found.appointment,
            found.patient,
            found.generation,
            kind.rawValue,
            now.milliseconds,
            kind.asksForAction ? nil : now.milliseconds,
            seen,
            found.link
        )
    }

    private struct Found {
        let practice: Int64
        let appointment: Int64
        let patient: Int64
        let generation: Int64
        let link: Int64
        let finding: LinkFinding
    }

    /// nil for what is no code of ours: a wrong second half and an appointment that does not exist look the same.
    private func find(_ code: PatientLinkCode, now: Date, in transaction: Transaction) throws -> Found? {
        guard let maker else { return nil }
        let id = maker.appointment(code)
        let row = try transaction.first(
            """
            SELECT a.practice_id, a.patient_id, a.generation, pr.links_enabled, p.erased_at, a.end_at, p.first_name,
                a.start_at, a.time_zone, a.status, l.name, l.address, pr.name, a.version, \(Self.state)
            FROM appointments a
            JOIN patients p ON p.id = a.patient_id
            JOIN practices pr ON pr.id = a.practice_id
            JOIN locations l ON l.id = a.location_id
            WHERE a.id = $1
            """,
            id.rawValue
        )
        guard let row else { return nil }
        var reader = RowReader(row)
        let practice = try reader.integer()
        let patient: Patient.ID = try reader.id()
        let said = try Self.said(id, patient, in: transaction)
        guard let link = maker.link(code, id, patient, last: said.nextLink) else { return nil }
        let generation = try reader.integer()
        let isSwitchedOn = try reader.bool()
        let isErased = try reader.optionalInteger() != nil
        let end = try reader.date()
        let found = { (finding: LinkFinding) in
            Found(
                practice: practice,
                appointment: id.rawValue,
                patient: patient.rawValue,
                generation: generation,
                link: link,
                finding: finding
            )
        }
        let word = try Self.calendarWord(in: transaction) ?? maker.calendarWord
        let appointment = try Self.appointment(&reader, end, said, link, uid: "\(id).\(word)@vortag")
        guard isSwitchedOn, !isErased, end > now else {
            return found(.ended(appointment.isStrange ? nil : appointment.place))
        }
        return found(.appointment(appointment))
    }

    /// From the patient's first name on.
    private static func appointment(
        _ reader: inout RowReader,
        _ end: Date,
        _ said: SaidByLink,
        _ link: Int64,
        uid: String
    ) throws -> LinkedAppointment {
        let firstName = try reader.text()
        let start = try reader.date()
        let zone = try reader.zone()
        let status: Appointment.Status = try reader.word()
        let (location, address, practice) = (try reader.text(), try reader.text(), try reader.text())
        let (sequence, state) = (try reader.integer(), try reader.text())
        return LinkedAppointment(
            firstName: firstName,
            start: WallTime.of(start, in: zone),
            startAt: start,
            endAt: end,
            isCancelled: status == .cancelled,
            locationName: location,
            address: address,
            practiceName: practice,
            answers: said.answers(by: link),
            isWishSeenTo: said.isWishSeenTo,
            state: state,
            uid: uid,
            sequence: sequence
        )
    }

    /// The installation's own, as e-mails have it: an entry that came with one is brought up to date.
    private static func calendarWord(in transaction: Transaction) throws -> String? {
        try transaction.first("SELECT value FROM marks WHERE name = 'calendar_word'")
            .map { String(decoding: try $0.bytes(0), as: UTF8.self) }
    }
}

extension LinkedAppointment {
    /// Who asked for a cancellation cannot take it back here: somebody at the practice may be at it already.
    fileprivate func takes(_ kind: LinkAnswer.Kind, at now: Date) -> Bool {
        switch kind {
        case .confirmed: isOpen(at: now) && !answers.contains(.cancelAsked)
        case .cancelAsked: isOpen(at: now)
        case .wrongNumber: !isStrange
        }
    }
}
