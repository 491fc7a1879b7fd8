import Domain
import Foundation
import Storage

/// How a mailbox does, in a shape and a few words.
struct MailboxState: Sendable {
    let look: String
    let word: String
    /// The same as a sentence.
    let sentence: String
    /// What is wrong, and what to do; nil where nothing is.
    let advice: String?
    /// The server's own words.
    let said: String?
    /// When it was last looked for what came back; nil where nobody looks.
    let read: String?

    init(_ mailbox: Mailbox, _ health: ProviderHealth?, _ standing: MailboxStanding, _ visit: Visit) {
        let words = visit.words
        let tell = { (date: Date) in words.since(date, zone: visit.practice.timeZone, today: visit.today) }
        let (look, key, detail) = Self.judge(mailbox, health, standing, at: visit.now)
        let since = key == "limited" ? standing.heldUntil : health?.since
        let arguments = ["address": mailbox.address.value, "since": since.map(tell) ?? ""]
        self.look = look.rawValue
        word = words("mailbox.state." + key, arguments)
        sentence = words("mailbox.lead." + key, arguments)
        advice = detail.map { MailCauseView($0, words).whole }
        said = detail.flatMap(MailCauseView.said)
        read =
            mailbox.imapURL.isEmpty
            ? words("mailbox.read.off")
            : standing.readAt.map { words("mailbox.read.at", ["since": tell($0)]) } ?? words("mailbox.read.never")
    }

    /// - Returns: the look, the key of its words, and what was said of a trouble.
    private static func judge(
        _ mailbox: Mailbox,
        _ health: ProviderHealth?,
        _ standing: MailboxStanding,
        at now: Date
    ) -> (Look, String, String?) {
        if !mailbox.account.isEnabled { return (.none, "off", nil) }
        if let health, health.state == .resting { return (.failed, "resting", health.detail) }
        if !standing.trouble.isEmpty { return (.failed, "unread", standing.trouble) }
        if let held = standing.heldUntil, held > now { return (.planned, "limited", nil) }
        return health == nil ? (.planned, "on", nil) : (.delivered, "well", nil)
    }
}

/// What a mail server's refusal means, and what to do, in two sentences.
struct MailCauseView: Sendable {
    let sentence: String
    let advice: String

    init(_ detail: String, _ words: Words) {
        let key = "mailbox.cause." + MailCause(detail).rawValue
        sentence = words(key)
        advice = words(key + "_advice")
    }

    /// The server's own words, without those that the engine puts before them; nil where there are none.
    static func said(_ detail: String) -> String? {
        let prefixes = [
            "the account is refused", "not reached", "takes no more at present", "refused", "no answer",
            "no copy in the Sent folder", "the mailbox cannot be read",
        ]
        let prefix = prefixes.first { detail == $0 || detail.hasPrefix($0 + ":") } ?? ""
        let rest = detail.dropFirst(prefix.count).drop { $0 == ":" || $0 == " " }
        return rest.isEmpty ? nil : String(rest)
    }

    var whole: String { sentence + " " + advice }
}
