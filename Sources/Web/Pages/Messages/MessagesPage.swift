import Domain
import Storage

/// The log: what became of each message, the newest first; of both channels, or of one by itself. Before it, what somebody
/// should do something about.
struct MessagesPage: Sendable {
    struct Tab: Sendable {
        let tabPath: String
        let tabLabel: String
        let isCurrent: Bool
        /// How much waits there; nil where nothing does.
        let waiting: String?
    }

    struct Link: Sendable {
        let linkPath: String
        let linkLabel: String
        let isChosen: Bool
    }

    /// One condition that holds, with the way to drop it.
    struct Chip: Sendable {
        let dropPath: String
        let chipLabel: String
        let dropLabel: String
    }

    let lead: String
    let advice: String
    let tabs: [Tab]
    let filter: LogFilterView?
    /// Whom to call; nil where nobody is, and where the log is shown.
    let calls: CallsView?
    let chips: [Chip]
    let hasChips: Bool
    let groups: [TaskGroup]
    let messages: [MessageView]
    let hasMessages: Bool
    /// Why nothing is shown; nil where something is.
    let nothing: String?
    let olderPath: String?
    let olderLabel: String
    /// Where news of this page comes from; nil where it shows older lines.
    let streamPath: String?
    /// nil for those who may only look.
    let exportPath: String?

    struct TaskGroup: Sendable {
        let groupHeading: String
        let groupAdvice: String
        let members: [MessageView]
    }

    /// - Parameter ticked: whose call was ticked off a moment ago.
    init(_ contents: LogContents, _ query: LogQuery, ticked: Reminder.ID? = nil, _ visit: Visit) {
        let words = visit.words
        let rows = contents.page.items
        let people = CallsView.view(contents.calls, in: .tasks, ticked: ticked, visit)
        calls = contents.calls.isEmpty ? nil : people
        lead = query.tasks ? people.lead : Self.lead(contents, query, visit)
        advice = words(Self.advice(query))
        tabs = Self.tabs(query, visit.openCalls, words)
        filter = query.tasks ? nil : LogFilterView(contents, query, visit)
        chips = query.tasks ? [] : LogFilterView.chips(contents, query, words)
        hasChips = !chips.isEmpty
        groups = Self.groups(contents.tasks, visit)
        messages = rows.map { .view($0, visit) }
        hasMessages = !rows.isEmpty
        nothing = Self.nothing(contents, query, words)
        olderPath = contents.page.next.map { next in query.with { $0.cursor = next }.path() }
        olderLabel = words(rows.isEmpty ? "messages.search_on" : "messages.older")
        let stand = query.tasks ? LogStand(contents.tasks, contents.calls) : LogStand(rows)
        let isLive = query.cursor == nil && contents.faults.isEmpty
        streamPath = isLive ? query.path(LogStream.path) + query.joint + "stand=" + stand.text : nil
        let isExported = visit.mayWrite && !query.tasks && contents.faults.isEmpty
        exportPath = isExported ? query.with { _ in }.path(LogExport.path) : nil
    }

    private static func lead(_ contents: LogContents, _ query: LogQuery, _ visit: Visit) -> String {
        guard contents.faults.isEmpty else { return visit.words("messages.lead.fault") }
        return LogLead(query, visit).sentence(contents.tally)
    }

    private static func advice(_ query: LogQuery) -> String {
        if query.tasks { return "messages.advice_tasks" }
        switch query.channel {
        case .email: return "maillog.advice"
        case .sms: return "messages.advice"
        case nil: return "messages.advice_all"
        }
    }

    /// The conditions go along from one log to the other.
    private static func tabs(_ query: LogQuery, _ waiting: Int, _ words: Words) -> [Tab] {
        let tasks = Tab(
            tabPath: LogQuery().with { $0.tasks = true }.path(),
            tabLabel: words("messages.tab.tasks"),
            isCurrent: query.tasks,
            waiting: waiting > 0 ? words.number(waiting) : nil
        )
        let channels: [Channel?] = [.sms, .email, nil]
        return [tasks]
            + channels.map { channel in
                let target = query.with {
                    $0.tasks = false
                    $0.channel = channel
                    $0.unread["channel"] = nil
                    $0.name = ""
                    if !LogFilterView.statuses(of: channel).contains($0.status) { $0.status = "" }
                }
                return Tab(
                    tabPath: target.path(),
                    tabLabel: words("messages.tab." + (channel?.rawValue ?? "all")),
                    isCurrent: !query.tasks && query.channel == channel,
                    waiting: nil
                )
            }
    }

    private static func groups(_ tasks: [LogTask], _ visit: Visit) -> [TaskGroup] {
        let words = visit.words
        return [(true, "coming"), (false, "past")].compactMap { isComing, key in
            let members = tasks.filter { $0.isComing == isComing }
            guard !members.isEmpty else { return nil }
            return TaskGroup(
                groupHeading: words("messages.tasks.\(key)"),
                groupAdvice: words("messages.tasks.\(key)_advice"),
                members: members.map { .view($0.row, visit) }
            )
        }
    }

    private static func nothing(_ contents: LogContents, _ query: LogQuery, _ words: Words) -> String? {
        if query.tasks {
            return contents.tasks.isEmpty && contents.calls.isEmpty ? words("messages.tasks.empty") : nil
        }
        if !contents.faults.isEmpty { return words("messages.empty_fault") }
        guard contents.page.items.isEmpty else { return nil }
        if contents.page.next != nil { return words("messages.empty_so_far") }
        return words(query.isFiltered ? "messages.empty" : "messages.none_yet")
    }
}

extension LogQuery {
    /// What stands before a further part of the address's query.
    fileprivate var joint: String { path().contains("?") ? "&" : "?" }
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
