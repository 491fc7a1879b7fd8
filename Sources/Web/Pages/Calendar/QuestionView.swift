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
    /// Of each message that somebody may have, how it went.
    var told: [ToldLine] = []
    let sentences: [String]
    /// Why a correction cannot leave.
    var held: [String] = []
    /// What the patient would read.
    var reads: [ToldReading] = []
    /// Whom to call where no message helps.
    var call: CallLink?
    var isCallMain = false
    /// What is good to know beside it.
    let remark: String?
    let action: String
    let inputs: [Input]
    var answers: [Answer]
    /// Of a series: how much of it is meant; nil where that is not asked.
    var scope: ScopeChoice?
    let back: String
    let backLabel: String

    /// Before a change that comes after the reminder may have reached somebody (rule 11), or that takes it away.
    ///
    /// - Parameter path: where the form goes to.
    static func change(
        _ question: ChangeQuestion,
        of old: Appointment,
        _ form: FormData,
        to path: String,
        _ people: QuestionPeople,
        _ visit: Visit
    ) -> QuestionView {
        let words = visit.words
        let isMany = SeriesScope(rawValue: form["scope"]) == .later
        let new = question.consequences.first?.appointment ?? old
        let isMoved = !isMany && new.start != old.start
        let lead = isMoved ? "calendar.move.lead" : isMany ? "late.change.series" : "late.change.lead"
        let key = isMoved ? "calendar.move" : "late.change"
        let gone = isMany ? dropped(question, words) : question.consequences.first.flatMap { dropped($0, words) }
        let view = QuestionView(
            lead: words(
                lead,
                [
                    "name": people.name, "moment": words.moment(old.wallStart), "from": words.short(old.wallStart),
                    "to": new.wallStart.date == old.wallStart.date
                        ? words.clock(new.wallStart) : words.short(new.wallStart),
                ]
            ),
            sentences: [gone].compactMap(\.self),
            remark: nil,
            action: path,
            inputs: inputs(form, of: old),
            answers: [Answer(value: "dropped", label: words(key + (isMany ? ".anyway" : ".dropped")), isMain: true)],
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("calendar.move.back")
        )
        return view.warning(of: question.late, key, people, isMany: isMany, visit)
    }

    /// Before a cancellation, which is asked about in any case.
    ///
    /// - Parameters:
    ///   - later: how many of its series are to come after it.
    ///   - scope: asks how much of the series is meant; nil: this one alone.
    static func cancel(
        _ late: LateChange?,
        of old: Appointment,
        later: Int,
        _ form: FormData,
        _ people: QuestionPeople,
        _ visit: Visit,
        _ scope: ScopeChoice? = nil
    ) -> QuestionView {
        let words = visit.words
        let remark =
            scope == nil ? words("calendar.cancel.one_of_series") : words.counted("calendar.cancel.later", later)
        let view = QuestionView(
            lead: words("late.cancel.lead", ["name": people.name, "moment": words.moment(old.wallStart)]),
            sentences: [],
            remark: later == 0 ? nil : remark,
            action: "/termine/\(old.id)/absagen",
            inputs: inputs(form, of: old, asksScope: scope != nil),
            answers: [Answer(value: "", label: words("late.cancel.plain"), isMain: true)],
            scope: scope,
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("late.back")
        )
        return view.warning(of: late, "late.cancel", people, isMany: scope != nil, visit)
    }

    /// Before a change is taken back of which the patient may know by now.
    static func undo(
        _ late: LateChange,
        of old: Appointment,
        _ form: FormData,
        _ people: QuestionPeople,
        _ visit: Visit
    ) -> QuestionView {
        let words = visit.words
        let view = QuestionView(
            lead: words("calendar.undo.lead", ["name": people.name]),
            sentences: [],
            remark: nil,
            action: "/termine/\(old.id)/rueckgaengig",
            inputs: inputs(form, of: old),
            answers: [],
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("calendar.undo.back")
        )
        let isMany = Set(late.messages.map(\.appointment)).count > 1
        return view.warning(of: late, "calendar.undo", people, isMany: isMany, visit)
    }

    /// With what went out, and the answers to it: a correction is offered where one can leave, else a call.
    private func warning(
        of late: LateChange?,
        _ key: String,
        _ people: QuestionPeople,
        isMany: Bool,
        _ visit: Visit
    ) -> QuestionView {
        guard let late else { return self }
        let words = visit.words
        let news = ToldNews(late, people, isMany: isMany, visit)
        var view = self
        view.told = news.lines
        view.held = news.held
        view.reads = news.readings
        view.call = news.isCallWanted ? people.call : nil
        view.isCallMain = news.isCallMain
        if news.isCallWanted, people.call == nil { view.held.append(words("late.no_number")) }
        if news.isNeedless { view.held.append(words("late.needless")) }
        let telling = key + (people.informed.isEmpty ? ".with_message" : ".with_message_to")
        let names = ["names": words.list(late.messages.map(\.patient).unique.compactMap { people.informed[$0] })]
        let correct = Answer(value: "correct", label: words(telling, names), isMain: !news.isCallMain)
        let silent = Answer(value: "silent", label: words(key + ".without"), isMain: news.isNeedless)
        view.answers = news.canCorrect ? [correct, silent] : [silent]
        return view
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

    private static func inputs(_ form: FormData, of old: Appointment, asksScope: Bool = false) -> [Input] {
        // With the version that the person saw: a question does not renew it.
        var left = ["answer", "version", ReturnPath.field]
        if asksScope { left.append("scope") }
        var inputs = form.resent.filter { !left.contains($0.name) }
        inputs.append((name: "version", value: String(form.version ?? old.version)))
        if let back = form.returnPath { inputs.append((name: ReturnPath.field, value: back.withoutOffer)) }
        return inputs.map(Input.init)
    }

    /// `Bei 2 Terminen entfällt die Erinnerung: ...`
    private static func dropped(_ question: ChangeQuestion, _ words: Words) -> String? {
        let moments = question.consequences.filter { !$0.dropped.isEmpty }.map {
            words.short($0.appointment.wallStart)
        }
        if moments.isEmpty { return nil }
        return words.counted("series.shortfall", moments.count, ["moments": moments.joined(separator: "; ")])
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

extension FormData {
    /// What the person said to the question.
    var lateAnswer: LateChangeAnswer {
        switch self["answer"] {
        case "correct": .acknowledged(sendCorrection: true)
        case "silent": .acknowledged(sendCorrection: false)
        case "dropped": .heard
        default: .unasked
        }
    }
}
