import Domain
import Hummingbird
import Mustache
import ServiceLifecycle
import Storage

/// News of the log as they happen: server-sent events (HTML Living Standard §9.2) to the page that is open.
///
/// The database is asked again every two seconds whether what is shown changed, so that it does not matter which process
/// sends; nothing is held open in between. Only lines that are new or changed go out, as they stand in the list.
struct LogStream: Sendable {
    static let path = "/nachrichten/strom"

    /// How often it is looked, and for how long; then the browser comes again by itself.
    struct Pace: Sendable {
        var pause = Duration.seconds(2)
        var looks = 150
    }

    /// No more lines are watched by one page.
    private static let mostWatched = 150

    let visit: Visit
    let query: LogQuery
    /// The session's, so that the stream ends with it.
    let token: String
    var pace = Pace()

    /// Writes until the session or the time is over, the server ends, or nobody listens any more.
    ///
    /// - Parameter seen: how the lines stood that the browser has.
    func run(seen: String, _ writer: inout any ResponseBodyWriter) async throws {
        var watch = Watch()
        try await writer.write(ByteBuffer(string: "retry: 3000\n\n"))
        for look in 0..<pace.looks {
            guard try await isSignedIn() else {
                try await writer.write(event("end", "", id: nil))
                break
            }
            let news = try await news(since: look == 0 ? seen : nil, &watch)
            // A comment is nobody's event, but by it a lost connection is noticed, and its place free again.
            try await writer.write(news ?? ByteBuffer(string: ":\n\n"))
            guard await pauseIsOver() else { break }
        }
        try await writer.finish(nil)
    }

    /// What is known of the page that listens.
    private struct Watch {
        var lines: [Message.ID: LogGlance] = [:]
        var stand = ""
    }

    private func news(since seen: String?, _ watch: inout Watch) async throws -> ByteBuffer? {
        query.tasks ? try await tasks(since: seen, &watch) : try await lines(since: seen, &watch)
    }

    /// Lines that are new or changed, the oldest first, and the sentence at the top.
    private func lines(since seen: String?, _ watch: inout Watch) async throws -> ByteBuffer? {
        let log = visit.storage.messages
        let filter = query.filter(in: visit.practice.timeZone)
        let shown = try await log.glance(visit.practiceID, filter, limit: LogContents.pageSize)
        let stand = LogStand(shown).text
        let isFirst = seen != nil
        // A line that no longer fits the filter is told of once more, as it stands now.
        let others = Set(watch.lines.keys).subtracting(shown.map(\.id))
        let all = shown + (try await log.glance(visit.practiceID, Array(others)))
        let changed = isFirst && seen == stand ? [] : all.filter { watch.lines[$0.id] != $0 }
        let kept = all.sorted { $0.id.rawValue > $1.id.rawValue }.prefix(Self.mostWatched)
        watch.lines = Dictionary(uniqueKeysWithValues: kept.map { ($0.id, $0) })
        guard !changed.isEmpty else { return nil }
        let rows = try await log.rows(changed.map(\.id), visit.practiceID)
        let html = try rows.reversed().map { row in
            try visit.pages.html("parts/message", MessageView.view(row, visit), visit)
        }
        var buffer = event("lines", html.joined(), id: stand)
        let tally = try await LogTally(query, visit)
        buffer.writeImmutableBuffer(event("lead", LogLead(query, visit).sentence(tally), id: nil))
        return buffer
    }

    /// The list of tasks is put in a new order by each change: the page asks for it itself.
    private func tasks(since seen: String?, _ watch: inout Watch) async throws -> ByteBuffer? {
        let now = visit.pages.now()
        let tasks = try await visit.storage.messages.tasks(visit.practiceID, now: now)
        let stand = LogStand(tasks, try await visit.storage.calls.list(visit.practiceID, now: now)).text
        defer { watch.stand = stand }
        guard stand != seen ?? watch.stand else { return nil }
        return event("stale", "", id: stand)
    }

    private func isSignedIn() async throws -> Bool {
        try await visit.storage.sessions.find(token, now: visit.pages.now(), keepingAlive: false) != nil
    }

    /// False where the server ends, or nobody listens any more.
    private func pauseIsOver() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: pace.pause) }
            return true
        } catch {
            return false
        }
    }

    /// Each line of the data stands behind its name (§9.2.6).
    private func event(_ name: String, _ data: String, id: String?) -> ByteBuffer {
        // All three ends of a line end one there, and a name may hold any of them.
        let lines = data.split(omittingEmptySubsequences: false) { ["\n", "\r", "\r\n"].contains($0) }
            .map { "data: \($0)\n" }
        return ByteBuffer(string: "event: \(name)\n" + (id.map { "id: \($0)\n" } ?? "") + lines.joined() + "\n")
    }
}
