import Domain
import Foundation
import Logging
import Storage

/// Takes a provider's receipts in: on record first, acknowledged then.
struct ReceiptIntake: Sendable {
    private let provider: Provider.ID
    private let now: @Sendable () -> Date
    private let batcher: Batcher<ReceivedReceipt>

    init(provider: Provider.ID, world: DeliveryEnvironment) {
        self.provider = provider
        now = world.now
        batcher = Batcher(limit: 1000) { batch in
            do {
                try await world.storage.inbox.store(batch)
            } catch {
                world.logger.error(
                    "receipts could not be put on record; the provider will send them again",
                    metadata: ["provider": "\(provider)", "error": "\(error)"]
                )
                throw error
            }
        }
    }

    /// Returns true once the receipt is durable and may be acknowledged.
    func store(_ receipt: DeliveryReceipt) async -> Bool {
        await batcher.add(ReceivedReceipt(provider: provider, receipt: receipt, at: now()))
    }
}
