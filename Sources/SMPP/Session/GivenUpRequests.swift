import NIOCore

/// By what a caller knows a message again whose answer comes late. It means nothing in this room.
public struct SubmitTag: Hashable, Sendable {
    public var id: Int64
    public var attempt: Int
    /// Counted from 1 where a message is handed over in parts; 0 is the whole.
    public var part: Int

    public init(id: Int64, attempt: Int = 1, part: Int = 0) {
        self.id = id
        self.attempt = attempt
        self.part = part
    }
}

/// The requests of one session that were not answered in time, kept for a while by their sequence numbers so that a late
/// answer finds its message. Bounded in number and in time; the oldest go first. It ends with the session, since sequence
/// numbers begin anew with the next.
struct GivenUpRequests {
    static let limit = 10_000
    static let memory = TimeAmount.minutes(10)

    private var tags: [SequenceNumber: SubmitTag] = [:]
    /// In the order in which they were given up; those answered since are still in it.
    private var order = CircularBuffer<(sequence: SequenceNumber, until: NIODeadline)>()

    var count: Int { tags.count }

    mutating func remember(_ sequence: SequenceNumber, _ tag: SubmitTag, now: NIODeadline) {
        tags[sequence] = tag
        order.append((sequence, now + Self.memory))
        if order.count > Self.limit { dropFirst() }
    }

    mutating func take(_ sequence: SequenceNumber) -> SubmitTag? {
        tags.isEmpty ? nil : tags.removeValue(forKey: sequence)
    }

    mutating func forget(now: NIODeadline) {
        while let first = order.first, first.until <= now { dropFirst() }
    }

    private mutating func dropFirst() {
        tags[order.removeFirst().sequence] = nil
    }
}
