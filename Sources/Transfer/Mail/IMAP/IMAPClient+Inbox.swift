/// How far an inbox has been read.
public struct InboxPosition: Hashable, Sendable {
    public let validity: UInt32
    /// The unique identifier that the next message will have at least (RFC 9051 §2.3.1.1).
    public let next: UInt32

    public init(validity: UInt32, next: UInt32) {
        self.validity = validity
        self.next = next
    }
}

/// What a reading of the inbox came to.
public struct InboxReading: Sendable {
    public let position: InboxPosition
    /// The messages that were wanted, each cut after 256 KiB, oldest first.
    public let messages: [[UInt8]]
    /// More is there than was read at once.
    public let hasMore: Bool
    /// Messages that could not be read, and were passed over for good.
    public let passedOver: Int
    /// The server numbers its messages anew, so that it was begun from the present end.
    public let isRenumbered: Bool

    init(
        _ position: InboxPosition,
        _ messages: [[UInt8]] = [],
        hasMore: Bool = false,
        passedOver: Int = 0,
        isRenumbered: Bool = false
    ) {
        self.position = position
        self.messages = messages
        self.hasMore = hasMore
        self.passedOver = passedOver
        self.isRenumbered = isRenumbered
    }
}

extension IMAPClient {
    /// Header fields that are enough to tell what may be a report of a mail server.
    private static let fields = "CONTENT-TYPE X-FAILED-RECIPIENTS RETURN-PATH AUTO-SUBMITTED FROM"
    /// Messages whose headers are asked for at once.
    private static let chunk = 100
    /// An inbox with more messages than these is searched in windows of so many identifiers, so many at a time.
    private static let window: UInt32 = 20_000
    private static let mostWindows = 50
    /// Of messages that cannot be read, in one reading: each may cost a whole time-out.
    private static let mostPassedOver = 5

    /// Looks at what has come into the inbox, in the order in which it came. It is opened for reading alone (EXAMINE,
    /// BODY.PEEK): nothing is marked, moved or deleted.
    ///
    /// - Parameters:
    ///   - position: up to where it was read; nil for never: then only the present end is told.
    ///   - isWanted: by some header fields of a message as they stand, whether the message itself is to be fetched.
    public func readInbox(
        after position: InboxPosition?,
        isWanted: @escaping @Sendable ([UInt8]) -> Bool
    ) async throws(IMAPFailure) -> InboxReading {
        let opened = try await using { session throws(IMAPFailure) in try await self.open(session, after: position) }
        guard let position, !opened.uids.isEmpty || opened.hasMore else {
            let isRenumbered = position.map { $0.validity != opened.position.validity } ?? false
            return InboxReading(opened.position, isRenumbered: isRenumbered)
        }
        var round = InboxRound(position, isWanted)
        for start in stride(from: 0, to: opened.uids.count, by: Self.chunk) where !isFull(round) {
            let uids = Array(opened.uids[start..<min(start + Self.chunk, opened.uids.count)])
            do throws(IMAPFailure) { try await look(at: uids, &round) } catch {
                guard round.next > position.next else { throw error }
                // What was read already counts; the trouble shows again the next time.
                let reached = InboxPosition(validity: position.validity, next: round.next)
                return InboxReading(reached, round.messages, hasMore: true, passedOver: round.passedOver)
            }
        }
        // All that was asked for was looked at, so what the server did not tell of is gone.
        if round.next > (opened.uids.last ?? 0) { round.next = max(round.next, opened.position.next) }
        let last = InboxPosition(validity: position.validity, next: round.next)
        let isDone = last.next >= opened.position.next && !opened.hasMore
        return InboxReading(last, round.messages, hasMore: !isDone, passedOver: round.passedOver)
    }

    private func isFull(_ round: InboxRound) -> Bool {
        round.messages.count >= configuration.mostOpened || round.passedOver >= Self.mostPassedOver
    }

    private struct Opened: Sendable {
        /// The end up to which these identifiers go.
        let position: InboxPosition
        var uids: [UInt32] = []
        var hasMore = false
    }

    /// Where the inbox ends, and what of it is new.
    private func open(_ session: IMAPSession, after position: InboxPosition?) async throws(IMAPFailure) -> Opened {
        let reply = try await session.openInbox()
        guard let validity = reply.number("UIDVALIDITY"), let exists = reply.exists else {
            throw IMAPFailure(.unreadable, .open)
        }
        let next = try await self.next(session, reply, exists)
        let end = InboxPosition(validity: validity, next: next)
        guard let position, position.validity == validity, position.next < next, exists > 0 else {
            // Numbers of one validity do not go back, whatever the server says.
            guard let position, position.validity == validity else { return Opened(position: end) }
            return Opened(position: InboxPosition(validity: validity, next: max(position.next, next)))
        }
        if exists <= 2 * Self.window {
            let uids = try await search(session, position.next, next - 1)
            let some = Array(uids.prefix(configuration.mostMessages))
            return Opened(position: self.end(some, of: uids, end), uids: some, hasMore: some.count < uids.count)
        }
        return try await openLarge(session, position, end)
    }

    private func openLarge(
        _ session: IMAPSession,
        _ position: InboxPosition,
        _ end: InboxPosition
    ) async throws(IMAPFailure) -> Opened {
        var start = position.next
        for _ in 0..<Self.mostWindows where start < end.next {
            let stop = min(start.addingReportingOverflow(Self.window - 1).partialValue, end.next - 1)
            let last = stop < start ? end.next - 1 : stop
            let uids = try await search(session, start, last)
            start = last + 1
            if uids.isEmpty { continue }
            let some = Array(uids.prefix(configuration.mostMessages))
            let reached = InboxPosition(validity: end.validity, next: start)
            let isAll = some.count == uids.count && start >= end.next
            return Opened(position: self.end(some, of: uids, reached), uids: some, hasMore: !isAll)
        }
        return Opened(position: InboxPosition(validity: end.validity, next: start), hasMore: start < end.next)
    }

    private func end(_ some: [UInt32], of all: [UInt32], _ end: InboxPosition) -> InboxPosition {
        guard some.count < all.count, let last = some.last else { return end }
        return InboxPosition(validity: end.validity, next: last + 1)
    }

    /// UIDNEXT; servers before RFC 3501 may leave it out.
    private func next(
        _ session: IMAPSession,
        _ reply: IMAPCommand.Reply,
        _ exists: UInt32
    ) async throws(IMAPFailure) -> UInt32 {
        if let next = reply.number("UIDNEXT") { return next }
        if exists == 0 { return 1 }
        let last = try await session.run(.search, .text("UID SEARCH \(exists)"))
        guard let uid = last.found.first, uid < .max else { throw IMAPFailure(.unreadable, .open) }
        return uid + 1
    }

    private func search(_ session: IMAPSession, _ first: UInt32, _ last: UInt32) async throws(IMAPFailure) -> [UInt32] {
        let reply = try await session.run(.search, .text("UID SEARCH UID \(first):\(last)"))
        return Set(reply.found).filter { (first...last).contains($0) }.sorted()
    }

    /// Looks at some messages together and, where that fails because of what stands in one of them, one by one.
    private func look(at uids: [UInt32], _ round: inout InboxRound) async throws(IMAPFailure) {
        guard let first = uids.first, let last = uids.last else { return }
        let headers: [UInt32: [UInt8]]
        do throws(IMAPFailure) {
            headers = try await fetch(.headers, uids, first, last)
        } catch {
            if uids.count == 1 { return try await passOver(first, &round, error) }
            guard error.isAboutContent || error.cause == .lost || error.cause == .timeOut else { throw error }
            for uid in uids where !isFull(round) { try await look(at: [uid], &round) }
            return
        }
        for uid in uids {
            if isFull(round) { return }
            if let fields = headers[uid], round.isWanted(fields) {
                do throws(IMAPFailure) {
                    if let message = try await fetch(.whole, [uid], uid, uid)[uid] { round.messages.append(message) }
                } catch {
                    try await passOver(uid, &round, error)
                }
            }
            round.next = uid + 1
        }
    }

    /// Leaves a message out that cannot be read although the server is well; where it is not, nothing is left out.
    private func passOver(_ uid: UInt32, _ round: inout InboxRound, _ error: IMAPFailure) async throws(IMAPFailure) {
        guard error.isAboutContent || error.cause == .lost || error.cause == .timeOut else { throw error }
        // Whoever answers this is well; whoever does not throws.
        try await using { session throws(IMAPFailure) in _ = try await session.openInbox() }
        round.passedOver += 1
        round.next = uid + 1
    }

    private enum Wanted: String {
        case headers, whole
    }

    private func fetch(
        _ wanted: Wanted,
        _ uids: [UInt32],
        _ first: UInt32,
        _ last: UInt32
    ) async throws(IMAPFailure) -> [UInt32: [UInt8]] {
        let part = wanted == .headers ? "HEADER.FIELDS (\(Self.fields))" : ""
        let cut = wanted == .headers ? "" : "<0.\(IMAPReader.largestLiteral)>"
        let set =
            uids.count == Int(last - first) + 1 ? "\(first):\(last)" : uids.map(String.init).joined(separator: ",")
        return try await using { session throws(IMAPFailure) in
            if !session.hasInbox { _ = try await session.openInbox() }
            return try await session.run(.fetch, .text("UID FETCH \(set) (UID BODY.PEEK[\(part)]\(cut))")).parts
        }
    }
}

/// A reading on its way.
private struct InboxRound {
    var messages: [[UInt8]] = []
    var passedOver = 0
    /// Everything before it was looked at.
    var next: UInt32
    let isWanted: @Sendable ([UInt8]) -> Bool

    init(_ position: InboxPosition, _ isWanted: @escaping @Sendable ([UInt8]) -> Bool) {
        next = position.next
        self.isWanted = isWanted
    }
}
