import Synchronization

/// A connection on which we are signed in. Used by one caller at a time.
final class IMAPSession: Sendable {
    private let connection: MailConnection
    private let patience: Duration
    private let state = Mutex(State())

    private struct State: Sendable {
        var count = 0
        var capabilities: Set<String> = []
        /// The folder that is open.
        var open: [UInt8]?
        var lastAnswer = ContinuousClock.now
    }

    /// - Throws: ``IMAPFailure`` with ``IMAPFailure/Cause/connection(_:)``.
    init(_ server: MailServer, _ credentials: MailCredentials?, patience: Duration) async throws(IMAPFailure) {
        self.patience = patience
        connection = MailConnection(server)
        do throws(MailFailure) { try await connection.open(credentials) } catch {
            throw IMAPFailure(.connection(error), .signIn)
        }
        let reply = try await run(.signIn, .text("CAPABILITY"))
        let words = reply.answers.compactMap { answer -> [String]? in
            if case .data(nil, "CAPABILITY", let values) = answer { values.compactMap(\.text) } else { nil }
        }
        state.withLock { $0.capabilities = Set(words.joined().map { $0.uppercased() }) }
    }

    var isUsable: Bool { connection.isUsable }

    func can(_ capability: String) -> Bool { state.withLock { $0.capabilities.contains(capability) } }

    /// After so much silence it is asked for whether it still stands.
    private static let trustedSilence = Duration.seconds(3)
    private static let inbox = Array("INBOX".utf8)

    var hasInbox: Bool { state.withLock { $0.open == Self.inbox } }

    /// Opens a folder for reading alone: nothing that is done in it from then on marks a message (RFC 9051 §6.3.3).
    @discardableResult
    func examine(_ folder: [UInt8]) async throws(IMAPFailure) -> IMAPCommand.Reply {
        state.withLock { $0.open = nil }
        let reply = try await run(.open, .text("EXAMINE "), IMAPText.string(folder))
        state.withLock { $0.open = folder }
        return reply
    }

    func openInbox() async throws(IMAPFailure) -> IMAPCommand.Reply { try await examine(Self.inbox) }

    /// Whether a connection that was kept still stands.
    func isAlive() async -> Bool {
        guard isUsable else { return false }
        if state.withLock({ $0.lastAnswer.duration(to: .now) }) < Self.trustedSilence { return true }
        do throws(IMAPFailure) {
            _ = try await run(.signIn, .text("NOOP"))
            return true
        } catch {
            return false
        }
    }

    /// - Throws: ``IMAPFailure``, also where the server says NO or BAD.
    @discardableResult
    func run(_ step: IMAPFailure.Step, _ parts: IMAPCommand.Part...) async throws(IMAPFailure) -> IMAPCommand.Reply {
        try await run(step, parts)
    }

    @discardableResult
    func run(_ step: IMAPFailure.Step, _ parts: [IMAPCommand.Part]) async throws(IMAPFailure) -> IMAPCommand.Reply {
        let number = state.withLock { state in
            state.count += 1
            return state.count
        }
        let command = IMAPCommand(tag: "V\(number)", parts, sendsAtOnce: can("LITERAL+"), patience: patience)
        switch await connection.perform(command) {
        case .failure(let trouble): throw IMAPFailure(trouble, step)
        case .success(let reply):
            state.withLock { $0.lastAnswer = .now }
            guard reply.status == .ok else { throw IMAPFailure(.refused(code: reply.code.first ?? ""), step) }
            return reply
        }
    }

    func close() async { await connection.close() }
}
