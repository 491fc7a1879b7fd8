import Domain
import Foundation
import Storage

/// A hint that somebody of this name or number is on record already; never a refusal (rule 15).
struct LookalikesView: Sendable {
    struct Person: Sendable {
        let path: String
        let called: String
        let known: String
        let same: String
    }

    struct Box: Sendable {
        let people: [Person]
        /// The ids that the person has seen: what was seen is not asked about again.
        let seen: String
        /// The button of a form that was held up to ask; nil while somebody types.
        let goOn: String?
    }

    /// nil where nobody is alike.
    let alike: Box?

    static let nobody = LookalikesView(alike: nil)

    init(_ found: [Lookalike], goOn: String? = nil, _ visit: Visit) {
        guard !found.isEmpty else {
            alike = nil
            return
        }
        alike = Box(
            people: found.map { Self.person($0, visit) },
            seen: found.map(\.patient.id.description).joined(separator: ","),
            goOn: goOn
        )
    }

    private init(alike: Box?) { self.alike = alike }

    private static func person(_ lookalike: Lookalike, _ visit: Visit) -> Person {
        let patient = lookalike.patient
        let known = [
            PatientLine.born(patient, visit), PatientLine.contact(patient, visit.words),
            patient.reached.mobile?.dialled(from: visit.practice.country), patient.reached.email?.value,
        ].compactMap(\.self)
        return Person(
            path: "/patienten/\(patient.id)",
            called: PatientName.listed(patient),
            known: known.isEmpty ? visit.words("patient.no_contact") : known.joined(separator: ", "),
            same: visit.words(lookalike.hasSameName ? "alike.name" : "alike.number")
        )
    }

    /// Who is alike and has to be asked about: those of the same name whom the person has not seen. A number alone is shared
    /// by families, so it is only told.
    static func asked(_ found: [Lookalike], _ form: FormData) -> [Lookalike] {
        let seen = Set(form["seen"].split(separator: ",").map(String.init))
        return found.filter { $0.hasSameName && !seen.contains($0.patient.id.description) }
    }
}
