import Database
import Domain
import Foundation

/// The address itself is at fault: everyone in the practice who still has it needs another one.
struct AddressMark {
    let reason: BounceReason
    let at: Date

    func write(practice: Int64, _ address: String, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE patients SET email_bounced_at = $1, email_bounce = $2
            WHERE practice_id = $3 AND LOWER(\(ReachedColumns.email(of: "patients"))) = LOWER($4) AND erased_at IS NULL
            """,
            at.milliseconds,
            reason.rawValue,
            practice,
            address
        )
    }
}

/// E-mails whose recipient was refused when they were handed over: why, and what follows for the address.
enum RefusedRecipients {
    static func note(_ outcomes: [AttemptOutcome], in transaction: Transaction) throws {
        for outcome in outcomes {
            guard case .refused(.bounced, let words) = outcome.outcome else { continue }
            let reason = BounceReason(refusal: words)
            let row = try transaction.first(
                """
                UPDATE messages SET bounce = $1 WHERE id = $2 AND status = 'bounced' AND bounce IS NULL
                RETURNING practice_id, recipient
                """,
                reason.rawValue,
                outcome.message.rawValue
            )
            guard let row, reason.isHard else { continue }
            try AddressMark(reason: reason, at: outcome.at).write(
                practice: try row.integer(0),
                try row.text(1),
                in: transaction
            )
        }
    }
}
