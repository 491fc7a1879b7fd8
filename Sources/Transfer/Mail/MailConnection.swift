/// A connection to a mail server, on a thread of its own: libcurl blocks. Dialogues are held on it one after the other.
///
/// It is closed in good order when ``close()`` says so, when nothing happened on it for a while, and when nobody holds
/// it any more.
public final class MailConnection: Sendable {
    private let worker: MailWorker

    /// - Parameter longestIdle: after which it closes by itself.
    public init(_ server: MailServer, longestIdle: Duration = .seconds(30)) {
        worker = MailWorker(server, longestIdle: longestIdle)
        worker.start()
    }

    deinit { worker.stop() }

    /// Connects and signs in; once only. A cancelled task gives up within a second.
    ///
    /// - Parameter credentials: nil where the server wants none.
    @discardableResult
    public func open(_ credentials: MailCredentials?) async throws(MailFailure) -> MailGreeting {
        let stop = StopFlag()
        return try await worker.perform(stop) { room in
            room?.open(credentials, stop) ?? .failure(MailFailure(.cancelled))
        }.get()
    }

    /// Holds a dialogue. A cancelled task ends it with ``MailEnd/cancelled``.
    ///
    /// - Parameter limit: no step may last longer than until then.
    public func perform<D: MailDialogue>(
        _ dialogue: D,
        until limit: ContinuousClock.Instant? = nil
    ) async -> D.Outcome {
        let stop = StopFlag()
        return await worker.perform(stop) { room in
            guard let room else {
                var dialogue = dialogue
                return dialogue.ended(.closed, unsent: 0)
            }
            return room.perform(dialogue, stop, until: limit)
        }
    }

    /// Whether another dialogue may be held on it, as far as is known.
    public var isUsable: Bool { worker.isUsable }

    /// Takes leave of the server and waits until the connection is closed. What is being said is said to its end.
    public func close() async { await worker.close() }
}
