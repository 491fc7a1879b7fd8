import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Puts copies of e-mails that left into the mailboxes' own Sent folders: a few mailboxes at a time, one connection each.
/// Whatever becomes of a copy, the e-mail is not sent again.
public struct SentCopier: Service {
    /// So many mailboxes at the same time.
    private static let atOnce = 4
    /// So many copies are taken together.
    private static let batch = 10
    /// After so many copies the next mailbox has its turn.
    private static let turn = 200
    /// Seconds for which a mailbox rests after a copy could not be kept.
    private static let rest = 60.0

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let found = await round()
                try? await Task.sleep(for: .seconds(found == 0 ? world.settings.copyTick : 0.1))
            }
        }
    }

    /// Keeps all copies that are due, for so many seconds at most.
    public func drain(seconds: Double) async {
        let end = ContinuousClock.now + .seconds(seconds)
        while !Task.isCancelled, ContinuousClock.now < end, await round(until: end) > 0 {}
    }

    /// One round; returns how many mailboxes had copies that were due.
    @discardableResult
    public func round(until end: ContinuousClock.Instant? = nil) async -> Int {
        do {
            guard try await world.gate.isOpen(at: world.now()) else { return 0 }
            let mailboxes = try await world.storage.copies.mailboxes(now: world.now(), limit: 64)
            await withDiscardingTaskGroup { group in
                let queue = Turns(mailboxes)
                for _ in 0..<min(Self.atOnce, mailboxes.count) {
                    group.addTask {
                        while !Task.isCancelled, let mailbox = queue.next() { await copy(mailbox, until: end) }
                    }
                }
            }
            return mailboxes.count
        } catch {
            world.logger.error("copies could not be looked for; trying again", metadata: ["error": "\(error)"])
            return 0
        }
    }

    private func copy(_ id: Provider.ID, until end: ContinuousClock.Instant?) async {
        do {
            let mailbox = try await world.storage.mailboxes.find(id)
            let channel: any MessageChannel
            do {
                channel = try world.mail.open(mailbox, try await world.storage.providers.secrets(of: id).account)
            } catch {
                let copies = try await world.storage.copies.take(id, limit: Self.batch, now: world.now())
                for copy in copies { try await note(copy, "\(error)") }
                return
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await channel.run { _ in true } }
                defer { group.cancelAll() }
                try await copyAll(of: id, over: channel, until: end)
            }
        } catch {
            world.logger.error(
                "copies could not be put on record; trying again",
                metadata: ["provider": "\(id)", "error": "\(error)"]
            )
        }
    }

    private func copyAll(
        of mailbox: Provider.ID,
        over channel: any MessageChannel,
        until end: ContinuousClock.Instant?
    ) async throws {
        for _ in 0..<(Self.turn / Self.batch) {
            let copies = try await world.storage.copies.take(mailbox, limit: Self.batch, now: world.now())
            if copies.isEmpty { return }
            if try await keep(copies, over: channel, until: end) < copies.count { return }
        }
    }

    /// Returns how many were kept. What holds one up holds up the others, as a rule: those have their turn in a minute.
    private func keep(
        _ copies: [WantedCopy],
        over channel: any MessageChannel,
        until end: ContinuousClock.Instant?
    ) async throws -> Int {
        var kept: [Message.ID] = []
        var failure: (copy: WantedCopy, detail: String)?
        for copy in copies {
            if Task.isCancelled || end.map({ ContinuousClock.now >= $0 }) ?? false { break }
            if case .failed(let detail) = await channel.keepCopy(copy.mail, isAgain: copy.tries > 1) {
                failure = (copy, detail)
                break
            }
            kept.append(copy.mail.id)
        }
        try await world.storage.copies.kept(kept)
        if let failure { try await note(failure.copy, failure.detail) }
        let untried = copies.dropFirst(kept.count + (failure == nil ? 0 : 1)).map(\.mail.id)
        let next = world.now() + (failure == nil ? 0 : Self.rest)
        try await world.storage.copies.giveBack(untried, until: next)
        return kept.count
    }

    private func note(_ copy: WantedCopy, _ detail: String) async throws {
        let next = CopyPolicy.next(
            tries: copy.tries,
            leftAt: copy.leftAt,
            now: world.now(),
            jitter: world.random()
        )
        try await world.storage.copies.failed(copy.mail.id, detail: detail, next: next)
        world.logger.notice(
            next == nil ? "a copy is given up" : "a copy could not be kept; it is tried again",
            metadata: ["message": "\(copy.mail.id)", "tries": "\(copy.tries)"]
        )
    }
}
