import Foundation
import Logging
import Storage

/// Stands before the queue, and asks before anything is sent that nobody may expect any more: after a long outage or a
/// restored backup, and when the machine's clock has jumped. What it holds stands in the database, so that all
/// processes obey and the pages show it; there it is answered too.
public actor SendingGate {
    private let holds: HoldStore
    private let settings: DeliverySettings
    private let uptime: (@Sendable () -> Duration)?
    private let logger: Logger
    private let startedAt: Date
    private var watch = ClockWatch()
    private var isStartChecked = false
    /// A jump that is not on record yet.
    private var unrecorded: (step: Double, at: Date)?
    private var isHeld = false
    private var readAt: Date?

    /// How long what was read of the database holds, in seconds.
    private static let readPause = 1.0

    /// - Parameters:
    ///   - startedAt: when the process began.
    ///   - uptime: monotonic time; nil where the clock is set by hand and no jump means anything.
    init(
        holds: HoldStore,
        settings: DeliverySettings,
        startedAt: Date,
        uptime: (@Sendable () -> Duration)?,
        logger: Logger
    ) {
        self.holds = holds
        self.settings = settings
        self.startedAt = startedAt
        self.uptime = uptime
        self.logger = logger
    }

    /// Whether anything may be started or judged by the clock now. A practice whose overdue reminders are held
    /// is paused by itself and closes the gate for nobody else.
    ///
    /// - Throws: where the database cannot tell; then nothing may.
    public func isOpen(at now: Date) async throws -> Bool {
        if let uptime, let step = watch.look(wall: now, monotonic: uptime()) {
            unrecorded = (step, now)
            logger.critical(
                "the clock jumped; nothing is sent until that is answered",
                metadata: ["seconds": "\(step)"]
            )
        }
        if let jump = unrecorded {
            try await holds.holdForClock(step: jump.step, now: jump.at)
            unrecorded = nil
            readAt = nil
        }
        guard try await !isHeldByClock(now) else { return false }
        try await checkStart(now)
        return true
    }

    private func isHeldByClock(_ now: Date) async throws -> Bool {
        if let readAt, (0..<Self.readPause).contains(now.timeIntervalSince(readAt)) { return isHeld }
        isHeld = try await holds.clockJump() != nil
        readAt = now
        return isHeld
    }

    /// Once a process, before it starts anything.
    private func checkStart(_ now: Date) async throws {
        guard !isStartChecked else { return }
        let finding = try await holds.holdOverdue(
            startedAt: startedAt,
            age: settings.overdueAge,
            limit: settings.overdueLimit,
            now: now
        )
        isStartChecked = true
        guard finding.practices > 0 else { return }
        logger.critical(
            "reminders fell due long before the start; they are held until somebody answers",
            metadata: ["overdue": "\(finding.overdue)", "practices": "\(finding.practices)"]
        )
    }
}
