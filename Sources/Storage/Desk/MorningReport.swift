import Database
import Domain
import Foundation

/// How a morning's sending went, for the report by e-mail.
public struct MorningReport: Hashable, Sendable {
    public let counts: DayCounts
    public let day: LocalDate
    /// Those that nobody has called.
    public let calls: [CallEntry]
    public let warnings: [ForecastWarning]
    public let isHeld: Bool

    /// Whether there is anything to tell. What has not left and that nothing stands against is on its way: a provider
    /// that takes one a second needs its time.
    public var isBad: Bool {
        let isStuck = troubles.contains { $0 != .senderUnregistered }
        return !calls.isEmpty || counts.stopped > 0 || counts.retried > 0 || counts.waiting > 0 && isStuck
    }

    /// What keeps reminders from leaving, the gravest first.
    public var troubles: [MorningFacts.Trouble] {
        let told = Set(warnings.filter { !$0.isReplaced }.map(\.code))
        let all: [(MorningFacts.Trouble, Bool)] = [
            (.held, isHeld || told.contains(.paused)),
            (.noProvider, told.contains(.smsWithoutProvider)),
            (.providerDown, told.contains(.providerInTrouble)),
            (.noMailbox, told.contains(.emailWithoutMailbox) || told.contains(.mailboxForSome)),
            (.mailboxDown, told.contains(.mailboxInTrouble)),
            (.limitReached, told.contains(.limitReached)),
            (.senderUnregistered, told.contains(.senderUnregistered)),
        ]
        return all.filter(\.1).map(\.0)
    }

    /// - Parameter link: the address of the call list.
    public func facts(_ practice: Practice, link: String?, isTrial: Bool) -> MorningFacts {
        let missed = calls.count { $0.isUnsentReminder(of: day, in: practice.timeZone) }
        let strayed = calls.count { $0.strayedReminder(of: day, in: practice.timeZone) != nil }
        return MorningFacts(
            practice: practice.name,
            all: counts.sent + counts.waiting + missed,
            arrived: counts.arrivedOrHandedOver - strayed,
            waiting: counts.waiting + counts.retried,
            calls: calls.map(\.fact),
            troubles: troubles,
            link: link,
            isTrial: isTrial
        )
    }
}

extension DayCounts {
    /// Reminders of which nothing worse is known than that they were handed over.
    public var arrivedOrHandedOver: Int {
        sms.delivered + sms.handedOver + email.handedOver + answered.values.reduce(0, +)
    }
}

extension CallEntry {
    /// Whether a reminder that was due on the day never left.
    public func isUnsentReminder(of day: LocalDate, in zone: TimeZone) -> Bool {
        guard case .notSent = missed.cause, missed.reminder.purpose == .reminder else { return false }
        return WallTime.of(missed.reminder.dueAt, in: zone).date == day
    }

    fileprivate var fact: MorningFacts.Call {
        let cause: MorningFacts.Cause =
            switch missed.cause {
            case .failed: .failed
            case .unclear: .unclear
            case .notSent: .notSent
            }
        return MorningFacts.Call(
            start: appointment.wallStart,
            initials: MorningFacts.initials(first: patient.firstName, last: patient.lastName),
            channel: missed.reminder.channel,
            cause: cause
        )
    }
}

extension TodayStore {
    public func report(_ practice: Practice, now: Date) async throws -> MorningReport {
        let day = WallTime.of(now, in: practice.timeZone).date
        let holds = HoldStore(driver: driver)
        let (counts, calls) = try await driver.read { transaction in
            (
                try Self.counts(practice.id, day, in: practice.timeZone, now: now, transaction),
                try CallStore.list(practice.id, now: now, in: transaction).filter { $0.tick == nil }
            )
        }
        return MorningReport(
            counts: counts,
            day: day,
            calls: calls,
            warnings: try await ForecastStore(driver: driver, links: links).warnings(practice.id, now: now),
            isHeld: try await holds.find(practice.id) != nil
        )
    }
}
