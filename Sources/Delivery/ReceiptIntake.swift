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

    /// Returns true once the receipts are durable and may be acknowledged.
    func store(_ receipts: [DeliveryReceipt]) async -> Bool {
        let at = now()
        return await batcher.add(receipts.map { ReceivedReceipt(provider: provider, receipt: $0, at: at) })
    }
}
