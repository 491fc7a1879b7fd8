import Domain
import Foundation
import Storage

/// How many SMS a practice sent month by month, what they cost as far as that is known, and how it stands to its limit.
struct CostsPage: Sendable {
    struct Month: Sendable {
        let name: String
        let rows: [Row]
        /// nil where one row says it all.
        let total: Row?
    }

    struct Row: Sendable {
        let place: String
        let segments: String
        let messages: String
        let price: String
        /// For how many of the messages a price is known, where not for all.
        let known: String?
    }

    let lead: String
    let standing: StandingView
    let months: [Month]
    let isEmpty: Bool

    static func view(_ lines: [UsageLine], _ standing: UsageStanding, _ visit: Visit) -> CostsPage {
        let words = visit.words
        let current = UsageSum.month(of: visit.now)
        let byMonth = Dictionary(grouping: lines.filter { $0.messages > 0 }) { $0.month }
        let months = byMonth.keys.sorted(by: >).map { month($0, byMonth[$0, default: []], words) }
        return CostsPage(
            lead: lead(UsageSum(byMonth[current, default: []]), current, words, isEmpty: months.isEmpty),
            standing: StandingView(standing, visit),
            months: months,
            isEmpty: months.isEmpty
        )
    }

    private static func lead(_ sum: UsageSum, _ month: Int, _ words: Words, isEmpty: Bool) -> String {
        if isEmpty { return words("costs.lead.empty") }
        let name = words("date.month.\(month % 100)")
        if sum.messages == 0 { return words("costs.lead.none", ["month": name]) }
        guard let price = sum.price(words) else {
            return words.counted("costs.lead.unpriced", sum.segments, ["month": name])
        }
        let arguments = [
            "month": name, "price": price, "priced": words.number(sum.priced), "messages": words.number(sum.messages),
        ]
        let key = sum.priced < sum.messages ? "costs.lead.partly" : "costs.lead.whole"
        return words.counted(key, sum.segments, arguments)
    }

    private static func month(_ month: Int, _ lines: [UsageLine], _ words: Words) -> Month {
        var places: [(name: String, lines: [UsageLine])] = []
        for line in lines {
            let name = line.locationName.isEmpty ? words("costs.place.gone") : line.locationName
            if let last = places.last, last.lines.last?.locationID == line.locationID {
                places[places.count - 1].lines.append(line)
            } else {
                places.append((name, [line]))
            }
        }
        return Month(
            name: words.month(month),
            rows: places.map { row($0.name, UsageSum($0.lines), words) },
            total: places.count > 1 ? row(words("costs.total"), UsageSum(lines), words) : nil
        )
    }

    private static func row(_ place: String, _ sum: UsageSum, _ words: Words) -> Row {
        let isPartly = sum.priced > 0 && sum.priced < sum.messages
        return Row(
            place: place,
            segments: words.number(sum.segments),
            messages: words.number(sum.messages),
            price: sum.price(words) ?? words("costs.unknown"),
            known: isPartly
                ? words(
                    "costs.known",
                    ["priced": words.number(sum.priced), "messages": words.number(sum.messages)]
                ) : nil
        )
    }
}

/// Lines of the count of what was sent, added up; prices of different currencies stay apart.
struct UsageSum: Hashable, Sendable {
    var messages = 0
    var segments = 0
    var priced = 0
    /// Millionths by currency.
    var prices: [String: Int64] = [:]

    init(_ lines: [UsageLine]) {
        for line in lines {
            messages += line.messages
            segments += line.segments
            priced += line.priced
            if let price = line.price { prices[price.currency, default: 0] += price.micros }
        }
    }

    /// nil where none is known.
    func price(_ words: Words) -> String? {
        let known = prices.sorted { $0.key < $1.key }.map { words.price(Price(micros: $0.value, currency: $0.key)) }
        return known.isEmpty ? nil : known.joined(separator: " + ")
    }

    /// The month of the count, `202703`: those of UTC.
    static func month(of instant: Date) -> Int {
        let date = WallTime.of(instant, in: .gmt).date
        return date.year * 100 + date.month
    }
}

/// How a practice stands to its own limit, as a bar and a word.
struct StandingView: Sendable {
    let sentence: String
    /// What follows from it, and what to do.
    let advice: String?
    let look: String
    let word: String
    let bar: Bar?
    let settingsPath: String?

    struct Bar: Sendable {
        let value: Int
        let limit: Int
        let label: String
    }

    init(_ standing: UsageStanding, _ visit: Visit) {
        let words = visit.words
        let used = words.number(standing.used)
        let state = standing.limit == nil ? "none" : standing.isReached ? "reached" : standing.isNear ? "near" : "free"
        let limit = words.number(standing.limit ?? 0)
        let sentence = words(
            "costs.standing." + (standing.limit == nil ? "none" : "many"),
            ["used": used, "limit": limit]
        )
        self.sentence = sentence
        word = standing.limit == nil ? "" : words("costs.word." + state)
        look = (["reached": Look.failed, "near": .unclear, "free": .delivered][state] ?? .none).rawValue
        advice = ["reached", "near"].contains(state) ? words("costs.advice_" + state) : nil
        bar = standing.limit.map { Bar(value: min(standing.used, $0), limit: max($0, 1), label: sentence) }
        settingsPath = visit.mayConfigure ? SettingsPlace.reminders.path + "#smsMonthlyLimit" : nil
    }
}
