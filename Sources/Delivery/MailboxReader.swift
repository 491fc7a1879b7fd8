import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Looks into mailboxes for what came back, and only for that: each in its turn, a few at a time.
public struct MailboxReader: Service {
    /// So many mailboxes at the same time.
    private static let atOnce = 4
    /// So many are taken together.
    private static let batch = 16
    /// A mailbox with more news than this many readings give has its next turn later.
    private static let readings = 50

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                let taken = await round()
                if taken < Self.batch { try? await Task.sleep(for: .seconds(world.settings.readTick)) }
            }
        }
    }

    /// One round; returns how many mailboxes were taken.
    @discardableResult
    public func round() async -> Int {
        do {
            guard try await world.gate.isOpen(at: world.now()) else { return 0 }
            let turns = try await world.storage.bounces.take(
                world.settings.readings,
                limit: Self.batch,
                now: world.now()
            )
            await withDiscardingTaskGroup { group in
                let queue = Turns(turns)
                for _ in 0..<min(Self.atOnce, turns.count) {
                    group.addTask {
                        while !Task.isCancelled, let turn = queue.next() { await open(turn) }
                    }
                }
            }
            return turns.count
        } catch {
            world.logger.error("no mailbox could be taken to be read; trying again", metadata: ["error": "\(error)"])
            return 0
        }
    }

    /// Notes up to where a mailbox has been filled before anything leaves by it: what comes back of that is new then.
    func notePosition(of mailbox: Mailbox, over channel: any MessageChannel) async {
        guard !mailbox.imapURL.isEmpty else { return }
        do {
            guard try await world.storage.bounces.position(of: mailbox.id) == nil else { return }
        } catch {
            return failed(mailbox, error)
        }
        await read(ReadingTurn(mailbox: mailbox, position: nil), over: channel)
    }

    private func open(_ turn: ReadingTurn) async {
        do {
            let secrets = try await world.storage.providers.secrets(of: turn.mailbox.id)
            let channel = try world.mail.open(turn.mailbox, secrets.account)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { try? await channel.run { _ in true } }
                await read(turn, over: channel)
                group.cancelAll()
            }
        } catch {
            failed(turn.mailbox, error)
        }
    }

    private func read(_ turn: ReadingTurn, over channel: any MessageChannel) async {
        var turn = turn
        do {
            for _ in 0..<Self.readings {
                let news = try await channel.news(after: turn.position)
                guard let counts = try await world.storage.bounces.record(news, of: turn, now: world.now()) else {
                    return
                }
                tell(counts, of: turn.mailbox)
                turn = ReadingTurn(mailbox: turn.mailbox, position: news.position)
                guard news.hasMore, !Task.isCancelled else { return }
            }
        } catch let trouble as MailboxTrouble {
            world.logger.notice("a mailbox could not be read", metadata: ["provider": "\(turn.mailbox.id)"])
            do { try await world.storage.bounces.trouble(trouble.description, of: turn.mailbox.id) } catch {
                failed(turn.mailbox, error)
            }
        } catch {
            failed(turn.mailbox, error)
        }
    }

    private func tell(_ counts: BounceCounts, of mailbox: Mailbox) {
        guard counts != BounceCounts() else { return }
        world.logger.notice(
            "e-mails were reported of",
            metadata: [
                "provider": "\(mailbox.id)", "bounced": "\(counts.bounced)", "delayed": "\(counts.delayed)",
                "ignored": "\(counts.ignored)",
            ]
        )
    }

    private func failed(_ mailbox: Mailbox, _ error: any Error) {
        world.logger.error(
            "what a mailbox says could not be put on record; it is read again",
            metadata: ["provider": "\(mailbox.id)", "error": "\(error)"]
        )
    }
}
