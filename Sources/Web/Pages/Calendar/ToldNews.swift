import Domain
import Foundation
import Storage

/// How a message went that somebody may have.
struct ToldLine: Sendable {
    let look: String
    let word: String
    let sentence: String
}

/// What a correction would read.
struct ToldReading: Sendable {
    let caption: String
    let text: String
}

/// What a question says of the messages that are out, and of those that would correct them.
struct ToldNews: Sendable {
    let lines: [ToldLine]
    /// Why corrections cannot leave.
    let held: [String]
    let readings: [ToldReading]
    let canCorrect: Bool
    /// Nobody has to be told anything.
    let isNeedless: Bool
    /// No message arrived, or one that is wanted cannot leave.
    let isCallWanted: Bool
    /// A call is the better way, or the only one.
    let isCallMain: Bool

    /// - Parameter isMany: whether the messages are about several appointments.
    init(_ late: LateChange, _ people: QuestionPeople, isMany: Bool, _ visit: Visit) {
        let words = visit.words
        lines = late.messages.map { Self.line($0, people, isMany: isMany, visit) }
        held =
            late.messages.compactMap { message in
                guard case .held(let reason) = message.correction else { return nil }
                let sentence = words.catalogue.reason(reason, message.channel, words.language)
                let channel = words("channel." + message.channel.rawValue)
                return words("late.held", ["channel": channel, "reason": sentence])
            }.unique
        let hasLinks = visit.storage.links.address(visit.practice) != nil
        var readings: [ToldReading] = []
        for message in late.messages {
            guard case .ready(let text) = message.correction, !readings.contains(where: { $0.text == text }) else {
                continue
            }
            let hasLink = hasLinks && message.channel == .sms && message.isExpected
            let caption = hasLink ? "late.reads.sms.link" : "late.reads." + message.channel.rawValue
            readings.append(ToldReading(caption: words(caption), text: text))
        }
        self.readings = readings
        canCorrect = !readings.isEmpty
        isNeedless = late.messages.allSatisfy { $0.correction == .needless }
        let isLost = late.messages.allSatisfy { Look($0.state) == .failed }
        isCallWanted = !isNeedless && (isLost || !held.isEmpty)
        isCallMain = isCallWanted && (isLost || !canCorrect)
    }

    private static func line(
        _ message: ToldMessage,
        _ people: QuestionPeople,
        isMany: Bool,
        _ visit: Visit
    ) -> ToldLine {
        let words = visit.words
        let (zone, look) = (visit.practice.timeZone, Look(message.state))
        let at = WallTime.of(message.sentAt, in: zone)
        let to = people.informed[message.patient].map { words("late.sent.to", ["name": $0]) } ?? ""
        let went = words(
            "late.sent." + message.news.rawValue,
            ["moment": words.moment(at), "channel": words("channel." + message.channel.rawValue), "to": to]
        )
        let arrived = message.deliveredAt.map { WallTime.of($0, in: zone) }
        let time = arrived.map { $0.date == at.date ? words.clock($0) : words.short($0) } ?? ""
        let fate = words(
            "late.fate." + (look == .delivered && time.isEmpty ? "arrived" : look.rawValue),
            ["time": time]
        )
        let about = isMany ? words("late.about", ["moment": words.short(message.start)]) : ""
        let isKnown = !message.state.unclear && message.state.status != nil
        return ToldLine(
            look: look.rawValue,
            word: isKnown ? words("short." + (message.state.status?.rawValue ?? "")) : words("look.unclear"),
            sentence: about + went + " " + fate
        )
    }
}
