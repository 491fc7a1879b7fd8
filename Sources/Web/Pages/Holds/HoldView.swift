import Domain
import Foundation
import Storage

/// What is asked on every page while sending is held: what happened, what follows, and the answers.
struct HoldView: Sendable {
    struct Answer: Sendable {
        let value: String
        let label: String
        let isMain: Bool

        init(_ answer: HoldAnswer, _ label: String) {
            value = answer.rawValue
            self.label = label
            isMain = answer == .send
        }
    }

    let heading: String
    let sentence: String
    /// What becomes of what is held, answered or not.
    let consequence: String
    /// Which question the answer belongs to.
    let asked: String
    /// Empty where this practice may not answer.
    let answers: [Answer]
    let mayAnswer: Bool
    /// Who may answer where this practice may not.
    let support: SupportView?

    /// nil where nothing is held, and for those who only look: they see the state on the start page.
    init?(_ visit: Visit) {
        guard let hold = visit.hold, visit.mayWrite else { return nil }
        let support = SupportView(visit.pages.support, visit.words)
        self.init(hold, visit.words, zone: visit.practice.timeZone, now: visit.now, support: support)
    }

    init(_ hold: SendingHold, _ words: Words, zone: TimeZone, now: Date, support: SupportView?) {
        heading = words("hold.heading")
        asked = HoldQuestion.name(hold)
        switch hold {
        case .overdue(let overdue):
            sentence = Self.sentence(overdue, words, zone)
            consequence = words("hold.overdue.consequence")
            answers = Self.answers(overdue, words)
            self.support = nil
        case .clock(let clock):
            let moment = words.moment(WallTime.of(now, in: zone))
            sentence = Self.sentence(clock, words) + " " + words("hold.clock.now", ["moment": moment])
            consequence = words(clock.isOnePractice ? "hold.clock.consequence" : "hold.clock.operator")
            answers = clock.isOnePractice ? [Answer(.send, words("hold.clock.send"))] : []
            self.support = clock.isOnePractice ? nil : support
        }
        mayAnswer = !answers.isEmpty
    }

    private static func sentence(_ hold: OverdueHold, _ words: Words, _ zone: TimeZone) -> String {
        guard hold.count > 0, let since = hold.since else { return words("hold.overdue.none") }
        return words.counted("hold.overdue", hold.count, ["moment": words.moment(WallTime.of(since, in: zone))])
    }

    private static func answers(_ hold: OverdueHold, _ words: Words) -> [Answer] {
        guard hold.count > 0 else { return [Answer(.send, words("hold.overdue.go_on"))] }
        return [Answer(.send, words("hold.overdue.send")), Answer(.drop, words("hold.overdue.drop"))]
    }

    private static func sentence(_ hold: ClockHold, _ words: Words) -> String {
        let minutes = Int((abs(hold.step) / 60).rounded())
        return words.counted(hold.step > 0 ? "hold.clock.forward" : "hold.clock.back", minutes)
    }
}
