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

    func sentence(_ tally: LogTally) -> String {
        guard tally.count.total > 0 else {
            let isMail = query.channel == .email
            return words(
                query.isFiltered ? "messages.lead.none" : isMail ? "maillog.lead.empty" : "messages.lead.empty"
            )
        }
        guard let day = tally.day, day != today else { return told(tally.count, scope) }
        let scope = day.year == today.year ? words.shortDay(day) : words.day(day)
        let last = told(tally.count, scope)
        return words(
            query.isFiltered ? "messages.lead.last_matching" : "messages.lead.last",
            ["last": last.hasSuffix(".") ? last : last + "."]
        )
    }

    /// `Heute: 22 zugestellt, 1 übergeben, 1 nicht zugestellt`
    private func told(_ count: LogCount, _ scope: String) -> String {
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
}
