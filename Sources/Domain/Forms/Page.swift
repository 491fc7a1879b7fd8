/// A part of a list.
public struct Page<Item: Sendable>: Sendable {
    public let items: [Item]
    /// Opaque; asks for what follows. nil at the end.
    public let next: String?

    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }
}

/// Which part of a list is asked for.
public struct PageRequest: Hashable, Sendable {
    /// 1…200
    public var limit: Int
    /// As `Page.next` gave it; nil for the beginning.
    public var cursor: String?

    public init(limit: Int = 50, cursor: String? = nil) {
        self.limit = limit
        self.cursor = cursor
    }
}
