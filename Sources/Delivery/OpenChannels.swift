import Domain
import Foundation
import Synchronization

/// The channels that this process holds, and since when each is bound. Whoever judges an unknown outcome asks: before
/// its provider had the time to bring what it kept for us, nothing is judged.
final class OpenChannels: Sendable {
    private struct Entry {
        let channel: any MessageChannel
        var boundAt: Date?
    }

    private let entries = Mutex<[Provider.ID: Entry]>([:])

    func open(_ channel: any MessageChannel, of provider: Provider.ID) {
        entries.withLock { $0[provider] = Entry(channel: channel) }
    }

    func bound(_ provider: Provider.ID, at now: Date) {
        entries.withLock { $0[provider]?.boundAt = now }
    }

    func close(_ provider: Provider.ID) {
        entries.withLock { $0[provider] = nil }
    }

    /// Providers that are bound now, and have been since the instant or longer.
    func bound(since instant: Date) -> [Provider.ID] {
        entries.withLock { entries in
            entries.filter { _, entry in entry.channel.isBound && entry.boundAt.map { $0 <= instant } ?? false }
                .map(\.key)
        }
    }
}
