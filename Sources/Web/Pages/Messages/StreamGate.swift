import Domain
import Storage
import Synchronization

/// How many pages listen at the same time. Each costs a connection and a look at the database every two seconds.
final class StreamGate: Sendable {
    struct Limits: Sendable {
        /// Windows of one person. A browser opens six connections to a server by HTTP/1.1, and needs some for the pages.
        var person = 6
        var practice = 60
        var all = 1_000
    }

    private struct Counts {
        var people: [User.ID: Int] = [:]
        var practices: [Practice.ID: Int] = [:]
        var all = 0
    }

    /// A place that is held; it is free again once nobody knows this any more.
    final class Place: Sendable {
        private let gate: StreamGate
        private let person: User.ID
        private let practice: Practice.ID

        fileprivate init(_ gate: StreamGate, _ person: User.ID, _ practice: Practice.ID) {
            self.gate = gate
            self.person = person
            self.practice = practice
        }

        deinit { gate.leave(person, practice) }
    }

    private let limits: Limits
    private let counts = Mutex(Counts())

    init(_ limits: Limits = Limits()) { self.limits = limits }

    /// A place for one page more; nil where all are taken.
    func enter(_ user: User) -> Place? {
        let (person, practice) = (user.id, user.practiceID)
        let isFree = counts.withLock { counts in
            guard counts.all < limits.all, counts.people[person, default: 0] < limits.person,
                counts.practices[practice, default: 0] < limits.practice
            else { return false }
            counts.all += 1
            counts.people[person, default: 0] += 1
            counts.practices[practice, default: 0] += 1
            return true
        }
        return isFree ? Place(self, person, practice) : nil
    }

    private func leave(_ person: User.ID, _ practice: Practice.ID) {
        counts.withLock { counts in
            counts.all -= 1
            counts.people[person] = counts.people[person].flatMap { $0 > 1 ? $0 - 1 : nil }
            counts.practices[practice] = counts.practices[practice].flatMap { $0 > 1 ? $0 - 1 : nil }
        }
    }
}
