/// What somebody wrote, put together.
public struct JoinedMessage: Sendable, Equatable {
    /// Octets in one alphabet.
    public struct Piece: Sendable, Equatable {
        public var dataCoding: UInt8
        public var octets: [UInt8]
    }

    public var source: Address
    public var destination: Address
    /// The reference that its parts have in common; nil where it came whole.
    public var reference: UInt16?
    /// In order; nil stands for parts that did not come in time.
    public var pieces: [Piece?]
}

/// Puts the parts of inbound messages together, in whatever order they come; bounded in time and in number.
///
/// A part is acknowledged to the SMSC when it comes, since many send the next one only then. So what waits here for the
/// rest is lost when the process dies. It is given up after five minutes, and comes out with gaps.
public struct InboundJoiner: Sendable {
    public static let patience = Duration.seconds(300)
    static let limit = 200
    /// No phone sends a longer part; whatever is longer is a message by itself.
    static let longestPart = 255

    /// Which message a part belongs to.
    public struct Key: Hashable, Sendable {
        let source: Address
        let destination: Address
        let reference: UInt16
        let total: UInt8
    }

    public enum Step: Sendable, Equatable {
        /// Nothing is missing. With a key, tell by `settle` whether it could be stored.
        case whole(JoinedMessage, Key?)
        case waiting
        /// A part of what was handed over a moment ago, come again.
        case known
    }

    private struct Entry: Sendable {
        var pieces: [UInt8: JoinedMessage.Piece]
        let since: ContinuousClock.Instant
        var state = State.open
    }

    private enum State {
        case open
        /// Whole, and not known yet to be on record.
        case handedOver
        case stored
    }

    private var entries: [Key: Entry] = [:]

    public init() {}

    public mutating func take(_ message: InboundMessage, now: ContinuousClock.Instant) -> Step {
        let (octets, part) = message.content
        let piece = JoinedMessage.Piece(dataCoding: message.dataCoding, octets: octets)
        guard let part, octets.count <= Self.longestPart else {
            let whole = JoinedMessage(
                source: message.source,
                destination: message.destination,
                reference: nil,
                pieces: [piece]
            )
            return .whole(whole, nil)
        }
        let key = Key(
            source: message.source,
            destination: message.destination,
            reference: part.reference,
            total: part.total
        )
        var entry = entries[key] ?? Entry(pieces: [:], since: now)
        if entry.state != .open {
            if entry.pieces[part.number] == piece { return .known }
            // The reference has come round: another message begins.
            entry = Entry(pieces: [:], since: now)
        }
        entry.pieces[part.number] = piece
        let isWhole = entry.pieces.count == Int(part.total)
        entry.state = isWhole ? .handedOver : .open
        entries[key] = entry
        return isWhole ? .whole(joined(key, entry), key) : .waiting
    }

    /// Whether a whole message is on record now. One that is not stays as it is: its last part comes again.
    public mutating func settle(_ key: Key, stored: Bool) {
        if entries[key]?.state == .handedOver { entries[key]?.state = stored ? .stored : .open }
    }

    /// What is given up, to be stored with its gaps and then dropped by `drop`: of too old messages the parts that came,
    /// and of too many the oldest.
    public mutating func overdue(now: ContinuousClock.Instant) -> [(Key, JoinedMessage)] {
        let oldestFirst = entries.sorted { $0.value.since < $1.value.since }
        let tooMany = max(0, oldestFirst.count - Self.limit)
        let given = oldestFirst.enumerated().filter {
            $0.offset < tooMany || $0.element.value.since + Self.patience <= now
        }
        for (key, entry) in given.map(\.element) where entry.state == .stored { entries[key] = nil }
        return given.map(\.element).filter { $0.value.state != .stored }.map { ($0.key, joined($0.key, $0.value)) }
    }

    /// Whether it is time for `overdue`.
    public var isCrowded: Bool { entries.count > Self.limit }

    /// All that still waits for a part.
    public var incomplete: [(Key, JoinedMessage)] {
        entries.filter { $0.value.state != .stored }.map { ($0.key, joined($0.key, $0.value)) }
    }

    public mutating func drop(_ key: Key) { entries[key] = nil }

    private func joined(_ key: Key, _ entry: Entry) -> JoinedMessage {
        var pieces: [JoinedMessage.Piece?] = []
        for number in 1...key.total {
            let piece = entry.pieces[number]
            if let piece, let last = pieces.last ?? nil, last.dataCoding == piece.dataCoding {
                // A character may have been cut in two.
                pieces[pieces.count - 1]?.octets += piece.octets
            } else if piece != nil || pieces.isEmpty || pieces.last != .some(nil) {
                pieces.append(piece)
            }
        }
        return JoinedMessage(
            source: key.source,
            destination: key.destination,
            reference: key.reference,
            pieces: pieces
        )
    }
}
