import Database
import Domain

/// Whom a message is from, as far as can be told: the patient to whom we sent last from the number that it was written to,
/// else last by this provider, else last at all; else the only one with the number.
struct InboundOrigin {
    var practice: Int64?
    var patient: Int64?
    var message: Int64?
    var appointment: Int64?

    static func of(
        _ inbound: InboundSMS,
        provider: Provider.ID,
        in transaction: Transaction
    ) throws -> InboundOrigin {
        let owner = try transaction.first("SELECT practice_id FROM providers WHERE id = $1", provider.rawValue)?
            .optionalInteger(0)
        if let last = try lastSent(inbound, owner, provider, in: transaction) { return last }
        let holders = try transaction.query(
            """
            SELECT practice_id, id FROM patients
            WHERE (mobile = $1 OR contact_mobile = $1) AND ($2 = 0 OR practice_id = $2) AND erased_at IS NULL ORDER BY practice_id, id LIMIT 100
            """,
            inbound.sender,
            owner ?? 0
        ).map { (practice: try $0.integer(0), patient: try $0.integer(1)) }
        guard let first = holders.first, holders.allSatisfy({ $0.practice == first.practice }) else {
            return InboundOrigin(practice: owner)
        }
        return InboundOrigin(practice: first.practice, patient: holders.count == 1 ? first.patient : nil)
    }

    private static func lastSent(
        _ inbound: InboundSMS,
        _ owner: Int64?,
        _ provider: Provider.ID,
        in transaction: Transaction
    ) throws -> InboundOrigin? {
        let row = try transaction.first(
            """
            SELECT m.practice_id, r.patient_id, m.id, r.appointment_id
            FROM patients p JOIN reminders r ON r.patient_id = p.id JOIN messages m ON m.reminder_id = r.id
            WHERE \(ReachedColumns.reaches("$1", "p")) AND ($2 = 0 OR p.practice_id = $2) AND m.recipient = $1
                AND m.channel = 'sms'
            ORDER BY CASE WHEN m.sender = $3 THEN 0 ELSE 1 END, CASE WHEN m.provider_id = $4 THEN 0 ELSE 1 END,
                m.id DESC
            LIMIT 1
            """,
            inbound.sender,
            owner ?? 0,
            writtenTo(inbound.recipient),
            provider.rawValue
        )
        return try row.map { row in
            InboundOrigin(
                practice: try row.integer(0),
                patient: try row.integer(1),
                message: try row.integer(2),
                appointment: try row.integer(3)
            )
        }
    }

    /// A number as ``SenderID/value`` writes it, with `00` before the calling code; anything else as it is.
    private static func writtenTo(_ recipient: String) -> String {
        let digits = recipient.hasPrefix("+") ? recipient.dropFirst() : recipient[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return recipient }
        return digits.hasPrefix("00") ? String(digits) : "00" + digits
    }
}
