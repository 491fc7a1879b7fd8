import Domain
import Foundation
import Hummingbird
import Storage

/// `/versand`: the answer to what is held. Those who may write may answer, for their own practice.
func addHolds(to routes: PageRoutes, _ pages: PageServices) {
    routes.post("/versand", for: .staff) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        guard let answer = HoldAnswer(rawValue: sent.form["answer"]), let hold = visit.hold,
            HoldQuestion.name(hold) == sent.form["asked"]
        else { return SeeOther.response("/", to: request) }
        try await visit.storage.holds.answer(visit.practiceID, answer, asked: hold.askedAt, now: visit.now)
        try await visit.note(.changed, .practice, visit.practiceID.rawValue)
        return SeeOther.response("/", to: request)
    }
}

/// Names a question, so that an answer from a page that stood open for long is not taken for another one's.
enum HoldQuestion {
    static func name(_ hold: SendingHold) -> String {
        let at = String(Int64((hold.askedAt.timeIntervalSince1970 * 1_000).rounded()))
        switch hold {
        case .overdue: return "overdue-" + at
        case .clock: return "clock-" + at
        }
    }
}
