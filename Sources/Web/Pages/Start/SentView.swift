import Domain
import Foundation
import Storage

/// What went out today, and what became of it.
struct SentView: Sendable {
    /// A part of the bar, and its words.
    struct Share: Sendable {
        let look: String
        let word: String
        let left: Int
        let width: Int
    }

    struct Row: Sendable {
        let path: String
        let patient: String
        let moment: String
        let look: String
        let word: String
        let at: String
    }

    let sum: String
    let shares: [Share]
    let barLabel: String
    /// What failed or is open.
    let rows: [Row]
    let rest: [Row]
    let restLabel: String?
    let logPath: String

    /// So many rows are read.
    static let most = 60
    /// The bar's width in units of its drawing.
    private static let whole = 1_000

    /// nil where nothing went out.
    ///
    /// - Parameter told: messages that the page tells of elsewhere.
    init?(_ counts: DayCounts, _ lines: [DayLine], told: Set<Message.ID>, _ visit: Visit) {
        guard counts.messages > 0 || !lines.isEmpty else { return nil }
        let words = visit.words
        let prices = counts.prices.filter { $0.micros != 0 }.map(words.price)
        let count = counts.messages > 0 ? [words.counted("today.messages", counts.messages)] : []
        sum = (count + prices).joined(separator: " · ")
        let parts: [(look: Look, key: String, count: Int)] = [
            (.delivered, "delivered", counts.sms.delivered + counts.others.delivered),
            (.submitted, "submitted", counts.sms.handedOver + counts.email.handedOver + counts.others.handedOver),
            (.unclear, "unclear", counts.sms.unclear + counts.email.unclear + counts.others.unclear),
            (.unclear, "retried", counts.retried + counts.others.retried),
            (.failed, "failed", counts.failed + counts.others.failed),
        ]
        shares = Self.shares(parts.filter { $0.count > 0 }, of: counts.messages, words)
        barLabel = words.list(shares.map(\.word))
        let lines = lines.filter { !told.contains($0.message.id) }
        let open = lines.filter { Self.isOpen($0.message) }
        rows = open.map { Self.row($0, visit) }
        rest = lines.filter { !Self.isOpen($0.message) }.map { Self.row($0, visit) }
        let isWhole = open.isEmpty && told.isEmpty
        restLabel = rest.isEmpty ? nil : words.counted(isWhole ? "today.rest_all" : "today.rest", rest.count)
        logPath = "/nachrichten?from=\(visit.today.iso)&to=\(visit.today.iso)"
    }

    private static func shares(
        _ parts: [(look: Look, key: String, count: Int)],
        of all: Int,
        _ words: Words
    ) -> [Share] {
        var left = 0
        var seen = 0
        return parts.map { part in
            seen += part.count
            let end = seen == all ? whole : max(left + 1, seen * whole / max(all, 1))
            defer { left = end }
            return Share(
                look: part.look.rawValue,
                word: words("today.bar." + part.key, ["count": words.number(part.count)]),
                left: left,
                width: end - left
            )
        }
    }

    private static func isOpen(_ message: Message) -> Bool {
        switch Look(message.state) {
        case .delivered: false
        case .submitted: message.channel == .sms
        case .planned, .unclear, .failed, .none: true
        }
    }

    private static func row(_ line: DayLine, _ visit: Visit) -> Row {
        let words = visit.words
        let message = line.message
        let channel = words("channel." + message.channel.rawValue)
        let news = line.saysCancelled ? "reminder.cancellation" : "reminder.correction"
        let kind = line.purpose == .correction ? words(news, ["channel": channel]) : channel
        let at = message.deliveredAt ?? message.submittedAt ?? message.createdAt
        let start = line.appointmentStart.map { words.short(WallTime.of($0, in: line.timeZone)) }
        return Row(
            path: "/nachrichten/\(message.id)",
            patient: line.patientName.isEmpty ? words("message.erased") : line.patientName,
            moment: start ?? "",
            look: Look(message.state).rawValue,
            word: ReminderTeller(words: words).word(message),
            at: words.clock(WallTime.of(at, in: visit.practice.timeZone)) + " · " + kind
        )
    }
}
