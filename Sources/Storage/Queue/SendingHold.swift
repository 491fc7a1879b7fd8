import Domain
import Foundation

/// Why sending stands still until somebody says that it may go on.
public enum SendingHold: Hashable, Sendable {
    case overdue(OverdueHold)
    case clock(ClockHold)

    /// When the question was asked; an answer names it, so that it holds for this question only.
    public var askedAt: Date {
        switch self {
        case .overdue(let hold): hold.askedAt
        case .clock(let hold): hold.askedAt
        }
    }
}

/// Many reminders fell due long before the engine started; those of one practice.
public struct OverdueHold: Hashable, Sendable {
    public let askedAt: Date
    /// How many of them are owed and can still leave.
    public let count: Int
    /// When the first of these fell due; nil where none is left.
    public let since: Date?

    public init(askedAt: Date, count: Int, since: Date?) {
        self.askedAt = askedAt
        self.count = count
        self.since = since
    }
}

/// The machine's clock jumped while the engine ran.
public struct ClockHold: Hashable, Sendable {
    /// By the clock as it was after the jump.
    public let askedAt: Date
    /// How far it jumped, in seconds; negative: back.
    public let step: Double
    /// Whether the installation is one practice's alone, so that its people may answer for the machine.
    public let isOnePractice: Bool

    public init(askedAt: Date, step: Double, isOnePractice: Bool) {
        self.askedAt = askedAt
        self.step = step
        self.isOnePractice = isOnePractice
    }
}

/// What a practice says about reminders that were held.
public enum HoldAnswer: String, CaseIterable, Sendable {
    /// Everything that is due may leave.
    case send
    /// What the question was about ends as too late; all else may leave.
    case drop
}

/// What is held in the whole installation.
public struct HoldSummary: Hashable, Sendable {
    /// Practices whose overdue reminders wait for an answer.
    public let practices: Int
    /// Nothing at all is sent while this stands.
    public let clock: ClockHold?

    public init(practices: Int, clock: ClockHold?) {
        self.practices = practices
        self.clock = clock
    }

    public var isEmpty: Bool { practices == 0 && clock == nil }
}

/// What the check at the start of a process found.
public struct OverdueFinding: Hashable, Sendable {
    /// Reminders that fell due too long before the start and that nobody has confirmed.
    public let overdue: Int
    /// Practices that are held because of it.
    public let practices: Int
}
