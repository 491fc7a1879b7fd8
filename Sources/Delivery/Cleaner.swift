import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Throws away, once an hour, what has served its time: ended sessions, remembered requests, receipts of nobody.
public struct Cleaner: Service {
    /// Receipts without a message are kept for seven days.
    private static let receiptSeconds = 7 * 86_400.0
    /// Remembered requests are kept for a day.
    private static let requestSeconds = 86_400.0

    /// The bytes of e-mails are kept for seven days at most.
    private static let mailSeconds = 7 * 86_400.0

    /// Who looked at what is kept for a year.
    private static let auditSeconds = 365 * 86_400.0
    /// Letters are kept for thirty days, so that it can be told what became of one.
    private static let letterSeconds = 30 * 86_400.0

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                try? await Task.sleep(for: .seconds(3600))
            }
        }
    }

    public func round() async {
        let now = world.now()
        do {
            guard try await world.gate.isOpen(at: now) else { return }
            let receipts = try await world.storage.inbox.dropUnmatched(before: now - Self.receiptSeconds)
            let binds = try await world.storage.rescue.dropBinds(before: now - Self.receiptSeconds)
            let hooks = try await world.storage.hooks.drop(before: now - Self.receiptSeconds)
            let strangers = try await world.storage.inbound.dropStrangers(before: now - Self.receiptSeconds)
            let mails = try await world.storage.copies.dropBytes(before: now - Self.mailSeconds)
            let letters = try await world.storage.letters.drop(before: now - Self.letterSeconds)
            let requests = try await world.storage.requests.drop(before: now - Self.requestSeconds)
            let sessions = try await world.storage.sessions.dropEnded(at: now)
            let audit = try await world.storage.audit.drop(before: now - Self.auditSeconds)
            let steps = try await world.storage.secondSteps.dropEnded(at: now)
            let resets = try await world.storage.resets.dropEnded(at: now)
            world.logger.debug(
                "cleaned",
                metadata: [
                    "receipts": "\(receipts)", "binds": "\(binds)", "hooks": "\(hooks)", "inbound": "\(strangers)",
                    "mails": "\(mails)", "letters": "\(letters)",
                    "requests": "\(requests)",
                    "sessions": "\(sessions)", "audit": "\(audit)",
                    "steps": "\(steps)", "resets": "\(resets)",
                ]
            )
        } catch {
            world.logger.error("cleaning failed; it is tried again in an hour", metadata: ["error": "\(error)"])
        }
    }
}
