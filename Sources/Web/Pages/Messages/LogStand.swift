import Crypto
import Domain
import Storage

/// How the lines of a page stood, as a short text: a browser that comes back tells by it what it has seen.
struct LogStand: Hashable, Sendable {
    let text: String

    init(_ glances: [LogGlance]) {
        var all = SHA256()
        for glance in glances {
            let words = [
                glance.id.description, glance.state.status?.rawValue ?? "", String(glance.state.unclear),
                String(glance.state.presumed), String(glance.attempts), Self.text(glance.submittedAt),
                Self.text(glance.deliveredAt), glance.bounce?.rawValue ?? "",
            ]
            all.update(data: Array((words.joined(separator: ":") + ";").utf8))
        }
        text = all.finalize().prefix(9).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    init(_ rows: [LogRow]) { self.init(rows.map(LogGlance.init)) }

    init(_ tasks: [LogTask]) {
        // What was ticked stands elsewhere in the list.
        self.init(tasks.filter { $0.calledAt == nil }.map { LogGlance($0.row) })
    }

    private static func text(_ date: (some CustomStringConvertible)?) -> String { date?.description ?? "" }
}
