import Delivery
import Domain
import Foundation
import Storage
import Testing

/// A lane that helps out for a practice's own provider stays fair to everybody else.
@Suite struct ScopeFairnessTests {
    @Test func aPracticeWhoseOwnProviderRestsDoesNotStandBeforeAllOthers() async throws {
        let world = try await World()
        let other = try await world.neighbour(40)
        _ = try await world.storage.providers.add(
            ProviderDraft(name: "own", kind: "simulator"),
            practice: other.id,
            now: world.clock.now
        )
        try await world.book(4)
        try world.set(World.morning)
        let own = ScriptedChannel(window: 1) { _, _ in .unreachable(detail: "") }
        // Its first message takes until the other provider rests and the work is shared out anew.
        let common = ScriptedChannel(window: 1) { message, _ in
            for _ in 0..<1000 where own.sent.count < 5 { try? await Task.sleep(for: .milliseconds(5)) }
            try? await Task.sleep(for: .milliseconds(50))
            return .accepted(ScriptedChannel.reference(message))
        }
        let dispatcher = Dispatcher(world: world.environment(common, ["own": own]))
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await dispatcher.run() }
            for _ in 0..<1000 where common.sent.count < 12 { try await Task.sleep(for: .milliseconds(5)) }
            group.cancelAll()
        }
        let senders = common.sent.prefix(12).map(\.sender.value)
        #expect(senders.count { $0 == "Praxis" } == 4, "\(senders)")
    }
}
