import Domain
import Foundation
import Testing

/// How many e-mails an account may send, and how long a copy is tried.
@Suite struct MailPolicyTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    @Test func withoutLimitsAnyNumberMayLeave() {
        #expect(SendingLimits().room(after: [:], now: Self.now) == .free(nil))
    }

    @Test(arguments: [
        (["hour": 10], ["hour": 4], 6), (["hour": 10, "day": 20], ["hour": 4, "day": 18], 2),
        (["day": 5], ["day": 0], 5),
    ])
    func whatIsLeftOfTheNarrowestLimitMayLeave(set: [String: Int], sent: [String: Int], free: Int) {
        let limits = SendingLimits(set: Self.byLimit(set))
        let counts = Self.byLimit(sent).mapValues { SendingLimits.Sent(count: $0) }
        #expect(limits.room(after: counts, now: Self.now) == .free(free))
    }

    private static func byLimit(_ words: [String: Int]) -> [SendingLimit: Int] {
        Dictionary(
            uniqueKeysWithValues: words.compactMap { word, count in
                SendingLimit(rawValue: word).map { ($0, count) }
            }
        )
    }

    @Test func whereNoneIsLeftItIsToldWhenTheNextMay() {
        let limits = SendingLimits(set: [.hour: 2])
        let sent = SendingLimits.Sent(count: 2, blocking: Self.now - 600)
        #expect(limits.room(after: [.hour: sent], now: Self.now) == .none(until: Self.now + 3000))
        let soon = SendingLimits.Sent(count: 2, blocking: Self.now - 3599)
        #expect(limits.room(after: [.hour: soon], now: Self.now) == .none(until: Self.now + 60), "gathered")
        let unknown = SendingLimits.Sent(count: 3)
        #expect(limits.room(after: [.hour: unknown], now: Self.now) == .none(until: Self.now + 60))
    }

    @Test func aHoldCountsAsLongAsItLasts() {
        let limits = SendingLimits(set: [.hour: 2])
        #expect(limits.room(after: [:], heldUntil: Self.now + 5, now: Self.now) == .none(until: Self.now + 5))
        #expect(limits.room(after: [:], heldUntil: Self.now, now: Self.now) == .free(2))
    }

    @Test func theLowerOfWhatIsSetAndWhatIsLearnedHoldsAndNeverLessThanOne() {
        #expect(SendingLimits(set: [.hour: 5], learned: [.hour: 3])[.hour] == 3)
        #expect(SendingLimits(set: [.hour: 5], learned: [.day: 3])[.hour] == 5)
        #expect(SendingLimits(set: [.hour: 0])[.hour] == 1)
    }

    @Test(arguments: [(0, nil, nil), (0, 7, 7), (5, nil, 5), (5, 7, 7), (9, 7, 9)] as [(Int, Int?, Int?)])
    func theMostThatAServerTookIsWhatItTakes(sent: Int, before: Int?, learned: Int?) {
        #expect(SendingLimits.learned(sent: sent, before: before) == learned)
    }

    @Test(arguments: [(0, 1), (21_599, 1), (21_600, 2), (86_400, 16), (-5, 1), (1e12, 1 << 28)] as [(Double, Int)])
    func whatWasLearnedIsTrustedLessAsTimeGoesBy(seconds: Double, most: Int) {
        #expect(SendingLimits.trusted(1, after: seconds) == most)
        #expect(SendingLimits.trusted(.max, after: seconds) > 0)
    }

    @Test(
        arguments: [
            (SendingLimit.hour, nil, 900.0), (.hour, 600.0, 3000), (.hour, 3599, 300), (.day, nil, 3600),
            (.day, 600, 21_600), (.day, 86_000, 3600),
        ] as [(SendingLimit, Double?, Double)]
    )
    func aHoldEndsWithTheFirstThatIsOldEnoughWithinReason(limit: SendingLimit, age: Double?, seconds: Double) {
        let hold = SendingLimits.hold(limit, oldest: age.map { Self.now - $0 }, now: Self.now)
        #expect(hold.timeIntervalSince(Self.now) == seconds)
    }

    @Test func aCopyIsTriedLessAndLessOftenAndForThreeDays() {
        let pauses = (1...10).map { tries in
            CopyPolicy.next(tries: tries, leftAt: Self.now, now: Self.now, jitter: 0.5)?.timeIntervalSince(Self.now)
        }
        #expect(pauses == [60, 120, 240, 480, 960, 1920, 3840, 7680, 15_360, 21_600])
        #expect(CopyPolicy.next(tries: 9, leftAt: Self.now - 3 * 86_400, now: Self.now, jitter: 0.5) == nil)
    }

    @Test(arguments: [
        ("anna@example.org", "a…@example.org"), ("Öx@example.org", "Ö…@example.org"), ("nothing", "…"),
    ])
    func anAddressIsMasked(address: String, masked: String) {
        #expect(EmailAddress(stored: address)?.masked == masked)
    }
}
