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
        let intake = LaneIntake(lane.provider.id, world: world)
        let ticket = world.channels.open(channel, of: lane.provider.id)
        defer { world.channels.close(ticket) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await connect(intake, ticket) }
            if lane.provider.kind.isCalledBack {
                group.addTask { await readHooks(intake) }
            }
            if let polling = channel.polling {
                group.addTask {
                    await StatusPoller(provider: lane.provider.id, channel: channel, intake: intake, world: world)
                        .run(polling)
                }
            }
            group.addTask { await HealthWatch(lane: lane, world: world).run() }
            if let mailbox = lane.mailbox { await MailboxReader(world: world).notePosition(of: mailbox, over: channel) }
            await lane.run()
            if lane.mailbox != nil { await HealthWatch(lane: lane, world: world).noteLast() }
            group.cancelAll()
        }
    }

    private func readHooks(_ intake: LaneIntake) async {
        let since = world.now() - HookReader.memory
        if (try? await world.storage.hooks.hasCalled(lane.provider.id, since: since)) ?? false { await lane.called() }
        await HookReader(provider: lane.provider.id, channel: channel, intake: intake, world: world)
            .run { await lane.called() }
    }

    private func connect(_ intake: LaneIntake, _ ticket: OpenChannels.Ticket) async {
        while !Task.isCancelled {
            do {
                try await channel.run { event in
                    switch event {
                    case .receipts(let receipts): await intake.store(receipts)
                    case .bound: await bound(ticket)
                    case .inbound(let messages): await intake.store(messages)
                    case .lateAnswer(let answer): await intake.note(answer)
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
}
