import Database
import Domain
import Foundation

extension AppointmentChange {
    /// The appointment as it would be after the change, by what was judged about its kind; its version is still the old.
    func result(_ verdict: KindVerdict) -> Appointment {
        var new = old
        new.patientID = form.patient.id
        new.locationID = form.location.id
        new.practitionerID = form.practitioner?.id
        new.start = form.fields.start
        new.end = form.fields.end
        new.timeZone = form.fields.timeZone
        new.status = form.fields.status
        new.reminderKind = verdict.kind
        new.externalID = form.fields.externalID
        if let shortfall = verdict.shortfall { new.shortfall = shortfall }
        if isMoved { new.generation += 1 }
        return new
    }

    /// - Parameter late: the warning; nil where it concerns nobody.
    func consequences(
        _ verdict: KindVerdict,
        _ late: LateChange?,
        in transaction: Transaction
    ) throws -> ChangeConsequences {
        let planned = isBooked ? try ReminderRows.planned(old, in: transaction) : []
        return ChangeConsequences(
            appointment: result(verdict),
            dropped: planned.intersection(verdict.wanted.channels).subtracting(verdict.kind.channels),
            notices: verdict.notices,
            late: late,
            informed: Set((late?.messages ?? []).map(\.patient))
        )
    }

    /// - Throws: `LateChange`, or `ChangeQuestion` where the change asks, while the answer leaves something open.
    func check(
        _ answer: LateChangeAnswer,
        _ verdict: KindVerdict,
        _ late: LateChange?,
        in transaction: Transaction
    ) throws {
        if asks {
            let told = try consequences(verdict, late, in: transaction)
            if told.isOpen(answer) { throw ChangeQuestion([told]) }
        } else if let late, !answer.isAcknowledged {
            throw late
        }
    }
}
