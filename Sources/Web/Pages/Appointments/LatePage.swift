import Domain
import Foundation
import Storage

/// Asks before a change that comes after the reminder may have reached the patient (rule 11), or before a cancellation.
struct LatePage: Sendable {
    struct Input: Sendable {
        let name: String
        let value: String
    }

    /// What is about to happen.
    enum Deed: String, Sendable {
        case cancel, move
    }

    let lead: String
    /// When and how it went out; nil where nothing did.
    let warning: String?
    let action: String
    let inputs: [Input]
    /// Of a series: how much of it is meant.
    let scope: ScopeChoice?
    let withMessage: String?
    let without: String
    let back: String

    static func view(
        _ deed: Deed,
        _ late: LateChange?,
        of appointment: Appointment,
        _ form: FormData,
        _ visit: Visit,
        _ scope: ScopeChoice? = nil
    ) -> LatePage {
        let words = visit.words
        let path = "/termine/\(appointment.id)"
        let key = "late." + deed.rawValue
        let inputs = form.resent.filter { input in
            !["answer", "version"].contains(input.name) && (scope == nil || input.name != "scope")
        }
        return LatePage(
            lead: words(key + (late == nil ? ".ask" : ".lead"), ["moment": words.moment(appointment.wallStart)]),
            warning: late.map { warning($0, appointment, words) },
            action: deed == .cancel ? path + "/absagen" : path,
            // The version that the person saw: a question does not renew it.
            inputs: (inputs + [(name: "version", value: String(form.version ?? appointment.version))]).map(Input.init),
            scope: scope,
            withMessage: late == nil ? nil : words(key + ".with_message"),
            without: words(late == nil ? key + ".plain" : key + ".without"),
            back: form.returnPath?.path ?? path
        )
    }

    /// When and how the message went that the patient may have.
    static func warning(_ late: LateChange, _ appointment: Appointment, _ words: Words) -> String {
        let channels = Channel.allCases.filter(late.channels.contains)
        let names = channels.map { words("channel." + $0.rawValue) }.joined(separator: words("list.and"))
        let moment = words.moment(WallTime.of(late.sentAt, in: appointment.timeZone))
        return words("late.warning", ["moment": moment, "channels": names])
    }
}

extension FormData {
    /// What the person said to the warning.
    var lateAnswer: LateChangeAnswer {
        switch self["answer"] {
        case "correct": .acknowledged(sendCorrection: true)
        case "silent": .acknowledged(sendCorrection: false)
        default: .unasked
        }
    }
}
