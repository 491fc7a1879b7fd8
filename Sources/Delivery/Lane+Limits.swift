import Domain
import Foundation
import Logging
import Storage

extension Lane {
    /// So many are looked at together where none may leave.
    private static let heldTogether = 256

    /// How much room a mailbox has; what is due is put off until there is some again, so that nobody looks at it before
    /// and work that ends by itself is over. nil where that cannot be told at present.
    func room(at now: Date) async -> SendingRoom? {
        guard let mailbox else { return .free(nil) }
        do {
            let room = try await world.storage.mailboxes.room(of: mailbox, now: now)
            if case .none(let until) = room, try await world.gate.isOpen(at: now) {
                try await hold(until: until, now: now)
            }
            return room
        } catch {
            world.logger.error(
                "a mailbox's limits could not be read; trying again",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
            return nil
        }
    }

    private func hold(until: Date, now: Date) async throws {
        for scope in scopes {
            while !Task.isCancelled {
                let batch = try await world.storage.queue.startDue(
                    scope,
                    by: carrier,
                    limit: Self.heldTogether,
                    worker: worker,
                    now: now,
                    dueBy: dueBy,
                    held: until
                )
                if batch.looked < Self.heldTogether { break }
            }
        }
    }

    func learn(_ limit: SendingLimit) async {
        do {
            try await world.storage.mailboxes.limited(limit, of: provider.id, now: world.now())
            world.logger.notice(
                "a mailbox has sent all it may; it waits",
                metadata: ["provider": "\(provider.id)", "limit": "\(limit)"]
            )
        } catch {
            world.logger.error(
                "a mailbox's limit could not be noted; its server will say it again",
                metadata: ["provider": "\(provider.id)", "error": "\(error)"]
            )
        }
    }
}
