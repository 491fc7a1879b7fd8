import Domain
import SMPP

/// What became of the parts of one message.
struct PartedMessage: Sendable {
    private(set) var results: [SubmitResult]

    init(_ results: [SubmitResult]) { self.results = results }

    mutating func set(_ result: SubmitResult, at part: Int) {
        if results.indices.contains(part) { results[part] = result }
    }

    /// The parts that surely did not leave and that the SMSC may take at another time.
    var open: [Int] {
        results.indices.filter { index in
            switch SMPPStatusTable.failure(results[index]) {
            case .unreachable, .throttled: true
            default: false
            }
        }
    }

    var isKnown: Bool {
        results.allSatisfy { if case .unknown = $0 { false } else { true } }
    }

    var isAcceptedInPart: Bool { !acceptedIDs.isEmpty && acceptedIDs.count < results.count }

    private var acceptedIDs: [String] {
        results.compactMap { if case .accepted(let id) = $0 { id } else { nil } }
    }

    /// One outcome for all: accepted only when each part is, and unknown as long as one is. Where some parts were taken
    /// and another surely was not, a phone cannot put the message together, and sending all of it again would show the
    /// patient some parts twice: that is a failure of the provider, and final.
    var outcome: SendOutcome {
        let ids = acceptedIDs
        if ids.count == results.count, let first = ids.first {
            return .accepted(
                ProviderReference(
                    accepted: first,
                    furtherParts: ids.dropFirst().map { ProviderReference(accepted: $0) }
                )
            )
        }
        let failures = results.compactMap(SMPPStatusTable.failure)
        for case .unknown(let detail) in failures { return .unknown(detail: detail) }
        guard let first = failures.first else { return .unknown(detail: "") }
        if ids.isEmpty { return failures.first(where: \.isFinal) ?? first }
        return .refused(.providerError, detail: "\(ids.count) of \(results.count) parts accepted, then \(first.detail)")
    }
}

extension SendOutcome {
    fileprivate var isFinal: Bool {
        if case .refused = self { true } else { false }
    }
}

/// The messages in parts whose outcome is not known yet, since a late answer may complete them. Bounded, the oldest go
/// first.
struct UnclearParts: Sendable {
    struct Key: Hashable, Sendable {
        let message: Int64
        let attempt: Int
    }

    static let limit = 1_000
    private var messages: [Key: PartedMessage] = [:]
    private var order: [Key] = []

    /// Before the first part leaves: an answer may come late and yet before the others are in.
    mutating func begin(_ key: Key, parts: Int) {
        let silence = Array(repeating: SubmitResult.unknown(.responseTimedOut), count: parts)
        if messages.updateValue(PartedMessage(silence), forKey: key) == nil { order.append(key) }
        if order.count > Self.limit { messages[order.removeFirst()] = nil }
    }

    /// What is known once each part has its result; it stays here only as long as a part is unknown.
    mutating func end(_ key: Key, with results: PartedMessage) -> PartedMessage {
        var known = results
        for (part, late) in (messages[key]?.results ?? []).enumerated() {
            if case .unknown = known.results[part] { known.set(late, at: part) }
        }
        messages[key] = known
        if known.isKnown { drop(key) }
        return known
    }

    /// The message with the late answer in it, once that leaves nothing unknown.
    mutating func note(_ result: SubmitResult, _ key: Key, part: Int) -> PartedMessage? {
        guard var message = messages[key] else { return nil }
        message.set(result, at: part)
        messages[key] = message
        guard message.isKnown else { return nil }
        drop(key)
        return message
    }

    private mutating func drop(_ key: Key) {
        messages[key] = nil
        order.removeAll { $0 == key }
    }
}
