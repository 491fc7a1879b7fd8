import Domain
import Foundation
import Logging
import Storage

/// Takes in what a provider reports, however it comes: over the connection, by a call to us, or because it was asked.
struct LaneIntake: Sendable {
    private let provider: Provider.ID
    private let world: DeliveryEnvironment
    private let receipts: ReceiptIntake

    init(_ provider: Provider.ID, world: DeliveryEnvironment) {
        self.provider = provider
        self.world = world
        receipts = ReceiptIntake(provider: provider, world: world)
    }

    /// True once the receipts are on record.
    func store(_ receipts: [DeliveryReceipt]) async -> Bool {
        receipts.isEmpty ? true : await self.receipts.store(receipts)
    }

    /// True once the messages are on record, and what a "stop" asks for is done.
    func store(_ messages: [InboundSMS]) async -> Bool {
        do {
            let unknown = try await world.storage.inbound.record(messages, from: provider, at: world.now())
            if unknown > 0 {
                world.logger.notice(
                    "messages came from numbers that no practice has sent to",
                    metadata: ["provider": "\(provider)", "count": "\(unknown)"]
                )
            }
            return true
        } catch {
            world.logger.error(
                "inbound messages could not be put on record; the provider will send them again",
                metadata: ["provider": "\(provider)", "error": "\(error)"]
            )
            return false
        }
    }

    /// True once the answer is on record.
    func note(_ answer: LateAnswer) async -> Bool {
        do {
            try await world.storage.queue.note(answer, from: provider, jitter: world.random(), at: world.now())
            return true
        } catch {
            world.logger.error(
                "a late answer could not be noted; its receipt will tell",
                metadata: ["message": "\(answer.message)", "error": "\(error)"]
            )
            return false
        }
    }
}
