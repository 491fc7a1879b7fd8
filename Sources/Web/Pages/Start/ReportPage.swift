import Domain
import Foundation
import Storage

/// `/einstellungen/morgenbericht`: who is told by e-mail that something of a morning failed.
struct ReportPage: Sendable {
    let lead: String
    let advice: String
    let form: FormFrame
    let fields: [FieldView]
    /// Why none could leave, though one is wanted; with the way to mend it.
    let lacksMailbox: String?
    let isWanted: Bool
    let mailboxPath: String
    /// The button of a trial; nil where none could leave, or the person may not.
    let trial: String?
    /// What became of the last letter.
    let latest: String?
    let isBad: Bool

    /// What was read beside the practice.
    struct House: Sendable {
        let hasMailbox: Bool
        let latest: LetterStanding?
    }

    static func view(
        _ address: String,
        _ house: House,
        _ problems: FormProblems,
        _ visit: Visit,
        saved: Bool = false
    ) -> ReportPage {
        let words = visit.words
        let practice = visit.practice
        let time = words.clock(MorningReportTime.wallTime(practice, on: visit.today))
        let isOn = practice.reportTo != nil
        return ReportPage(
            lead: words(isOn ? "report.lead.on" : "report.lead.off", ["time": time]),
            advice: words("report.advice", ["time": time]),
            form: FormFrame(
                action: "/einstellungen/morgenbericht",
                problems: problems,
                version: practice.version,
                mayWrite: visit.mayConfigure,
                saved: saved
            ),
            fields: [
                .make("reportTo", address, problems, type: "email", autocomplete: "email", inputMode: "email")
            ],
            lacksMailbox: house.hasMailbox ? nil : words("report.no_mailbox"),
            isWanted: isOn,
            mailboxPath: MailboxPath.list,
            trial: isOn && house.hasMailbox && visit.mayConfigure ? words("report.trial") : nil,
            latest: house.latest.map { sentence($0, visit) },
            isBad: house.latest.map { $0.endedAt != nil && $0.sentAt == nil } ?? false
        )
    }

    private static func sentence(_ latest: LetterStanding, _ visit: Visit) -> String {
        let words = visit.words
        let moment = words.moment(WallTime.of(latest.sentAt ?? latest.askedAt, in: visit.practice.timeZone))
        if latest.sentAt != nil { return words("report.sent", ["moment": moment]) }
        guard latest.endedAt == nil else {
            return words("report.failed", ["moment": moment, "detail": latest.detail])
        }
        return latest.detail.isEmpty
            ? words("report.waiting") : words("report.retried", ["moment": moment, "detail": latest.detail])
    }
}
