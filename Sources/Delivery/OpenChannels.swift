import Domain
import Foundation
import Synchronization

/// The channels that this process holds, and since when each is bound. Whoever judges an unknown outcome asks: before
/// its provider had the time to bring what it kept for us, nothing is judged.
final class OpenChannels: Sendable {
    /// One channel that was opened. A provider that is edited has two for a while: the old one ends what it began.
    struct Ticket: Hashable, Sendable {
        fileprivate let number: Int
    }

    private struct Entry {
        let provider: Provider.ID
        let channel: any MessageChannel
        var boundAt: Date?
        /// Since when it is looked at and found unbound.
        var awaySince: Date?
    }

    private struct State {
        var entries: [Ticket: Entry] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    func open(_ channel: any MessageChannel, of provider: Provider.ID) -> Ticket {
        state.withLock { state in
            state.next += 1
            let ticket = Ticket(number: state.next)
            state.entries[ticket] = Entry(provider: provider, channel: channel)
            return ticket
        }
    }

    func bound(_ ticket: Ticket, at now: Date) {
        state.withLock { $0.entries[ticket]?.boundAt = now }
    }

    func close(_ ticket: Ticket) {
        state.withLock { $0.entries[ticket] = nil }
    }

    /// Whether any that can be reached has not been told to be bound yet.
    var isSettling: Bool {
        state.withLock { $0.entries.values.contains { $0.boundAt == nil && $0.channel.isBound } }
    }

    /// The newest channel of a provider.
    func channel(of provider: Provider.ID) -> (any MessageChannel)? {
        state.withLock { state in
            state.entries.filter { $0.value.provider == provider }.max { $0.key.number < $1.key.number }?.value.channel
        }
    }

    /// Providers that could not be reached since the instant or longer, while another one can be. Looked at from time to
    /// time, so that it is known since when.
    func away(since instant: Date, now: Date) -> [Provider.ID] {
        state.withLock { state in
            for (ticket, entry) in state.entries {
                state.entries[ticket]?.awaySince = entry.channel.isBound ? nil : entry.awaySince ?? now
            }
            let bound = Set(state.entries.values.filter { $0.channel.isBound }.map(\.provider))
            let away = state.entries.values.filter { $0.awaySince.map { $0 <= instant } ?? false }.map(\.provider)
            return bound.isEmpty ? [] : Array(Set(away).subtracting(bound))
        }
    }

    /// Providers that are bound now, and have been since the instant or longer.
    func bound(since instant: Date) -> [Provider.ID] {
        state.withLock { state in
            let bound = state.entries.values.filter { entry in
                entry.channel.isBound && entry.boundAt.map { $0 <= instant } ?? false
            }
            return Array(Set(bound.map(\.provider)))
        }
    }
}
