import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("Words about senders")
struct SenderWordsTests {
    private func location(_ name: String) -> Location {
        Location(id: Location.ID(1), practiceID: Practice.ID(1), name: name)
    }

    @Test(
        "Every warning has a sentence without a place left open",
        arguments: PracticeWarning.allCases,
        Language.allCases
    )
    func warnings(code: PracticeWarning, language: Language) throws {
        let words = try RealResources.words(language)
        let sentence = words.sentence(
            ForecastWarning(
                code,
                locations: [location("Am Park"), location("Am Platz")],
                rule: SenderRules.registries.first
            )
        )
        #expect(!sentence.hasPrefix("warning.") && !sentence.contains("{"))
        if code == .senderUnregistered || code == .senderGeneric { #expect(sentence.contains("Am Park, Am Platz")) }
    }

    @Test("A name that is replaced is told more calmly, and the rule's own day stands in the sentence")
    func replaced() throws {
        let words = try RealResources.words()
        let rule = SenderRules.registries.first
        let plain = words.sentence(ForecastWarning(.senderUnregistered, locations: [location("Am Park")], rule: rule))
        #expect(plain.contains("Netze in Österreich") && plain.contains("seit 1. Oktober 2026 nicht zu"))
        let replaced = ForecastWarning(
            .senderUnregistered,
            locations: [location("Am Park")],
            isReplaced: true,
            rule: rule
        )
        #expect(words.sentence(replaced).contains("unter der Ersatznummer"))
    }

    @Test("Every country with a rule has a name", arguments: SenderRules.all, Language.allCases)
    func countries(rule: SenderRule, language: Language) throws {
        #expect(try RealResources.words(language).arguments(rule)["country"]?.hasPrefix("country.") == false)
    }

    @Test(
        "A name is told to be one-way, a vague one to be vague, a number nothing",
        arguments: [
            ("Praxis", 1), ("INFO", 2), ("Reminder", 2), ("00436761234567", 0),
        ]
    )
    func advice(sender: String, count: Int) throws {
        #expect(SenderAdvice.sentences(SenderID(stored: sender), try RealResources.words()).count == count)
    }
}
