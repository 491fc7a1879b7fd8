import Crypto
import Database
import Domain
import Foundation

/// An appointment that is cancelled once its patient's data is erased.
public struct EndedAppointment: Hashable, Sendable {
    public let appointment: Appointment
    /// What the patient may have been told; nil where nothing is out.
    public let late: LateChange?
}

/// What goes with a patient whose data is erased.
public struct PatientDeletion: Hashable, Sendable {
    /// The next first.
    public let ended: [EndedAppointment]
    /// Corrections to the patient that are still to leave, and then will not.
    public let corrections: Int

    /// The warning of all of them; nil where nothing is out.
    public var late: LateChange? { LateChange(ended.compactMap(\.late)) }

    /// Two deletions of the same mark cancel the same appointments, after the same messages. What became of a message
    /// since does not count.
    public var mark: String {
        let lines = ended.map { ended in
            let sent = ended.late?.messages.map { "\($0.channel.rawValue) \($0.sentAt.milliseconds)" } ?? []
            return ([ended.appointment.id.description, "\(ended.appointment.start.milliseconds)"] + sent)
                .joined(separator: " ")
        }
        let all = (lines + ["\(corrections)"]).joined(separator: "\n")
        return SHA256.hash(data: Data(all.utf8)).prefix(12).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }
}

/// What whoever deletes a patient knows of what goes with it.
public enum DeletionKnowledge: Hashable, Sendable {
    case nothing
    /// That the patient may have been told of appointments.
    case everything
    /// What was shown, by its mark.
    case announced(String)

    func check(_ deletion: PatientDeletion) throws {
        switch self {
        case .nothing: if let late = deletion.late { throw late }
        case .everything: break
        case .announced(let mark): if mark != deletion.mark { throw DeletionQuestion(deletion: deletion) }
        }
    }
}

/// Nothing was deleted: something else would go with it than what was announced.
public struct DeletionQuestion: Hashable, Sendable, Error {
    public let deletion: PatientDeletion
}

extension PatientDeletion {
    static func of(
        _ id: Patient.ID,
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws -> PatientDeletion {
        let coming = try transaction.query(
            """
            SELECT \(Columns.list(Columns.appointment)) FROM appointments
            WHERE patient_id = $1 AND practice_id = $2 AND status = 'booked' AND start_at > $3
            ORDER BY start_at, id
            """,
            id.rawValue,
            practice.rawValue,
            now.milliseconds
        ).entities(Appointment.init)
        let settings = try Lookup.practice(practice, in: transaction)
        let ended = try coming.map { appointment in
            let late = try LateChange.ofTurning(appointment, settings, of: id, now: now, in: transaction)
            return EndedAppointment(appointment: appointment, late: late)
        }
        let corrections = try transaction.first(
            """
            SELECT COUNT(*) FROM reminders
            WHERE patient_id = $1 AND state = 'planned' AND purpose = 'correction' AND latest_at > $2
            """,
            id.rawValue,
            now.milliseconds
        )
        return PatientDeletion(ended: ended, corrections: Int(try corrections?.integer(0) ?? 0))
    }
}

extension PatientStore {
    /// What a deletion would take along, so that a page can tell it.
    ///
    /// - Throws: ``StorageError/notFound``
    public func deletion(of id: Patient.ID, _ practice: Practice.ID, now: Date) async throws -> PatientDeletion {
        try await driver.read { try PatientDeletion.of(id, practice, now: now, in: $0) }
    }
}
