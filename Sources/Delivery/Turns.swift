import Synchronization

/// Hands each of some things to one of several workers.
final class Turns<Item: Sendable>: Sendable {
    private let waiting: Mutex<ArraySlice<Item>>

    init(_ items: [Item]) { waiting = Mutex(items[...]) }

    func next() -> Item? { waiting.withLock { $0.popFirst() } }
}
