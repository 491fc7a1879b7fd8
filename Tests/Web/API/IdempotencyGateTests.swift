import Domain
import Testing

@testable import Web

/// Requests of one key pass one after the other.
struct IdempotencyGateTests {
    private actor Room {
        private var inside = 0
        private(set) var most = 0

        func enter() {
            inside += 1
            most = max(most, inside)
        }

        func leave() { inside -= 1 }
    }

    private func mostInside(key: @escaping @Sendable (Int) -> String) async throws -> Int {
        let gate = IdempotencyGate()
        let room = Room()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<50 {
                group.addTask {
                    try await gate.alone(key(number), Practice.ID(1)) {
                        await room.enter()
                        for _ in 0..<10 { await Task.yield() }
                        await room.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        return await room.most
    }

    @Test func `Of one key only one is inside at a time`() async throws {
        #expect(try await mostInside { _ in "same" } == 1)
    }

    @Test func `Work that fails lets the next one in`() async throws {
        let gate = IdempotencyGate()
        await #expect(throws: CancellationError.self) {
            try await gate.alone("key", Practice.ID(1)) { throw CancellationError() }
        }
        #expect(try await gate.alone("key", Practice.ID(1)) { 1 } == 1)
    }
}
