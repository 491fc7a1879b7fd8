import Domain
import Foundation
import Storage

/// How far a test e-mail is, step by step: signed in, accepted, copied, read. It never says that it arrived, since
/// e-mail does not tell.
struct MailTrialView: Sendable {
    struct Step: Sendable {
        let look: String
        let word: String
        let detail: String
    }

    /// Changes with what is shown.
    let key: String
    let path: String
    /// The same page in another moment, for those without a script.
    let refreshPath: String
    let isRunning: Bool
    let look: String
    let word: String
    let sentence: String
    /// The server's own words.
    let said: String?
    let advice: String?
    let steps: [Step]
    /// The switch, once it went and the mailbox is still off.
    let isReady: Bool
    let toggle: MailboxPage.Switch

    init(_ trial: Trial, _ mailbox: Mailbox, _ visit: Visit) {
        let words = visit.words
        let isLate = trial.step == .waiting && visit.now > trial.createdAt + Self.patience
        let isDone = trial.isOver && trial.step != .failed
        let state = isLate ? "unattended" : isDone ? "done" : trial.step.rawValue
        let failure = trial.step == .failed ? MailCauseView(trial.detail, words) : nil
        key = state
        path = MailboxPath.of(mailbox.id) + "/test"
        let instant = Int64((visit.now.timeIntervalSince1970 * 1_000).rounded())
        refreshPath = MailboxPath.of(mailbox.id) + "?stand=\(instant)#test"
        isRunning = !trial.isOver
        look = (isDone ? Look.delivered : failure != nil ? .failed : isLate ? .unclear : .planned).rawValue
        word = words("mailbox.trial.word." + state)
        sentence = failure?.sentence ?? words("mailbox.trial.sentence." + state)
        said = failure == nil ? nil : MailCauseView.said(trial.detail)
        advice = failure?.advice ?? Self.advice(state, words)
        steps = Self.steps(trial, mailbox, words, visit.practice.timeZone)
        isReady = isDone && !mailbox.account.isEnabled
        toggle = MailboxPage.Switch(mailbox, words, isMain: true)
    }

    /// After so many seconds it is said that nobody takes the test up.
    private static let patience = 15.0

    private static func advice(_ state: String, _ words: Words) -> String? {
        let key = "mailbox.trial.advice." + state
        return words.catalogue.has(key) ? words(key) : nil
    }

    static func steps(_ trial: Trial, _ mailbox: Mailbox, _ words: Words, _ zone: TimeZone) -> [Step] {
        let end = trial.step == .failed ? nil : trial.endedAt
        let isCopied = mailbox.sentCopy == .append
        let planned: [(key: String, at: Date?, isLeftOut: Bool)] = [
            ("signed_in", trial.boundAt, false), ("accepted", trial.acceptedAt, false),
            ("copied", trial.copiedAt, !isCopied), ("readable", end, mailbox.imapURL.isEmpty),
        ]
        var isBlocked = false
        return planned.map { key, at, isLeftOut in
            let title = words("mailbox.step." + key)
            if isLeftOut {
                let why = key == "copied" && mailbox.sentCopy == .server ? "by_server" : "not_wanted"
                return Step(look: Look.none.rawValue, word: title, detail: words("mailbox.step." + why))
            }
            if let at {
                let time = words.clock(WallTime.of(at, in: zone), seconds: true)
                return Step(look: Look.delivered.rawValue, word: title, detail: time)
            }
            defer { isBlocked = true }
            let isHere = !isBlocked && trial.step == .failed
            let detail = isHere ? "failed" : trial.isOver ? "skipped" : isBlocked ? "open" : "under_way"
            let look: Look = isHere ? .failed : trial.isOver ? .none : .planned
            return Step(look: look.rawValue, word: title, detail: words("mailbox.step." + detail))
        }
    }
}
