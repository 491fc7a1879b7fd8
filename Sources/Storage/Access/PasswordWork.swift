import Domain
import Foundation
import Synchronization

/// Where passwords are hashed: on threads of its own, half as many as there are processors, so that a crowd at the
/// sign-in page takes neither the processors nor the threads that everything else runs on.
final class PasswordWork: Sendable {
    /// So many may wait; who comes then is turned away.
    static let longestQueue = 32

    private let queue: OperationQueue
    private let waiting = Mutex(0)

    init(width: Int = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)) {
        queue = OperationQueue()
        queue.name = "vortag.passwords"
        queue.maxConcurrentOperationCount = width
    }

    /// - Parameter mayWait: whether it is done however many wait: for those who are signed in.
    /// - Returns: nil where too many wait.
    func run<Value: Sendable>(mayWait: Bool = false, _ work: @escaping @Sendable () throws -> Value) async throws
        -> Value?
    {
        let isIn = waiting.withLock { count in
            guard mayWait || count < Self.longestQueue else { return false }
            count += 1
            return true
        }
        guard isIn else { return nil }
        defer { waiting.withLock { $0 -= 1 } }
        // A cancellation changes nothing: the work ends by itself within a second, and nothing is waited for beside it.
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }

    /// A password that passed the rules, hashed.
    ///
    /// - Throws: `ProblemList` on `password`
    func password(_ text: String, for user: User, of practice: String, salt: [UInt8]) async throws -> Password {
        let names = [practice, user.name]
        if let problem = PasswordRule.problem(text, email: user.email.value, names: names) {
            throw ProblemList(problem)
        }
        return try await hashed(text, salt: salt)
    }

    func hashed(_ text: String, salt: [UInt8]) async throws -> Password {
        guard let kept = try await run(mayWait: true, { try Password(text, salt: salt) }) else {
            throw CancellationError()
        }
        return kept
    }
}
