import Domain
import Storage

/// An e-mail as it will look, while its texts are being written.
struct MailPreview: Sendable {
    /// A stretch of the text: the practice's own, filled in, or wrong.
    struct Piece: Sendable {
        let text: String
        let isGiven: Bool
        let isMarked: Bool
    }

    /// Whose appointment it shows.
    let about: String
    let from: String
    let to: String
    let subject: [Piece]
    let body: [Piece]
    /// What leaves with the text, and is not the practice's to write.
    let beneath: String
    /// What keeps the texts from being saved.
    var problems: [String]
    /// What is better not written, though nobody refuses it.
    let warnings: [String]

    /// - Parameter texts: as typed; an empty one gives way to what holds instead.
    init(_ texts: MailTextsDraft, _ given: MailTextsPage.Surroundings, _ visit: Visit) {
        let words = visit.words
        let facts = MailExample.facts(given, visit)
        let shown = texts.filled
        from = given.sender
        to = [facts.firstName, facts.lastName].filter { !$0.isEmpty }.joined(separator: " ")
        about =
            given.facts == nil
            ? words("mailtext.preview.example")
            : words("mailtext.preview.about", ["name": to, "moment": words.moment(facts.start)])
        subject = Self.pieces(MailTemplate.stretches(of: shown.subject, facts.lineValue))
        body = Self.pieces(MailTemplate.stretches(of: shown.body, facts.value))
        let leaves = words(visit.pages.publicURL == nil ? "mailtext.preview.entry" : "mailtext.preview.entry_and_link")
        let hasPage = visit.storage.links.address(visit.practice) != nil
        beneath = hasPage ? leaves + " " + words("links.mail_preview") : leaves
        problems = texts.problems.map(words.sentence)
        warnings = Self.warnings(subject.map(\.text).joined(), sender: given.sender, words)
    }

    private static func pieces(_ stretches: [MailTemplate.Stretch]) -> [Piece] {
        stretches.map { Piece(text: $0.text, isGiven: $0.kind == .filled, isMarked: $0.kind == .fault) }
    }

    /// Each degree once; a sender's name is only worth a word where it names an illness.
    static func warnings(_ subject: String, sender: String, _ words: Words) -> [String] {
        let findings = SensitiveWords.findings(in: subject)
        var warnings: [String] = []
        for (weight, key) in [
            (SensitiveWords.Weight.illness, "mailtext.warning.illness"), (.specialty, "mailtext.warning.specialty"),
        ] {
            let named = findings.filter { $0.weight == weight }.map(\.word)
            if !named.isEmpty { warnings.append(words(key, ["words": words.list(named)])) }
        }
        if SensitiveWords.findings(in: sender).contains(where: { $0.weight == .illness }) {
            warnings.append(words("mailtext.warning.sender", ["name": sender]))
        }
        return warnings
    }
}

/// The texts of one place as somebody typed them, and what holds where they are empty.
struct MailTextsDraft: Sendable {
    let subject: String
    let body: String
    /// What holds without texts of one's own.
    let inherited: (subject: MailTemplate, body: MailTemplate)

    init(subject: String, body: String, inherited: (subject: MailTemplate, body: MailTemplate)) {
        self.subject = subject
        self.body = body
        self.inherited = inherited
    }

    /// What would leave: the own texts, or what holds instead.
    var filled: (subject: String, body: String) {
        (
            subject.trimmingWhitespace().isEmpty ? inherited.subject.source : subject,
            body.trimmingWhitespace().isEmpty ? inherited.body.source : body
        )
    }

    /// What is to be stored: a text that says what holds anyway is none of one's own, so that it follows that one's changes.
    var own: (subject: String, body: String) {
        (
            Self.isSame(subject, inherited.subject, .subject) ? "" : subject,
            Self.isSame(body, inherited.body, .body) ? "" : body
        )
    }

    var problems: [FieldProblem] {
        let shown = filled
        return Self.problems(shown.subject, .subject, "emailSubject") + Self.problems(shown.body, .body, "emailBody")
    }

    private static func isSame(_ text: String, _ other: MailTemplate, _ form: MailTemplate.Form) -> Bool {
        (try? MailTemplate.parse(text, as: form, field: "").get())?.source == other.source
    }

    private static func problems(_ text: String, _ form: MailTemplate.Form, _ field: String) -> [FieldProblem] {
        guard case .failure(let list) = MailTemplate.parse(text, as: form, field: field) else { return [] }
        return list.problems
    }
}
