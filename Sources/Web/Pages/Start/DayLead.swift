import Domain
import Foundation
import Storage

/// The answer to what one came for: did everybody get their reminder?
///
/// Nobody tells that an e-mail arrived: it counts as handed over where it did not come back, and the sentence says so.
struct DayLead: Sendable {
    let sentence: String
    let details: String

    /// - Parameter calls: those who are to be called, or were.
    init(_ counts: DayCounts, calls: [CallEntry], _ visit: Visit) {
        let zone = visit.practice.timeZone
        let missed = calls.count { $0.isUnsentReminder(of: visit.today, in: zone) }
        let isOpen = calls.contains { $0.tick == nil }
        let strayed = calls.compactMap { $0.strayedReminder(of: visit.today, in: zone) }
        sentence = Self.sentence(counts, missed, strayed, isOpen: isOpen, zone, visit.words)
        details = Self.details(counts, visit)
    }

    private static func sentence(
        _ counts: DayCounts,
        _ missed: Int,
        _ strayed: [Message],
        isOpen: Bool,
        _ zone: TimeZone,
        _ words: Words
    ) -> String {
        if counts.sent == 0 {
            if counts.waiting > 0 { return words.counted("today.lead.waiting", counts.waiting) }
            if missed > 0 { return words.counted("today.lead.missed", missed) }
            guard counts.later > 0, let from = counts.laterFrom else { return words("today.lead.nothing") }
            let time = words.clock(WallTime.of(from, in: zone))
            return words.counted("today.lead.soon", counts.later, ["time": time])
        }
        let lacking = counts.failed + counts.unclear + counts.retried + counts.waiting + missed + strayed.count
        // A correction that failed, or a reminder of another day: nobody is to believe that all is well.
        guard lacking > 0 else { return isOpen ? words("today.lead.calls") : good(counts, words) }
        let all = ["all": words.number(counts.sent + counts.waiting + missed)]
        if counts.sms.all == 0, counts.waiting + missed == 0 {
            let left = counts.email.handedOver + (counts.answered[.email] ?? 0) - strayed.count
            return words.counted("today.lead.some.email", max(0, left), all)
        }
        if counts.email.all == 0 {
            let lost = strayed.count { $0.state.status == .delivered }
            let arrived = counts.sms.delivered + (counts.answered[.sms] ?? 0) - lost
            return words.counted("today.lead.some.sms", max(0, arrived), all)
        }
        return words.counted("today.lead.some.both", max(0, counts.arrivedOrHandedOver - strayed.count), all)
    }

    /// All left, and nothing is known to have failed.
    private static func good(_ counts: DayCounts, _ words: Words) -> String {
        let (sms, email) = (counts.sms, counts.email)
        if sms.handedOver > 0 { return words.counted("today.lead.under_way", sms.handedOver) }
        if email.all == 0 { return words.counted("today.lead.all.sms", sms.all) }
        if sms.all == 0 { return words.counted("today.lead.all.email", email.all) }
        return words(
            "today.lead.all.both",
            [
                "sms": words.counted("today.count.sms", sms.all),
                "email": words.counted("today.count.email", email.all),
            ]
        )
    }

    private static func details(_ counts: DayCounts, _ visit: Visit) -> String {
        let words = visit.words
        let open: [(String, Int)] = [
            ("open", counts.sms.handedOver), ("unclear", counts.unclear), ("retried", counts.retried),
            ("waiting", counts.sent > 0 ? counts.waiting : 0), ("later", counts.sent > 0 ? counts.later : 0),
        ]
        let told = open.filter { $0.1 > 0 }.map { words.counted("today.detail." + $0.0, $0.1) }
        return ([words.longDay(visit.today)] + told).joined(separator: " · ")
    }
}
