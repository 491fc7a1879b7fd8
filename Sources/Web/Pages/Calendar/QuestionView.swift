import Domain
import Foundation
import Hummingbird
import Storage

/// What a person has to hear before a change is saved, and the ways to go on.
struct QuestionView: Sendable {
    struct Input: Sendable {
        let name: String
        let value: String
    }

    struct Answer: Sendable {
        let value: String
        let label: String
        let isMain: Bool
    }

    let lead: String
    let sentences: [String]
    /// What is good to know beside it.
    let remark: String?
    let action: String
    let inputs: [Input]
    let answers: [Answer]
    let back: String
    let backLabel: String

    /// What is asked about.
    enum Deed: String, Sendable {
        case move, cancel, undo
    }

    /// Before a move: that the reminder goes, or that it is out already.
    static func move(_ told: ChangeConsequences, of old: Appointment, _ form: FormData, _ visit: Visit) -> QuestionView
    {
        let words = visit.words
        let sentences =
            [told.late.map { LatePage.warning($0, old, words) }, dropped(told, words)].compactMap(\.self)
        return QuestionView(
            lead: words("calendar.move.lead", ["moment": words.moment(told.appointment.wallStart)]),
            sentences: sentences,
            remark: nil,
            action: "/termine/\(old.id)/verschieben",
            inputs: inputs(form, of: old),
            answers: told.late == nil
                ? [Answer(value: "dropped", label: words("calendar.move.dropped"), isMain: true)]
                : answers(.move, words),
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("calendar.move.back")
        )
    }

    /// Before a cancellation, which is asked about in any case.
    ///
    /// - Parameter hasLater: whether it belongs to a series that goes on, and of which this one alone is meant.
    static func cancel(
        _ late: LateChange?,
        of old: Appointment,
        hasLater: Bool,
        _ form: FormData,
        _ visit: Visit
    ) -> QuestionView {
        let words = visit.words
        let key = "late.cancel." + (late == nil ? "ask" : "lead")
        return QuestionView(
            lead: words(key, ["moment": words.moment(old.wallStart)]),
            sentences: late.map { [LatePage.warning($0, old, words)] } ?? [],
            remark: hasLater ? words("calendar.cancel.one_of_series") : nil,
            action: "/termine/\(old.id)/absagen",
            inputs: inputs(form, of: old),
            answers: late == nil
                ? [Answer(value: "", label: words("late.cancel.plain"), isMain: true)]
                : [
                    Answer(value: "correct", label: words("late.cancel.with_message"), isMain: true),
                    Answer(value: "silent", label: words("late.cancel.without"), isMain: false),
                ],
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("late.back")
        )
    }

    /// Before a change is taken back of which the patient may know by now.
    static func undo(_ late: LateChange, of old: Appointment, _ form: FormData, _ visit: Visit) -> QuestionView {
        let words = visit.words
        return QuestionView(
            lead: words("calendar.undo.lead"),
            sentences: [LatePage.warning(late, old, words)],
            remark: nil,
            action: "/termine/\(old.id)/rueckgaengig",
            inputs: inputs(form, of: old),
            answers: answers(.undo, words),
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("calendar.undo.back")
        )
    }

    /// That nothing can be done, and why.
    static func told(_ sentence: String, _ advice: String, back: ReturnPath, _ words: Words) -> QuestionView {
        QuestionView(
            lead: sentence,
            sentences: [advice],
            remark: nil,
            action: "",
            inputs: [],
            answers: [],
            back: back.withoutOffer,
            backLabel: words("calendar.back")
        )
    }

    /// That an appointment which no longer stands in the calendar is neither moved nor cancelled; nil of one that does.
    static func over(_ appointment: Appointment, _ form: FormData, _ visit: Visit) -> QuestionView? {
        let (words, status) = (visit.words, appointment.status)
        if status == .booked { return nil }
        let advice = words("calendar.over.advice." + (status == .cancelled ? "cancelled" : "past"))
        return told(words("calendar.over." + status.rawValue), advice, back: ReturnPath(form, or: appointment), words)
    }

    private static func answers(_ deed: Deed, _ words: Words) -> [Answer] {
        let key = "calendar." + deed.rawValue
        return [
            Answer(value: "correct", label: words(key + ".with_message"), isMain: true),
            Answer(value: "silent", label: words(key + ".without"), isMain: false),
        ]
    }

    /// With the version that the person saw: a question does not renew it.
    private static func inputs(_ form: FormData, of old: Appointment) -> [Input] {
        let kept = form.resent.filter { !["answer", "version", ReturnPath.field].contains($0.name) }
        let more = [
            (name: "version", value: String(form.version ?? old.version)),
            (name: ReturnPath.field, value: ReturnPath(form, or: old).withoutOffer),
        ]
        return (kept + more).map(Input.init)
    }

    /// `Die Erinnerung per SMS entfällt: Bis zum neuen Beginn bleiben weniger als 48 Stunden.`
    private static func dropped(_ told: ChangeConsequences, _ words: Words) -> String? {
        guard !told.dropped.isEmpty else { return nil }
        let channels = Channel.allCases.filter(told.dropped.contains).map { words("channel." + $0.rawValue) }
        let arguments = ["channels": words.list(channels)]
        if told.notices.contains(where: { $0.code == .reminderTooLate }) {
            return words("calendar.dropped.too_late", arguments)
        }
        let reasons = told.notices.map { words("shortfall." + $0.code.rawValue) }
        return words(
            "calendar.dropped.other",
            arguments.merging(["reasons": words.list(reasons)]) { given, _ in given }
        )
    }
}

extension QuestionView {
    /// As a page, or as the part that a script puts into a dialog.
    func response(_ request: Request, _ visit: Visit, _ status: HTTPResponse.Status) throws -> Response {
        if request.isForPart { return try visit.pages.fragment("calendar/question-part", self, visit, status: status) }
        let frame = Frame(visit, title: lead, current: .calendar)
        return try visit.pages.page("calendar/question", self, frame, status: status)
    }
}
