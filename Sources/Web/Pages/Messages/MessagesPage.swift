import Domain
import Storage

/// The log: what became of each message, the newest first.
struct MessagesPage: Sendable {
    let lead: String
    let status: FieldView
    let channel: FieldView
    let messages: [MessageView]
    let isEmpty: Bool
    let olderPath: String?

    static func view(_ page: Page<LogRow>, _ query: FormData, _ visit: Visit) -> MessagesPage {
        let words = visit.words
        let problems = FormProblems(words)
        let failed = page.items.filter { Look($0.message.state) == .failed }.count
        let delivered = page.items.filter { $0.message.state.status == .delivered }.count
        let isFiltered = !query["status"].isEmpty || !query["channel"].isEmpty
        let any = (value: "", label: words("filter.any"))
        let statuses = MessageStatus.allCases.map { (value: $0.rawValue, label: words("status." + $0.rawValue)) }
        let channels = Channel.allCases.map { (value: $0.rawValue, label: words("channel." + $0.rawValue)) }
        return MessagesPage(
            lead: lead(page.items.count, delivered, failed, words, isFiltered: isFiltered),
            status: .select("status", query["status"], problems, [any] + statuses),
            channel: .select("channel", query["channel"], problems, [any] + channels),
            messages: page.items.map { .view($0, visit) },
            isEmpty: page.items.isEmpty,
            olderPath: page.next.map { older($0, query) }
        )
    }

    private static func lead(
        _ count: Int,
        _ delivered: Int,
        _ failed: Int,
        _ words: Words,
        isFiltered: Bool
    ) -> String {
        guard count > 0 else { return words(isFiltered ? "messages.lead.none" : "messages.lead.empty") }
        let numbers = ["delivered": words.number(delivered), "failed": words.number(failed)]
        return words.counted(failed == 0 ? "messages.lead.good" : "messages.lead.failed", count, numbers)
    }

    private static func older(_ cursor: String, _ query: FormData) -> String {
        let names = ["status", "channel"].filter { !query[$0].isEmpty }
        let kept = names.map { $0 + "=" + QueryText.encoded(query[$0]) }
        return "/nachrichten?" + (kept + ["cursor=" + QueryText.encoded(cursor)]).joined(separator: "&")
    }
}
