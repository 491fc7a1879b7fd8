import Crypto
import Domain
import Storage

/// How the lines of a page stood, as a short text: a browser that comes back tells by it what it has seen.
struct LogStand: Hashable, Sendable {
    let text: String

    init(_ glances: [LogGlance]) {
        text = Self.text(
            glances.map { glance in
                [
                    glance.id.description, glance.state.status?.rawValue ?? "", String(glance.state.unclear),
                    String(glance.state.presumed), String(glance.attempts), Self.text(glance.submittedAt),
                    Self.text(glance.deliveredAt), glance.bounce?.rawValue ?? "",
                ].joined(separator: ":")
            }
        )
    }

    init(_ rows: [LogRow]) { self.init(rows.map(LogGlance.init)) }

    /// Who is to be called counts as well; whether somebody was does not: whoever ticks sees that at once.
    init(_ tasks: [LogTask], _ calls: [CallEntry]) {
        let people = LogStand.text(calls.map { "\($0.id):\($0.appointment.generation):\($0.appointment.status)" })
        text = LogStand(tasks.map { LogGlance($0.row) }).text + people
    }

    private static func text(_ lines: [String]) -> String {
        var all = SHA256()
        for line in lines { all.update(data: Array((line + ";").utf8)) }
        return all.finalize().prefix(9).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func text(_ date: (some CustomStringConvertible)?) -> String { date?.description ?? "" }
}
