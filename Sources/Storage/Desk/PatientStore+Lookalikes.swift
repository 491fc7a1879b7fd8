import Database
import Domain

/// Someone who is on record already and may be meant.
public struct Lookalike: Hashable, Sendable {
    public let patient: Patient
    /// The name is the same.
    public let hasSameName: Bool
    /// The name is nearly the same, or begins as it was typed. Otherwise it is the number that is the same.
    public let hasNearName: Bool
}

extension PatientStore {
    /// Patients who may be the same person: of the same name, or with the same number.
    ///
    /// - Parameter near: also those whose name is nearly the same, or begins with the one that was typed.
    public func lookalikes(
        _ practice: Practice.ID,
        _ draft: PatientDraft,
        except: Patient.ID? = nil,
        near: Bool = false,
        limit: Int = 5
    ) async throws -> [Lookalike] {
        try await driver.read {
            try Self.lookalikes(practice, draft, except: except, near: near, limit: limit, in: $0)
        }
    }

    /// The same inside an open transaction.
    static func lookalikes(
        _ practice: Practice.ID,
        _ draft: PatientDraft,
        except: Patient.ID? = nil,
        near: Bool = false,
        limit: Int = 5,
        in transaction: Transaction
    ) throws -> [Lookalike] {
        let country = try Lookup.practice(practice, in: transaction).country
        let name = PatientWords.ofName(firstName: draft.firstName, lastName: draft.lastName)
        let isNamed = !draft.lastName.trimmingWhitespace().isEmpty
        let numbers = [draft.mobile, draft.contactMobile].compactMap { raw in
            try? MobileNumber.parse(raw, country: country).get()
        }
        var found: [Lookalike] = []
        let add = { (patients: [Patient], word: String?) in
            for patient in patients where !found.contains(where: { $0.patient.id == patient.id }) {
                found.append(Lookalike(patient: patient, hasSameName: word == name, hasNearName: word == nil))
            }
        }
        for word in (isNamed ? [name] : []) + numbers.map(PatientWords.ofNumber) {
            let of = (from: word, to: word + "\u{1}")
            add(try patients(practice, of, except: except, limit: limit, in: transaction), word)
        }
        if near, let nearName = NearName(draft) {
            // Beyond so many a beginning is too common to be looked through.
            let few = try patients(practice, nearName.words, except: except, limit: 500, in: transaction)
            add(few.filter(nearName.isNear), nil)
        }
        return Array(found.prefix(limit))
    }

    /// Those who have a word from one on and before another, in its order.
    private static func patients(
        _ practice: Practice.ID,
        _ words: (from: String, to: String),
        except: Patient.ID?,
        limit: Int,
        in transaction: Transaction
    ) throws -> [Patient] {
        try transaction.query(
            """
            SELECT \(Columns.list(Columns.patient, of: "p")) FROM patient_words w
            JOIN patients p ON p.id = w.patient_id
            WHERE w.practice_id = $1 AND w.word >= $2 AND w.word < $3 AND w.patient_id <> $4 AND p.erased_at IS NULL
            ORDER BY w.word, w.patient_id LIMIT $5
            """,
            practice.rawValue,
            words.from,
            words.to,
            except?.rawValue ?? 0,
            limit
        ).entities(Patient.init)
    }
}
