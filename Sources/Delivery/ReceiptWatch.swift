import Domain
import Foundation

/// Samples of what a provider accepted, by which silence is told from slowness: some of the first messages since the
/// last judgement, looked at ten minutes later.
struct ReceiptWatch {
    /// So many messages are enough to tell.
    static let size = 20
    /// Seconds from the first of them until they are looked at.
    static let patience = 600.0
    /// While the provider is silent it is tried with one message in so many seconds, which is looked at as often.
    static let probePause = 60.0

    private var messages: [Message.ID] = []
    private var beganAt: Date?
    private var probedAt: Date?
    private(set) var isSilent = false
    /// Whether the provider was seen to call us: then its silence means something.
    var canCome = false

    mutating func add(_ message: Message.ID, at now: Date) {
        if messages.isEmpty { beganAt = now }
        // While it is silent the newest count: they show that it speaks again.
        if isSilent, messages.count >= Self.size { messages.removeFirst() }
        if messages.count < Self.size { messages.append(message) }
    }

    /// The messages to look at, where it is time.
    func due(at now: Date) -> [Message.ID]? {
        guard let beganAt, !messages.isEmpty else { return nil }
        if isSilent { return messages }
        let waited = now.timeIntervalSince(beganAt)
        return messages.count == Self.size && !(0..<Self.patience).contains(waited) ? messages : nil
    }

    mutating func judge(unanswered: Int, of count: Int) {
        let isSilentNow = unanswered == count
        if !isSilentNow || !isSilent {
            messages = []
            beganAt = nil
        }
        isSilent = isSilentNow
    }

    /// Whether one message may leave although the provider is silent.
    func mayProbe(at now: Date) -> Bool {
        probedAt.map { !(0..<Self.probePause).contains(now.timeIntervalSince($0)) } ?? true
    }

    /// Tells that it leaves.
    mutating func probe(at now: Date) { probedAt = now }
}
