import Domain
import Foundation
import Storage

/// Subject and body of the e-mails of the practice, or of one location.
struct MailTextsPage: Sendable {
    struct Tab: Sendable {
        let path: String
        let label: String
        let isCurrent: Bool
    }

    /// What may be left open in a text, and what it becomes.
    struct Placeholder: Sendable {
        /// `{vorname}`
        let word: String
        let meaning: String
        let example: String
        let insert: String
    }

    let lead: String
    let advice: String
    let tabs: [Tab]
    let hasTabs: Bool
    let form: FormFrame
    let subject: FieldView
    let body: FieldView
    let preview: MailPreview
    let previewPath: String
    let placeholders: [Placeholder]
    /// What the button says that takes the own texts away; nil where there are none.
    let reset: String?

    /// What was read beside the texts.
    struct Surroundings: Sendable {
        /// The one whose texts these are; nil: the practice's.
        let location: Location?
        let locations: [Location]
        let facts: MailFacts?
        /// What stands beside the address from which the e-mails come.
        let sender: String

        /// Where the form goes.
        var path: String { "/einstellungen/e-mail-texte" + (location.map { "/\($0.id)" } ?? "") }

        func inherited(_ practice: Practice) -> (subject: MailTemplate, body: MailTemplate) {
            let own = (MailWords.subject(practice.language), MailWords.body(practice.language))
            guard location != nil else { return own }
            return (practice.emailSubject ?? own.0, practice.emailBody ?? own.1)
        }
    }

    static func view(
        _ draft: MailTextsDraft,
        _ given: Surroundings,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> MailTextsPage {
        let words = visit.words
        let filled = draft.filled
        var subject = FieldView.make("emailSubject", filled.subject, problems, autocomplete: "off")
        // A name that looks alike is offered by the list beside it.
        subject.suggestion = nil
        var body = FieldView.make("emailBody", filled.body, problems)
        body.partial = "parts/letter"
        var preview = MailPreview(draft, given, visit)
        // A refused form says it beside the field already.
        if !problems.problems.isEmpty { preview.problems = [] }
        let hasOwn = given.location.map { $0.emailSubject != nil || $0.emailBody != nil }
        let isOwn = hasOwn ?? (visit.practice.emailSubject != nil || visit.practice.emailBody != nil)
        return MailTextsPage(
            lead: lead(given.location, isOwn: isOwn, words),
            advice: words(given.location == nil ? "mailtext.advice" : "mailtext.advice_location"),
            tabs: tabs(given, words),
            hasTabs: given.locations.count > 1 || given.location != nil,
            form: FormFrame(
                action: given.path,
                problems: problems,
                version: given.location?.version ?? visit.practice.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            subject: subject,
            body: body,
            preview: preview,
            previewPath: given.path + "/vorschau",
            placeholders: placeholders(MailExample.facts(given, visit), words),
            reset: isOwn ? words(given.location == nil ? "mailtext.reset" : "mailtext.reset_location") : nil
        )
    }

    private static func lead(_ location: Location?, isOwn: Bool, _ words: Words) -> String {
        guard let location else { return words(isOwn ? "mailtext.lead.own" : "mailtext.lead.product") }
        return words(isOwn ? "mailtext.lead.location" : "mailtext.lead.inherited", ["location": location.name])
    }

    private static func tabs(_ given: Surroundings, _ words: Words) -> [Tab] {
        let path = "/einstellungen/e-mail-texte"
        let all = Tab(path: path, label: words("mailtext.tab.practice"), isCurrent: given.location == nil)
        return [all]
            + given.locations.map {
                Tab(path: path + "/\($0.id)", label: $0.name, isCurrent: $0.id == given.location?.id)
            }
    }

    private static func placeholders(_ facts: MailFacts, _ words: Words) -> [Placeholder] {
        MailPlaceholder.allCases.map { placeholder in
            let word = "{\(placeholder.rawValue)}"
            return Placeholder(
                word: word,
                meaning: words("mailtext.placeholder." + placeholder.rawValue),
                example: facts.lineValue(placeholder),
                insert: words("mailtext.insert", ["word": word])
            )
        }
    }
}

/// Somebody to show a text with, while no appointment is booked.
enum MailExample {
    /// The next appointment, or else one in a week, half past ten.
    static func facts(_ given: MailTextsPage.Surroundings, _ visit: Visit) -> MailFacts {
        if let facts = given.facts { return facts }
        let words = visit.words
        let location = given.location ?? given.locations.first
        return MailFacts(
            firstName: words("mailtext.example.first"),
            lastName: words("mailtext.example.last"),
            start: WallTime(date: visit.today.adding(days: 7), hour: 10, minute: 30),
            location: location?.name ?? words("mailtext.example.location"),
            address: location?.address ?? words("mailtext.example.address"),
            practitioner: words("mailtext.example.practitioner"),
            practice: visit.practice.name,
            language: visit.practice.language
        )
    }
}
