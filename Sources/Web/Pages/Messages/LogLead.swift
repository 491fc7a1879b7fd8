import Domain
import Storage

/// What became of messages, in one sentence.
struct LogLead {
    let query: LogQuery
    let words: Words
    let today: LocalDate

    init(_ query: LogQuery, _ visit: Visit) {
        self.query = query
        words = visit.words
        today = visit.today
    }

    /// - Parameter shown: the lines of the page, for when there is nothing to tell of today.
    func sentence(_ count: LogCount, shown: [Message]) -> String {
        guard count.total == 0 else { return told(count) }
        if query.firstDay != nil || query.lastDay != nil || shown.isEmpty {
            let isMail = query.channel == .email
            return words(
                query.isFiltered ? "messages.lead.none" : isMail ? "maillog.lead.empty" : "messages.lead.empty"
            )
        }
        return ofPage(shown)
    }

    func sentence(tasks: [LogTask]) -> String {
        let open = tasks.count { $0.isComing && $0.calledAt == nil }
        return open == 0 ? words("messages.lead.tasks_none") : words.counted("messages.lead.tasks", open)
    }

    /// `Heute: 22 zugestellt, 1 übergeben, 1 nicht zugestellt`
    private func told(_ count: LogCount) -> String {
        let failed = count.byStatus.filter { ![.submitted, .delivered].contains($0.key) }.values.reduce(0, +)
        let sentence =
            query.channel == .email
            ? mails("messages.lead.mails", failed, of: count.total) : parts(count, failed: failed)
        let arguments = ["scope": scope, "told": sentence]
        return words(count.isCut ? "messages.lead.cut" : "messages.lead.scope", arguments)
    }

    /// Nobody tells whether an e-mail arrived.
    private func mails(_ key: String, _ failed: Int, of count: Int) -> String {
        words.counted(
            key + (failed == 0 ? ".good" : ".failed"),
            count,
            ["failed": words.number(failed)]
        )
    }

    private func parts(_ count: LogCount, failed: Int) -> String {
        let counts: [(String, Int)] = [
            ("delivered", count.byStatus[.delivered] ?? 0), ("submitted", count.byStatus[.submitted] ?? 0),
            ("failed", failed), ("open", count.open),
        ]
        let told = counts.filter { $0.1 > 0 }.map { key, number in
            words("messages.lead.part." + key, ["count": words.number(number)])
        }
        return told.joined(separator: ", ")
    }

    private var scope: String {
        switch (query.firstDay, query.lastDay) {
        case (nil, nil): words("messages.day.today")
        case (let first?, let last?) where first == last:
            first == today
                ? words("messages.day.today")
                : first == today.adding(days: -1) ? words("messages.day.yesterday") : words.day(first)
        case (let first?, let last?):
            words("messages.day.span", ["first": words.day(first), "last": words.day(last)])
        case (let first?, nil): words("messages.day.since", ["first": words.day(first)])
        case (nil, let last?): words("messages.day.until", ["last": words.day(last)])
        }
    }

    private func ofPage(_ shown: [Message]) -> String {
        let failed = shown.count { Look($0.state) == .failed }
        if query.channel == .email { return mails("maillog.lead", failed, of: shown.count) }
        let delivered = shown.count { $0.state.status == .delivered }
        return words.counted(
            failed == 0 ? "messages.lead.good" : "messages.lead.failed",
            shown.count,
            ["delivered": words.number(delivered), "failed": words.number(failed)]
        )
    }
}
