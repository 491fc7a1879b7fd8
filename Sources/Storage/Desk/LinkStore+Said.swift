import Database
import Domain
import Foundation

/// What counts of what a patient said about an appointment as it is.
struct SaidByLink {
    private var confirmedAt: Date?
    private var askedAt: Date?
    private var isAskOpen = false
    /// The newest of the links of which somebody said that it reached the wrong person.
    private var strangeLink: Int64?
    private var isStrangeOpen = false
    /// When the patient last said anything about it.
    private(set) var answeredAt: Date?
    /// When somebody last said that a message reached the wrong person; nil where somebody found that it did not.
    private(set) var strayedAt: Date?
    /// The number that messages go to is somebody else's, as far as anybody knows.
    private(set) var isNumberWrong = false

    init() {}

    /// Which link a message carries now: another one, once somebody dealt with it that the last one went astray.
    var nextLink: Int64 { strangeLink.map { $0 + 1 } ?? 0 }

    /// Who asked for a cancellation after confirming, asks; who confirmed once that was dealt with, comes.
    private var isConfirmed: Bool {
        guard let confirmedAt else { return false }
        return askedAt.map { !isAskOpen && $0 < confirmedAt } ?? true
    }

    /// The patient asked to cancel, and somebody dealt with it.
    var isWishSeenTo: Bool { askedAt != nil && !isAskOpen && !isConfirmed }

    /// What the holder of a link said, as its page shows it.
    func answers(by link: Int64) -> Set<LinkAnswer.Kind> {
        var answers: Set<LinkAnswer.Kind> = []
        if isConfirmed { answers.insert(.confirmed) }
        if isAskOpen { answers.insert(.cancelAsked) }
        if let strangeLink, link <= strangeLink { answers.insert(.wrongNumber) }
        return answers
    }

    /// The word that the practice reads; nil where nothing was said, or nothing counts any more.
    var standing: LinkAnswer.Kind? {
        if isStrangeOpen { return .wrongNumber }
        return isAskOpen ? .cancelAsked : isConfirmed ? .confirmed : nil
    }

    fileprivate mutating func take(_ reader: inout RowReader) throws {
        let kind: LinkAnswer.Kind = try reader.word()
        let (at, isOpen) = (try reader.date(), try reader.optionalDate() == nil)
        let link = try reader.integer()
        let isCurrent = try reader.bool()
        // Of where messages go still; and whether that is a number.
        let (isOfThis, isOfNumber) = (try reader.bool(), try reader.bool())
        guard isCurrent || kind == .wrongNumber else { return }
        if kind != .wrongNumber { answeredAt = max(answeredAt ?? at, at) }
        switch kind {
        case .confirmed: confirmedAt = at
        case .cancelAsked: (askedAt, isAskOpen) = (at, isOpen)
        case .wrongNumber:
            strangeLink = max(strangeLink ?? 0, link)
            isStrangeOpen = isStrangeOpen || isOpen
            isNumberWrong = isNumberWrong || isOpen && isOfNumber
            // Done, and the number is as it was: somebody found that it is right after all.
            if isOpen || !isOfThis { strayedAt = max(strayedAt ?? at, at) }
        }
    }
}

extension LinkStore {
    /// The start and place of an appointment as its patient's page shows it; of `appointments a`.
    static let state = "(a.start_wall || '@' || a.location_id)"

    /// Whether what was said is about the appointment as it is; of `link_answers k` and `appointments a`.
    static let isCurrent = "(k.patient_id = a.patient_id AND k.generation = a.generation AND k.seen = \(state))"

    /// The number that messages about an appointment go to `patients p` by; the address where they went by e-mail alone, or
    /// where there is no number.
    ///
    /// - Parameter appointment: the column that names it.
    static func saidOf(_ appointment: String) -> String {
        """
        COALESCE(CASE WHEN \(isSent("email", appointment)) AND NOT \(isSent("sms", appointment)) THEN NULL
            ELSE \(ReachedColumns.mobile(of: "p")) END, \(ReachedColumns.email(of: "p")), '')
        """
    }

    private static func isSent(_ channel: String, _ appointment: String) -> String {
        """
        EXISTS (SELECT 1 FROM reminders o JOIN messages n ON n.reminder_id = o.id
            WHERE o.appointment_id = \(appointment) AND o.patient_id = p.id AND o.channel = '\(channel)')
        """
    }

    /// Which link messages about an appointment carry, by the columns that name it and its patient.
    static func link(_ appointment: String, _ patient: String) -> String {
        """
        SELECT COALESCE(MAX(CASE WHEN k.done_at IS NULL THEN k.link ELSE k.link + 1 END), 0) FROM link_answers k
        WHERE k.appointment_id = \(appointment) AND k.patient_id = \(patient) AND k.kind = 'wrong_number'
        """
    }

    static func said(
        _ appointment: Appointment.ID,
        _ patient: Patient.ID,
        in transaction: Transaction
    ) throws -> SaidByLink {
        let rows = try transaction.query(
            """
            SELECT \(saidColumns) WHERE k.appointment_id = $1 AND k.patient_id = $2
            """,
            appointment.rawValue,
            patient.rawValue
        )
        return try rows.reduce(into: SaidByLink()) { said, row in
            var reader = RowReader(row)
            try said.take(&reader)
        }
    }

    /// What counts for each of the appointments as they are now; those about which nothing was said are left out.
    static func said(
        of appointments: [Appointment.ID],
        in transaction: Transaction
    ) throws -> [Appointment.ID: SaidByLink] {
        let rows = try transaction.query(
            """
            SELECT k.appointment_id, \(saidColumns)
            WHERE \(transaction.dialect.isOne("k.appointment_id", of: "$1")) AND k.patient_id = a.patient_id
            """,
            values: [.integers(appointments.map(\.rawValue))]
        )
        var found: [Appointment.ID: SaidByLink] = [:]
        for row in rows {
            var reader = RowReader(row)
            try found[try reader.id(), default: SaidByLink()].take(&reader)
        }
        return found
    }

    /// The word that counts for each of the appointments as they are now.
    static func words(
        of appointments: [Appointment.ID],
        in transaction: Transaction
    ) throws -> [Appointment.ID: LinkAnswer.Kind] {
        try said(of: appointments, in: transaction).compactMapValues(\.standing)
    }

    /// What ``SaidByLink`` reads, up to FROM and its tables. The sum keeps a database from going by the appointments:
    /// hundreds are asked about, where few said anything.
    private static let saidColumns = """
        k.kind, k.received_at, k.done_at, k.link, CASE WHEN \(isCurrent) THEN 1 ELSE 0 END,
            CASE WHEN k.said_of = \(saidOf("k.appointment_id")) THEN 1 ELSE 0 END,
            CASE WHEN k.said_of = \(ReachedColumns.mobile(of: "p")) THEN 1 ELSE 0 END
        FROM link_answers k JOIN appointments a ON a.id = k.appointment_id + 0 JOIN patients p ON p.id = k.patient_id
        """
}

/// What settles an answer beside the button that does.
extension LinkStore {
    /// Who asked for a cancellation has it with the cancellation.
    static func settleWishes(of appointment: Appointment.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE link_answers SET done_at = $1
            WHERE appointment_id = $2 AND kind = 'cancel_asked' AND done_at IS NULL
            """,
            now.milliseconds,
            appointment.rawValue
        )
    }

    /// A cancellation that is taken back leaves the wish open that it settled.
    static func reopenWishes(of appointment: Appointment.ID, settledAt: Int64, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE link_answers SET done_at = NULL
            WHERE appointment_id = $1 AND kind = 'cancel_asked' AND done_at = $2
            """,
            appointment.rawValue,
            settledAt
        )
    }

    /// With another number, that the old one was somebody else's is dealt with.
    static func settleWrongNumbers(of patient: Patient.ID, now: Date, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE link_answers SET done_at = $1
            WHERE patient_id = $2 AND kind = 'wrong_number' AND done_at IS NULL
                AND said_of <> (SELECT \(saidOf("link_answers.appointment_id")) FROM patients p WHERE p.id = $2)
            """,
            now.milliseconds,
            patient.rawValue
        )
    }
}
