import Domain
import Storage

/// Someone who treats.
struct PractitionerPage: Sendable {
    let lead: String
    let form: FormFrame
    let fields: [FieldView]
    let deletePath: String?

    static func view(
        _ draft: PractitionerDraft,
        _ existing: Practitioner?,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> PractitionerPage {
        let path = "/einstellungen/therapeuten/" + (existing.map { $0.id.description } ?? "neu")
        return PractitionerPage(
            lead: existing?.name ?? visit.words("practitioner.new"),
            form: FormFrame(
                action: path,
                problems: problems,
                version: existing?.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            fields: [
                .make("name", draft.name, problems, autocomplete: "off", isRequired: true),
                .make("email", draft.email, problems, autocomplete: "off", inputMode: "email"),
            ],
            deletePath: existing != nil && visit.mayConfigure ? path + "/loeschen" : nil
        )
    }
}
