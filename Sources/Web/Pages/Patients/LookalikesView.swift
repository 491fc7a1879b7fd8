import Domain
import Foundation
import Storage

/// A hint that somebody of this name or number is on record already; never a refusal (rule 15).
struct LookalikesView: Sendable {
    struct Person: Sendable {
        let path: String
        let called: String
        let known: String
    }

    struct Box: Sendable {
        let people: [Person]
        /// The ids that the person has seen: what was seen is not asked about again.
        let seen: String
        /// The button of a form that was held up to ask; nil while somebody types.
        let goOn: String?
    }

    /// Of the same name; nil where nobody is.
    let alike: Box?
    /// With the same number; nil where nobody is.
    let sharers: Box?

    init(namesakes: [Lookalike] = [], sharers: [Lookalike] = [], goOn: String? = nil, _ visit: Visit) {
        alike = Self.box(namesakes, goOn, visit)
        self.sharers = Self.box(sharers, nil, visit)
    }

    private static func box(_ found: [Lookalike], _ goOn: String?, _ visit: Visit) -> Box? {
        if found.isEmpty { return nil }
        return Box(
            people: found.map { person($0.patient, visit) },
            seen: found.map(\.patient.id.description).joined(separator: ","),
            goOn: goOn
        )
    }

    private static func person(_ patient: Patient, _ visit: Visit) -> Person {
        let known = [
            PatientLine.born(patient, visit), PatientLine.contact(patient, visit.words),
            patient.reached.mobile?.dialled(from: visit.practice.country), patient.reached.email?.value,
        ].compactMap(\.self)
        return Person(
            path: "/patienten/\(patient.id)",
            called: PatientName.listed(patient),
            known: known.isEmpty ? visit.words("patient.no_contact") : known.joined(separator: ", ")
        )
    }

    /// Who is alike and has to be asked about: those of the same name whom the person has not seen. A number alone is shared
    /// by families, so it is only told.
    static func asked(_ found: [Lookalike], _ form: FormData) -> [Lookalike] {
        let seen = Set(form["seen"].split(separator: ",").map(String.init))
        return found.filter { $0.hasSameName && !seen.contains($0.patient.id.description) }
    }
}
