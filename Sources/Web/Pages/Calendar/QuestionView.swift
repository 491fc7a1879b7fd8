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
    /// Of a series: how much of it is meant; nil where that is not asked.
    var scope: ScopeChoice?
    let back: String
    let backLabel: String

    /// Before a change that comes after the reminder may have reached somebody (rule 11), or that takes it away.
    ///
    /// - Parameters:
    ///   - path: where the form goes to.
    ///   - informed: whom the messages went to, where that is not who the appointment is for from now on.
    static func change(
        _ question: ChangeQuestion,
        of old: Appointment,
        _ form: FormData,
        to path: String,
        informed: [String],
        _ visit: Visit
    ) -> QuestionView {
        let words = visit.words
        let isMany = SeriesScope(rawValue: form["scope"]) == .later
        let new = question.consequences.first?.appointment ?? old
        let isMoved = !isMany && new.start != old.start
        let lead = isMoved ? "calendar.move.lead" : isMany ? "late.change.series" : "late.change.lead"
        let key = isMoved ? "calendar.move" : "late.change"
        let out = question.late.map { warning($0, old, words, informed: informed) }
        let gone = isMany ? dropped(question, words) : question.consequences.first.flatMap { dropped($0, words) }
        return QuestionView(
            lead: words(lead, ["moment": words.moment(isMoved ? new.wallStart : old.wallStart)]),
            sentences: [out, gone].compactMap(\.self),
            remark: nil,
            action: path,
            inputs: inputs(form, of: old),
            answers: question.late == nil
                ? [Answer(value: "dropped", label: words(key + (isMany ? ".anyway" : ".dropped")), isMain: true)]
                : answers(key, words, informed: informed),
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("calendar.move.back")
        )
    }

    /// Before a cancellation, which is asked about in any case.
    ///
    /// - Parameters:
    ///   - hasLater: whether it belongs to a series that goes on.
    ///   - scope: asks how much of the series is meant; nil: this one alone.
    static func cancel(
        _ late: LateChange?,
        of old: Appointment,
        hasLater: Bool,
        _ form: FormData,
        _ visit: Visit,
        _ scope: ScopeChoice? = nil
    ) -> QuestionView {
        let words = visit.words
        let key = "late.cancel." + (late == nil ? "ask" : "lead")
        return QuestionView(
            lead: words(key, ["moment": words.moment(old.wallStart)]),
            sentences: late.map { [warning($0, old, words)] } ?? [],
            remark: hasLater && scope == nil ? words("calendar.cancel.one_of_series") : nil,
            action: "/termine/\(old.id)/absagen",
            inputs: inputs(form, of: old, asksScope: scope != nil),
            answers: late == nil
                ? [Answer(value: "", label: words("late.cancel.plain"), isMain: true)]
                : answers("late.cancel", words),
            scope: scope,
            back: ReturnPath(form, or: old).withoutOffer,
            backLabel: words("late.back")
        )
    }

    /// Before a change is taken back of which the patient may know by now.
    static func undo(_ late: LateChange, of old: Appointment, _ form: FormData, _ visit: Visit) -> QuestionView {
        let words = visit.words
        return QuestionView(
            lead: words("calendar.undo.lead"),
            sentences: [warning(late, old, words)],
            remark: nil,
            action: "/termine/\(old.id)/rueckgaengig",
            inputs: inputs(form, of: old),
            answers: answers("calendar.undo", words),
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

    private static func answers(_ key: String, _ words: Words, informed: [String] = []) -> [Answer] {
        let names = ["names": words.list(informed)]
        let telling = key + (informed.isEmpty ? ".with_message" : ".with_message_to")
        return [
            Answer(value: "correct", label: words(telling, names), isMain: true),
            Answer(value: "silent", label: words(key + ".without"), isMain: false),
        ]
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

    /// When and how the message went that somebody may have.
    static func warning(
        _ late: LateChange,
        _ appointment: Appointment,
        _ words: Words,
        informed: [String] = []
    ) -> String {
        let channels = Channel.allCases.filter(late.channels.contains).map { words("channel." + $0.rawValue) }
        let moment = words.moment(WallTime.of(late.sentAt, in: appointment.timeZone))
        return words(
            informed.isEmpty ? "late.warning" : "late.warning.named",
            [
                "moment": moment, "channels": channels.joined(separator: words("list.and")),
                "names": words.list(informed),
            ]
        )
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

extension Visit {
    /// Whom the messages went to, where the appointment is to be another patient's.
    func informed(_ question: ChangeQuestion, of old: Appointment) async throws -> [String] {
        guard question.consequences.contains(where: { $0.appointment.patientID != old.patientID }) else { return [] }
        var names: [String] = []
        for id in Set(question.consequences.flatMap(\.informed)).sorted(by: { $0.rawValue < $1.rawValue }) {
            do {
                names.append(PatientName.spoken(try await storage.patients.find(id, practiceID)))
            } catch StorageError.notFound {
                names.append(words("booking.nobody"))
            }
        }
        return names
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
