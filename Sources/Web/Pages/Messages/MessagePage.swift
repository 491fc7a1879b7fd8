import Domain
import Foundation
import Storage

/// One message: its way in two steps, and everything that happened on it.
struct MessagePage: Sendable {
    struct Event: Sendable {
        let moment: String
        let sentence: String
        /// What the other side said, in its own words; nil where nothing was said.
        let said: String?
    }

    let lead: String
    let status: String
    let look: String
    let advice: String?
    let support: SupportView?
    let stops: [WayView.Stop]
    let start: String
    let first: String
    let second: String
    /// What the drawing means, in a sentence.
    let explanation: String?
    let message: MessageView
    let events: [Event]
    let hasEvents: Bool
    let back: String

    /// What was read of the message.
    struct History: Sendable {
        let row: LogRow
        let attempts: [AttemptLine]
        let reports: [ReceiptLine]
        /// That somebody called, because it did not arrive.
        let call: CallTick?
    }

    /// Reads the message; that somebody looked at it is put on record.
    static func read(_ id: Message.ID, _ visit: Visit) async throws -> MessagePage {
        let log = visit.storage.messages
        let history = History(
            row: try await log.find(id, visit.practiceID),
            attempts: try await log.history(of: id, visit.practiceID),
            reports: try await log.receipts(of: id, visit.practiceID),
            call: try await visit.storage.calls.of(id, visit.practiceID)
        )
        try await visit.note(.looked, .message, id.rawValue)
        return MessagePage(history, visit)
    }

    init(_ history: History, _ visit: Visit) {
        let words = visit.words
        let row = history.row
        message = .view(row, visit)
        lead = words(
            "message.lead." + row.message.channel.rawValue,
            ["name": message.patient, "state": ReminderTeller(words: words).word(row.message)]
        )
        status = message.status
        look = message.look
        advice = MessageAdvice.sentence(row.message, words)
        support = message.support
        let way = WayDrawing(row.message, zone: row.timeZone, words)
        stops = way.stops
        start = WayView.Stretch.done.rawValue
        first = way.first.rawValue
        second = way.second.rawValue
        explanation = WayWords.sentence(row.message, words)
        events = Self.events(history, words)
        hasEvents = !events.isEmpty
        back = "/nachrichten?channel=" + row.message.channel.rawValue
    }

    /// What was planned, attempts, what came of them, and reports, as they came: the first one first.
    private static func events(_ history: History, _ words: Words) -> [Event] {
        let zone = history.row.timeZone
        var events: [(Date, Event)] = []
        if let due = history.row.dueAt {
            events.append((due, event(due, words("message.event.planned"), "", zone, words)))
        }
        events += history.attempts.map { attempt in
            let key = "message.attempt." + (attempt.outcome?.rawValue ?? "open")
            let arguments = [
                "number": words.number(attempt.number),
                "provider": attempt.providerName ?? words("message.provider_gone"),
            ]
            let at = attempt.startedAt
            return (at, event(at, words(key, arguments), attempt.detail, zone, words))
        }
        if let at = history.row.message.submittedAt {
            let key = "message.event.submitted." + history.row.message.channel.rawValue
            events.append((at, event(at, words(key), "", zone, words)))
        }
        events += history.reports.map { report in
            let at = report.receivedAt
            return (at, event(at, self.report(report, history.row.message, words), report.detail, zone, words))
        }
        if let call = history.call {
            let sentence = words("calls.event", ["name": call.actor])
            events.append((call.at, event(call.at, sentence, call.note, zone, words)))
        }
        // Of what happened at the same moment, the earlier step stands first: the order in which they were gathered.
        return events.enumerated().sorted { ($0.element.0, $0.offset) < ($1.element.0, $1.offset) }.map(\.element.1)
    }

    private static func event(
        _ instant: Date,
        _ sentence: String,
        _ detail: String,
        _ zone: TimeZone,
        _ words: Words
    ) -> Event {
        let wall = WallTime.of(instant, in: zone)
        let moment = words(
            "message.event_at",
            ["day": words.day(wall.date), "clock": words.clock(wall, seconds: true)]
        )
        return Event(moment: moment, sentence: sentence, said: detail.isEmpty ? nil : detail)
    }

    /// A mail server that has not given up reports too.
    private static func report(_ report: ReceiptLine, _ message: Message, _ words: Words) -> String {
        guard message.channel == .email else {
            let status = words.catalogue.status(report.status, message.channel, words.language)
            return words("message.report", ["status": status])
        }
        guard report.status == .bounced else { return words("maillog.delayed") }
        return words("maillog.bounced", ["reason": words("bounce.\((message.bounce ?? .other).rawValue).word")])
    }
}
