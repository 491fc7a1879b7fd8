import Domain
import Foundation
import Storage

/// The way of one message in two steps: Vortag, provider, patient. What is open is dashed.
struct WayView: Sendable {
    struct Stop: Sendable {
        let name: String
        let detail: String
    }

    /// How a stretch between two stops is drawn.
    enum Stretch: String, Sendable {
        case done, open, failed
    }

    let reminder: ReminderView
    /// One of the eight messages, word for word.
    let status: String?
    /// What to do now; nil where nothing is to be done.
    let advice: String?
    let stops: [Stop]
    /// Whether the message left at all.
    let start: String
    let first: String
    let second: String
    /// What the drawing means, in a sentence.
    let explanation: String?
    let support: SupportView?

    init(_ standing: ReminderStanding, of appointment: Appointment, _ patient: Patient?, _ visit: Visit) {
        let words = visit.words
        let message = standing.message
        let drawing =
            message.map { WayDrawing($0, zone: appointment.timeZone, words) }
            ?? WayDrawing(standing.reminder, zone: appointment.timeZone, words)
        reminder = ReminderTeller(words: words, of: patient).view(standing, of: appointment)
        status = message.map { MessageView.status($0, words) }
        advice = message.flatMap { MessageAdvice.sentence($0, words) }
        stops = drawing.stops
        start = (message == nil ? Stretch.open : .done).rawValue
        first = drawing.first.rawValue
        second = drawing.second.rawValue
        explanation = message.flatMap { WayWords.sentence($0, words) }
        support = message?.state.status == .providerRefused ? SupportView(visit.pages.support, words) : nil
    }
}

/// The stops of a way, and how the stretches between them are drawn. An e-mail's way ends at the mail server: what comes
/// behind it tells nothing, except where the message came back.
struct WayDrawing: Sendable {
    let stops: [WayView.Stop]
    let first: WayView.Stretch
    let second: WayView.Stretch

    /// Of a message that left, or tried to.
    init(_ message: Message, zone: TimeZone, _ words: Words) {
        let at = { (date: Date) in words.short(WallTime.of(date, in: zone)) }
        let failure = ReminderTeller(words: words).word(message)
        let open = words("way.open")
        first = Self.first(message)
        second = Self.second(message)
        let taken = message.submittedAt.map { words("way.submitted", ["moment": at($0)]) }
        let arrived = message.deliveredAt.map { words("way.delivered", ["moment": at($0)]) }
        let ended = second == .failed ? failure : first == .failed ? words("way.nothing") : open
        stops = Self.stops(
            message.channel,
            [
                words("way.sent", ["moment": at(message.createdAt)]), taken ?? (first == .failed ? failure : open),
                arrived ?? ended,
            ],
            isKnown: second != .open,
            words
        )
    }

    /// Of a reminder that has not left.
    init(_ reminder: Reminder, zone: TimeZone, _ words: Words) {
        let isSkipped = reminder.state == .skipped
        let due = words.short(WallTime.of(reminder.dueAt, in: zone))
        let waits = isSkipped ? words("way.skipped") : words("way.planned", ["moment": due])
        let nothing = words(isSkipped ? "way.nothing" : "way.open")
        (first, second) = (.open, .open)
        stops = Self.stops(reminder.channel, [waits, nothing, nothing], isKnown: false, words)
    }

    private static func stops(_ channel: Channel, _ details: [String], isKnown: Bool, _ words: Words) -> [WayView.Stop]
    {
        let names = ["way.vortag", channel == .email ? "way.mailbox" : "way.provider", "way.patient"]
        let stops = zip(names, details).map { WayView.Stop(name: words($0), detail: $1) }
        return channel == .email && !isKnown ? Array(stops.prefix(2)) : stops
    }

    private static func first(_ message: Message) -> WayView.Stretch {
        if message.submittedAt != nil { return .done }
        switch message.state.status {
        case .serviceUnreachable, .providerError, .providerRefused: return .failed
        default: return .open
        }
    }

    private static func second(_ message: Message) -> WayView.Stretch {
        switch message.state.status {
        case .delivered: .done
        case .undeliverable, .expired, .rejectedByRecipient, .bounced: .failed
        default: .open
        }
    }
}
