import NIOConcurrencyHelpers

/// Counts ids up, in decimal.
final class SimulatedMessageIDs: Sendable {
    private let next: NIOLockedValueBox<UInt64>

    init(next: UInt64) { self.next = NIOLockedValueBox(next) }

    func take() -> String {
        let number = next.withLockedValue { next in
            defer { next &+= 1 }
            return next
        }
        return String(number)
    }
}
