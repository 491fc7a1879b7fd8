/// What a morning report tells. It leaves the house, so it names nobody: initials and the time of the appointment are
/// enough to find the person on the call list.
public struct MorningFacts: Hashable, Sendable {
    /// Somebody to be called.
    public struct Call: Hashable, Sendable {
        public let start: WallTime
        /// `A. H.`
        public let initials: String
        public let channel: Channel
        public let cause: Cause

        public init(start: WallTime, initials: String, channel: Channel, cause: Cause) {
            self.start = start
            self.initials = initials
            self.channel = channel
            self.cause = cause
        }
    }

    public enum Cause: CaseIterable, Hashable, Sendable {
        case failed, unclear, notSent
    }

    /// What keeps reminders from leaving.
    public enum Trouble: CaseIterable, Hashable, Sendable {
        case held, noProvider, providerDown, noMailbox, mailboxDown, limitReached, senderUnregistered
    }

    public var practice: String
    /// Reminders of today, those that could not leave included.
    public var all: Int
    /// Delivered, or handed over and nothing bad heard since.
    public var arrived: Int
    /// Due, and not sent so far.
    public var waiting: Int
    public var calls: [Call]
    public var troubles: [Trouble]
    /// The address of the call list; nil where the installation has none that is known.
    public var link: String?
    /// Somebody wanted to see what a report looks like.
    public var isTrial: Bool

    public init(
        practice: String,
        all: Int,
        arrived: Int,
        waiting: Int = 0,
        calls: [Call] = [],
        troubles: [Trouble] = [],
        link: String? = nil,
        isTrial: Bool = false
    ) {
        self.practice = practice
        self.all = all
        self.arrived = arrived
        self.waiting = waiting
        self.calls = calls
        self.troubles = troubles
        self.link = link
        self.isTrial = isTrial
    }

    /// `A. H.`, `H.`; nothing where there is no name.
    public static func initials(first: String, last: String) -> String {
        [first, last].compactMap(\.first).map { "\($0)." }.joined(separator: " ")
    }
}
