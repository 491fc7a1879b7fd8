import Domain
import Foundation
import Logging
import Storage

/// Keeps a lane and its connection going, and takes in what the connection reports; the connection ends after the lane.
struct LaneOperation: Sendable {
    let lane: Lane
    let channel: any MessageChannel
    let world: DeliveryEnvironment

    func run() async {
        let intake = ReceiptIntake(provider: lane.provider.id, world: world)
        let ticket = world.channels.open(channel, of: lane.provider.id)
        defer { world.channels.close(ticket) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await connect(intake, ticket) }
            await lane.run()
            group.cancelAll()
        }
    }

    private func connect(_ intake: ReceiptIntake, _ ticket: OpenChannels.Ticket) async {
        while !Task.isCancelled {
            do {
                try await channel.run { event in
                    switch event {
                    case .receipts(let receipts): await intake.store(receipts)
                    case .bound: await bound(ticket)
                    case .lateAnswer(let answer): await note(answer)
                    case .inbound: false
                    }
                }
                return
            } catch is CancellationError {
                return
            } catch {
                world.logger.error(
                    "a connection ended; opening it again",
                    metadata: ["provider": "\(lane.provider.id)", "error": "\(error)"]
                )
                try? await Task.sleep(for: .seconds(world.settings.providerTick))
            }
        }
    }

    private func bound(_ ticket: OpenChannels.Ticket) async -> Bool {
        do {
            try await world.storage.rescue.bound(lane.provider.id, at: world.now())
        } catch {
            world.logger.error(
                "a new connection could not be put on record",
                metadata: ["provider": "\(lane.provider.id)", "error": "\(error)"]
            )
        }
        world.channels.bound(ticket, at: world.now())
        await lane.bound()
        return true
    }

    private func note(_ answer: LateAnswer) async -> Bool {
        do {
            try await world.storage.queue.note(answer, jitter: world.random(), at: world.now())
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
