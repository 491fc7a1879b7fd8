import Foundation

/// How many e-mails an account may send in the last hour and the last 24 hours, whichever moment one looks.
public struct SendingLimits: Hashable, Sendable {
    /// What was learned from a server's answers holds for so many seconds.
    public static let memory = 7 * 86_400.0
    /// After so many seconds without another such answer it is tried whether there is more.
    static let growth = 6 * 3600.0
    /// Room that comes back is gathered for so many seconds, so that those who wait are looked at in groups.
    static let gathering = 60.0

    private let most: [SendingLimit: Int]

    /// - Parameters:
    ///   - set: what the account's owner says.
    ///   - learned: what its server took before it took no more; the lower one of both holds, and never less than one.
    public init(set: [SendingLimit: Int] = [:], learned: [SendingLimit: Int] = [:]) {
        most = set.merging(learned, uniquingKeysWith: min).mapValues { max(1, $0) }
    }

    /// nil for any number.
    public subscript(_ limit: SendingLimit) -> Int? { most[limit] }

    public var isEmpty: Bool { most.isEmpty }

    /// What an account sent in the time of one limit.
    public struct Sent: Hashable, Sendable {
        /// Accepted or under way.
        public let count: Int
        /// When the one left that has to become older for the next to have room; nil while that is not known.
        public let blocking: Date?

        public init(count: Int, blocking: Date? = nil) {
            self.count = count
            self.blocking = blocking
        }
    }

    /// How many may leave now.
    ///
    /// - Parameters:
    ///   - sent: of each limit that there is.
    ///   - heldUntil: until when the server takes nothing, as it said.
    public func room(after sent: [SendingLimit: Sent], heldUntil: Date? = nil, now: Date) -> SendingRoom {
        var free: Int?
        var until = [heldUntil].compactMap { $0 }.filter { $0 > now }
        for (limit, most) in most {
            let sent = sent[limit] ?? Sent(count: 0)
            let left = max(0, most - sent.count)
            free = min(free ?? left, left)
            if left == 0 { until.append(max(now + Self.gathering, sent.blocking.map { $0 + limit.seconds } ?? now)) }
        }
        guard let end = until.max() else { return .free(free) }
        return .none(until: end)
    }

    /// What a limit is taken to be after the server has said that it is reached; nil where that tells nothing, since
    /// others than we must have used it up.
    ///
    /// - Parameters:
    ///   - sent: how many it accepted in that time.
    ///   - before: what was learned before and still holds. The higher one counts: the owner's own e-mails are sent by
    ///     the same account, on some days more of them.
    public static func learned(sent: Int, before: Int?) -> Int? {
        let most = max(sent, before ?? 0)
        return most > 0 ? most : nil
    }

    /// What is believed of a number that was learned: after some hours without such an answer twice as many are tried, and
    /// so on. It may have been so low because others had used the account up.
    ///
    /// - Parameter seconds: since it was learned.
    public static func trusted(_ learned: Int, after seconds: Double) -> Int {
        let doublings = Int(min(max(seconds, 0), memory) / growth)
        return min(learned, Int.max >> doublings) << doublings
    }

    /// Until when nothing is sent after that answer: until the first of what was sent is old enough, but not so long that
    /// a server which counts by the clock would stand idle.
    ///
    /// - Parameter oldest: when the first of those left that were accepted in the time of the limit.
    public static func hold(_ limit: SendingLimit, oldest: Date?, now: Date) -> Date {
        let (least, most) = limit == .hour ? (300.0, 3600.0) : (3600.0, 6 * 3600.0)
        guard let oldest else { return now + (limit == .hour ? 900 : least) }
        return min(max(oldest + limit.seconds, now + least), now + most)
    }
}

/// How many e-mails may leave by an account now.
public enum SendingRoom: Hashable, Sendable {
    /// At least one; nil for any number.
    case free(Int?)
    /// None before the instant.
    case none(until: Date)
}

extension Mailbox {
    /// What its owner says that it may send.
    public var setLimits: [SendingLimit: Int] {
        let names: [SendingLimit: String] = [.hour: MailboxOption.perHour, .day: MailboxOption.perDay]
        return names.compactMapValues { account.options[$0].flatMap { Int($0) } }
    }
}
