import Domain
import Storage

/// The log: what became of each message, the newest first; of both channels, or of one by itself.
struct MessagesPage: Sendable {
    struct Tab: Sendable {
        let path: String
        let label: String
        let isCurrent: Bool
    }

    let lead: String
    let advice: String
    let tabs: [Tab]
    /// The channel that is shown by itself; empty for both.
    let channel: String
    let status: FieldView
    let messages: [MessageView]
    let isEmpty: Bool
    let empty: String
    let olderPath: String?

    static func view(_ page: Page<LogRow>, _ query: FormData, _ visit: Visit) -> MessagesPage {
        let words = visit.words
        let channel = Channel(rawValue: query["channel"])
        let isFiltered = !query["status"].isEmpty
        let any = (value: "", label: words("filter.any"))
        let statuses = MessageStatus.all(of: channel).map { status in
            let label = words.catalogue.status(status, channel ?? .sms, words.language)
            return (value: status.rawValue, label: label)
        }
        return MessagesPage(
            lead: LogLead(page.items.map(\.message), of: channel).sentence(words, isFiltered: isFiltered),
            advice: words(
                channel == .email ? "maillog.advice" : channel == .sms ? "messages.advice" : "messages.advice_all"
            ),
            tabs: tabs(channel, words),
            channel: channel?.rawValue ?? "",
            status: .select("status", query["status"], FormProblems(words), [any] + statuses),
            messages: page.items.map { .view($0, visit) },
            isEmpty: page.items.isEmpty,
            empty: words(isFiltered ? "messages.empty" : "messages.none_yet"),
            olderPath: page.next.map { older($0, query) }
        )
    }

    private static func tabs(_ current: Channel?, _ words: Words) -> [Tab] {
        let all = Tab(path: "/nachrichten", label: words("messages.tab.all"), isCurrent: current == nil)
        return [all]
            + Channel.allCases.map { channel in
                Tab(
                    path: "/nachrichten?channel=" + channel.rawValue,
                    label: words("messages.tab." + channel.rawValue),
                    isCurrent: channel == current
                )
            }
    }

    private static func older(_ cursor: String, _ query: FormData) -> String {
        let names = ["status", "channel"].filter { !query[$0].isEmpty }
        let kept = names.map { $0 + "=" + QueryText.encoded(query[$0]) }
        return "/nachrichten?" + (kept + ["cursor=" + QueryText.encoded(cursor)]).joined(separator: "&")
    }
}

extension MessageStatus {
    /// What can become of a message of the channel; of any for nil. An e-mail is never delivered: nobody tells.
    static func all(of channel: Channel?) -> [MessageStatus] {
        switch channel {
        case .email: [.submitted, .bounced, .serviceUnreachable, .providerError, .providerRefused]
        case .sms: allCases.filter { $0 != .bounced }
        case nil: allCases
        }
    }
}

/// What became of some messages, in one sentence.
private struct LogLead {
    let count: Int
    let delivered: Int
    let failed: Int
    let channel: Channel?

    init(_ messages: [Message], of channel: Channel?) {
        count = messages.count
        delivered = messages.filter { $0.state.status == .delivered }.count
        failed = messages.filter { Look($0.state) == .failed }.count
        self.channel = channel
    }

    func sentence(_ words: Words, isFiltered: Bool) -> String {
        let isMail = channel == .email
        guard count > 0 else {
            return words(
                isFiltered ? "messages.lead.none" : isMail ? "maillog.lead.empty" : "messages.lead.empty"
            )
        }
        let numbers = ["delivered": words.number(delivered), "failed": words.number(failed)]
        if isMail {
            return words.counted(failed == 0 ? "maillog.lead.good" : "maillog.lead.failed", count, numbers)
        }
        return words.counted(failed == 0 ? "messages.lead.good" : "messages.lead.failed", count, numbers)
    }
}
