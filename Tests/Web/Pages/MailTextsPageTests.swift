import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("The page with the texts of e-mails")
struct MailTextsPageTests {
    private let inherited = (subject: MailWords.subject(.german), body: MailWords.body(.german))

    private func draft(_ subject: String, _ body: String = "") -> MailTextsDraft {
        MailTextsDraft(subject: subject, body: body, inherited: inherited)
    }

    private func warnings(_ subject: String, sender: String = "Praxis Huber") throws -> [String] {
        MailPreview.warnings(subject, sender: sender, try RealResources.words())
    }

    @Test("A text that says what holds anyway is none of one's own")
    func own() {
        #expect(draft(inherited.subject.source, inherited.body.source).own == ("", ""))
        let sent = inherited.body.source.replacingOccurrences(of: "\n", with: "\r\n") + "\r\n"
        #expect(draft(" " + inherited.subject.source, sent).own == ("", ""))
        #expect(draft("Termin {datum}", "Hallo").own == ("Termin {datum}", "Hallo"))
        #expect(draft("{uhr}", "").own == ("{uhr}", ""))
    }

    @Test("An empty text shows what holds instead, and what is wrong is told of each field")
    func filled() {
        #expect(draft(" ", "").filled == (inherited.subject.source, inherited.body.source))
        #expect(draft("", "").problems.isEmpty)
        #expect(draft("{uhr}", "}").problems.map(\.field) == ["emailSubject", "emailBody"])
    }

    @Test("A subject that gives something away is warned of, each degree once")
    func subjects() throws {
        #expect(try warnings("Terminerinnerung: Freitag, 12.03.2027").isEmpty)
        let illness = try warnings("Psychotherapie und Onkologie")
        #expect(illness.count == 1 && illness[0].contains("„Psychotherapie und Onkologie“"))
        let mild = try warnings("Ihre Physiotherapie")
        #expect(mild.count == 1 && mild[0].contains("Physiotherapie") && mild[0].contains("in Behandlung"))
        #expect(try warnings("Physiotherapie, Psychotherapie").count == 2)
    }

    @Test("A sender that names an illness is warned of; one that names a milder field is not")
    func senders() throws {
        let found = try warnings("Termin", sender: "Praxis für Psychotherapie Huber")
        #expect(found.count == 1 && found[0].contains("Praxis für Psychotherapie Huber"))
        #expect(try warnings("Termin", sender: "Physiotherapie am Park").isEmpty)
    }

    @Test("Every placeholder is explained", arguments: MailPlaceholder.allCases, Language.allCases)
    func placeholders(placeholder: MailPlaceholder, language: Language) throws {
        #expect(try RealResources.words(language).catalogue.has("mailtext.placeholder." + placeholder.rawValue))
    }
}
