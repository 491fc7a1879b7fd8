import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("What is asked while sending is held")
struct HoldTests {
    private let now = Date(timeIntervalSince1970: 1_803_891_600)

    private func view(
        _ hold: SendingHold,
        _ language: Language = .german,
        support: String = "support@example.org"
    ) throws -> HoldView {
        let words = try RealResources.words(language)
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        return HoldView(hold, words, zone: zone, now: now, support: SupportView(support, words))
    }

    private func overdue(_ count: Int) -> SendingHold {
        .overdue(OverdueHold(askedAt: now - 60, count: count, since: count == 0 ? nil : now - 10_800))
    }

    private func clock(_ step: Double, isOnePractice: Bool) -> SendingHold {
        .clock(ClockHold(askedAt: now, step: step, isOnePractice: isOnePractice))
    }

    @Test("How many reminders since when, what becomes of them, and both answers")
    func question() throws {
        let view = try view(overdue(312))
        #expect(view.sentence.contains("312 Erinnerungen") && view.sentence.contains("Mo 01.03.2027, 07:00 Uhr"))
        #expect(view.consequence.contains("spätesten Versand") && view.consequence.contains("Bitte anrufen"))
        #expect(view.answers.map(\.label) == ["Jetzt senden", "Nicht mehr senden"])
        #expect(view.answers.map(\.value) == ["send", "drop"] && view.answers.map(\.isMain) == [true, false])
        #expect(view.mayAnswer && view.support == nil)
    }

    @Test("A single reminder is not called several, and none leaves nothing to send")
    func numbers() throws {
        #expect(try view(overdue(1)).sentence.contains("Eine Erinnerung ist"))
        let none = try view(overdue(0))
        #expect(none.answers.map(\.label) == ["Versand fortsetzen"] && !none.sentence.contains("0"))
    }

    @Test("A practice alone on its machine answers for the clock; on a host it is told who does")
    func machine() throws {
        let own = try view(clock(86_400, isOnePractice: true))
        #expect(own.sentence.contains("1440 Minuten vorgesprungen") && own.sentence.contains("10:00 Uhr"))
        #expect(own.answers.map(\.value) == ["send"] && own.support == nil)
        let hosted = try view(clock(-3_600, isOnePractice: false))
        #expect(hosted.sentence.contains("60 Minuten zurückgestellt"))
        #expect(!hosted.mayAnswer && hosted.support?.contact == "support@example.org")
    }

    @Test("Everything is there in both languages", arguments: Language.allCases)
    func languages(language: Language) throws {
        let holds =
            [overdue(2), overdue(1), overdue(0)]
            + [1.0, -1, 3_600].flatMap { step in
                [clock(step * 60, isOnePractice: true), clock(step * 60, isOnePractice: false)]
            }
        for view in try holds.map({ try view($0, language) }) {
            for text in [view.heading, view.sentence, view.consequence] + view.answers.map(\.label) {
                #expect(!text.contains("hold.") && !text.contains("{"), "\(text)")
            }
        }
    }

    @Test("Each question has a name of its own")
    func names() {
        let later = SendingHold.overdue(OverdueHold(askedAt: now, count: 1, since: nil))
        let questions = [overdue(1), later, clock(600, isOnePractice: true)]
        #expect(Set(questions.map(HoldQuestion.name)).count == 3)
    }
}
