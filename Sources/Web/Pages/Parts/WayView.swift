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
    let support: SupportView?

    init(_ standing: ReminderStanding, of appointment: Appointment, _ visit: Visit) {
        let words = visit.words
        let message = standing.message
        let zone = appointment.timeZone
        let at = { (date: Date) in words.short(WallTime.of(date, in: zone)) }
        reminder = ReminderTeller(words: words).view(standing, of: appointment)
        status = message.map { MessageView.status($0, words) }
        advice = message.flatMap { Self.advice($0, words) }
        let first = Self.first(message)
        let second = Self.second(message)
        let open = words("way.open")
        let nothing = words("way.nothing")
        let failure = message.map { ReminderTeller(words: words).word($0.state) } ?? nothing
        let began = message.map { words("way.sent", ["moment": at($0.createdAt)]) }
        let carrier = standing.reminder.channel == .sms ? "way.provider" : "way.mailbox"
        let isSkipped = standing.reminder.state == .skipped
        stops = [
            Stop(
                name: words("way.vortag"),
                detail: began
                    ?? (isSkipped
                        ? words("way.skipped") : words("way.planned", ["moment": at(standing.reminder.dueAt)]))
            ),
            Stop(
                name: words(carrier),
                detail: message?.submittedAt.map { words("way.submitted", ["moment": at($0)]) }
                    ?? (first == .failed ? failure : isSkipped ? nothing : open)
            ),
            Stop(
                name: words("way.patient"),
                detail: message?.deliveredAt.map { words("way.delivered", ["moment": at($0)]) }
                    ?? (second == .failed ? failure : first == .failed || isSkipped ? nothing : open)
            ),
        ]
        start = (message == nil ? Stretch.open : .done).rawValue
        self.first = first.rawValue
        self.second = second.rawValue
        support = message?.state.status == .providerRefused ? SupportView(visit.pages.support, words) : nil
    }

    private static func advice(_ message: Message, _ words: Words) -> String? {
        guard Look(message.state) == .failed, let status = message.state.status else { return nil }
        let key = "help.status." + status.rawValue
        return words.catalogue.has(key) ? words(key) : nil
    }

    private static func first(_ message: Message?) -> Stretch {
        if message?.submittedAt != nil { return .done }
        switch message?.state.status {
        case .serviceUnreachable, .providerError, .providerRefused: return .failed
        default: return .open
        }
    }

    private static func second(_ message: Message?) -> Stretch {
        switch message?.state.status {
        case .delivered: .done
        case .undeliverable, .expired, .rejectedByRecipient, .bounced: .failed
        default: .open
        }
    }
}
