import Foundation
import Synchronization

/// The thread of a ``MailConnection``, and the desk on which its work is put.
final class MailWorker: Sendable {
    private struct Desk: Sendable {
        var jobs: [@Sendable (MailRoom?) -> Void] = []
        var isStopped = false
        /// The thread takes nothing more.
        var hasEnded = false
        var isUsable = false
        var leaving: [CheckedContinuation<Void, Never>] = []
    }

    private let server: MailServer
    private let longestIdle: Duration
    private let bell = Bell()
    private let desk = Mutex(Desk())

    init(_ server: MailServer, longestIdle: Duration) {
        self.server = server
        self.longestIdle = longestIdle
    }

    func start() { Thread.detachNewThread { [self] in run() } }

    var isUsable: Bool { desk.withLock { $0.isUsable && !$0.hasEnded && !$0.isStopped } }

    /// Has the thread do something and waits for what comes of it.
    ///
    /// - Parameter body: gets the room, or nil where the thread has ended.
    func perform<Value: Sendable>(_ stop: StopFlag, _ body: @escaping @Sendable (MailRoom?) -> Value) async -> Value {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job: @Sendable (MailRoom?) -> Void = { continuation.resume(returning: body($0)) }
                let isTaken = desk.withLock { desk in
                    if desk.hasEnded || desk.isStopped { return false }
                    desk.jobs.append(job)
                    return true
                }
                if isTaken { bell?.ring() } else { job(nil) }
            }
        } onCancel: {
            stop.set()
            bell?.ring()
        }
    }

    func stop() {
        desk.withLock { $0.isStopped = true }
        bell?.ring()
    }

    func close() async {
        await withCheckedContinuation { continuation in
            let hasEnded = desk.withLock { desk in
                desk.isStopped = true
                if !desk.hasEnded { desk.leaving.append(continuation) }
                return desk.hasEnded
            }
            if hasEnded { continuation.resume() } else { bell?.ring() }
        }
    }

    // On the thread from here on.

    private func run() {
        guard let bell, let line = MailLine(server, bell: bell) else { return end() }
        let room = MailRoom(line)
        while let job = next(room, bell) {
            job(room)
            let isUsable = room.isUsable
            desk.withLock { $0.isUsable = isUsable }
        }
        if room.isUsable { line.takeLeave() }
        end()
    }

    /// Waits for something to do; nil once the thread is to end.
    private func next(_ room: MailRoom, _ bell: Bell) -> (@Sendable (MailRoom?) -> Void)? {
        let idleUntil = ContinuousClock.now.advanced(by: longestIdle)
        while true {
            let isLate = ContinuousClock.now >= idleUntil
            let (job, isOver) = desk.withLock { desk in
                if !desk.jobs.isEmpty { return (Optional(desk.jobs.removeFirst()), false) }
                // From here on nothing more is taken.
                if desk.isStopped || isLate { desk.hasEnded = true }
                return (nil, desk.hasEnded)
            }
            if let job { return job }
            if isOver { return nil }
            if room.waitIdly(bell, until: idleUntil) == .ready, !room.checkQuiet() {
                desk.withLock { $0.isUsable = false }
            }
        }
    }

    private func end() {
        let (jobs, leaving) = desk.withLock { desk in
            desk.hasEnded = true
            defer { (desk.jobs, desk.leaving) = ([], []) }
            return (desk.jobs, desk.leaving)
        }
        for job in jobs { job(nil) }
        for continuation in leaving { continuation.resume() }
    }
}

/// What the thread of a connection knows of it. Touched by that thread alone.
final class MailRoom {
    private let line: MailLine
    private var greeting: MailGreeting?
    private(set) var isUsable = false

    init(_ line: MailLine) { self.line = line }

    func open(_ credentials: MailCredentials?, _ stop: StopFlag) -> Result<MailGreeting, MailFailure> {
        guard greeting == nil else { return .failure(MailFailure(.invalid)) }
        line.stop = stop
        let result = line.open(credentials)
        if case .success(let said) = result {
            greeting = said
            isUsable = true
        }
        return result
    }

    func perform<D: MailDialogue>(
        _ dialogue: D,
        _ stop: StopFlag,
        until limit: ContinuousClock.Instant?
    ) -> D.Outcome {
        line.stop = stop
        guard let greeting, isUsable, checkQuiet() else {
            var dialogue = dialogue
            return dialogue.ended(.closed, unsent: 0)
        }
        let (outcome, reusable) = line.hold(dialogue, greeting, until: limit)
        self.greeting = MailGreeting(lines: greeting.lines, isSecure: greeting.isSecure, isFirst: false)
        isUsable = reusable
        return outcome
    }

    func waitIdly(_ bell: Bell, until deadline: ContinuousClock.Instant) -> MailLine.Wake {
        isUsable ? line.wait(until: deadline) : bell.wait(beside: -1, events: 0, until: deadline)
    }

    /// Whether the server has neither spoken nor closed; if not, the connection is not used again.
    func checkQuiet() -> Bool {
        if isUsable, !line.isQuiet { isUsable = false }
        return isUsable
    }
}
