import Domain
import Foundation
import Logging
import Storage

/// Reads the calls of one provider that were put on record, and takes in what they say.
struct HookReader: Sendable {
    /// So long silence after a message means something, once the provider has called, in seconds; as long as calls are
    /// remembered.
    static let memory = 7 * 86_400.0

    let provider: Provider.ID
    let channel: any MessageChannel
    let intake: LaneIntake
    let world: DeliveryEnvironment

    /// Reads as they come, until it is cancelled.
    ///
    /// - Parameter onRead: told each time that a call could be read.
    func run(onRead: @Sendable () async -> Void) async {
        let signal = Signal()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in world.storage.hooks.arrivals() { signal.ring() }
            }
            while !Task.isCancelled {
                if await round() { await onRead() }
                // A ring of another node may be missed.
                await signal.wait(seconds: 15)
            }
            group.cancelAll()
        }
    }

    /// True where at least one call could be read.
    func round() async -> Bool {
        var hasRead = false
        do {
            while case let waiting = try await world.storage.hooks.waiting(provider), !waiting.isEmpty {
                let read = await take(waiting)
                hasRead = hasRead || !read.isEmpty
                // What could not be put on record is read again later.
                guard read.count == waiting.count else { return hasRead }
            }
        } catch {
            world.logger.error(
                "calls of a provider could not be read; trying again",
                metadata: ["provider": "\(provider)", "error": "\(error)"]
            )
        }
        return hasRead
    }

    /// The ids of those that are dealt with.
    private func take(_ waiting: [HookStore.Waiting]) async -> [Int64] {
        var (read, unreadable) = ([Int64](), [Int64]())
        for call in waiting {
            do {
                guard await store(try channel.events(in: call.hook), of: call.id) else { break }
                read.append(call.id)
            } catch {
                world.logger.warning(
                    "a call of a provider is not of the documented form; nothing of it was taken",
                    metadata: ["provider": "\(provider)", "hook": "\(call.id)"]
                )
                unreadable.append(call.id)
            }
        }
        do { try await world.storage.hooks.finish(read: read, unreadable: unreadable) } catch {
            // Read again, they change nothing more.
            world.logger.error("read calls could not be marked", metadata: ["error": "\(error)"])
            return []
        }
        return read + unreadable
    }

    /// - Parameter call: names messages that have no id of their own, so that a call that is read twice, by two nodes or
    ///   after a crash, brings them once.
    private func store(_ events: [ChannelEvent], of call: Int64) async -> Bool {
        for event in events {
            switch event {
            case .receipts(let receipts): guard await intake.store(receipts) else { return false }
            case .inbound(let messages):
                let named = messages.enumerated().map { $1.named("hook-\(call)-\($0)") }
                guard await intake.store(named) else { return false }
            case .lateAnswer(let answer): guard await intake.note(answer) else { return false }
            case .bound: continue
            }
        }
        return true
    }
}
