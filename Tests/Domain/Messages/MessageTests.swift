import Domain
import Foundation
import Testing

struct MessageTests {
    private let now = Date(timeIntervalSince1970: 1_804_744_800)

    @Test(
        arguments: [
            (nil, MessageStatus.delivered, true), (nil, .submitted, true), (.submitted, .submitted, false),
            (.submitted, .delivered, true), (.submitted, .undeliverable, true), (.submitted, .expired, true),
            (.delivered, .undeliverable, false), (.delivered, .submitted, false), (.delivered, .delivered, false),
            (.undeliverable, .delivered, true), (.undeliverable, .expired, false), (.expired, .delivered, false),
            (.rejectedByRecipient, .delivered, false), (.providerError, .delivered, false),
            (.providerRefused, .delivered, false),
        ] as [(MessageStatus?, MessageStatus, Bool)]
    )
    func `A receipt moves a message from the statuses that allow it`(
        _ from: MessageStatus?,
        _ to: MessageStatus,
        _ moves: Bool
    ) {
        let next = Message.State(status: from).moving(to: to)
        #expect(next == (moves ? Message.State(status: to) : nil))
    }

    @Test(arguments: [MessageStatus.expired, .providerError])
    func `What was presumed follows a late receipt`(_ status: MessageStatus) {
        let state = Message.State(status: status, presumed: true)
        #expect(state.moving(to: .delivered) == Message.State(status: .delivered))
    }

    @Test func `An unclear message is clear once a receipt came`() {
        let state = Message.State(status: nil, unclear: true)
        #expect(state.moving(to: .undeliverable) == Message.State(status: .undeliverable))
        #expect(Message.State(status: .submitted, unclear: true).moving(to: .submitted)?.unclear == false)
    }

    @Test(arguments: [(1, 15.0), (2, 30.0), (3, 60.0), (6, 480.0), (7, 600.0), (50, 600.0), (0, 15.0)])
    func `The pause between attempts doubles up to ten minutes`(_ attempt: Int, _ seconds: Double) {
        for (jitter, factor) in [(0.0, 0.75), (0.5, 1.0), (0.99, 1.245)] {
            let next = RetryPolicy.next(.unreachable(detail: ""), attempt: attempt, now: now, jitter: jitter)
            guard case .retry(.serviceUnreachable, let at) = next else {
                Issue.record("\(next)")
                return
            }
            #expect(abs(at.timeIntervalSince(now) - seconds * factor) < 0.001)
        }
    }

    @Test(arguments: [(1, 5.0), (2, 10.0), (3, 20.0), (4, 40.0), (5, 60.0), (50, 60.0)])
    func `A throttled message waits at most a minute`(_ attempt: Int, _ seconds: Double) {
        let next = RetryPolicy.next(.throttled(detail: ""), attempt: attempt, now: now, jitter: 0.5)
        #expect(next == .retry(.serviceUnreachable, at: now + seconds))
    }

    @Test(arguments: [
        (SendOutcome.accepted(ProviderReference(raw: "x")), RetryPolicy.Next.settle(.submitted)),
        (.refused(.undeliverable, detail: ""), .settle(.undeliverable)), (.unknown(detail: ""), .awaitEvidence),
    ])
    func `Accepted and refused settle, unknown waits for evidence`(_ outcome: SendOutcome, _ next: RetryPolicy.Next) {
        #expect(RetryPolicy.next(outcome, attempt: 1, now: now, jitter: 0) == next)
    }

    @Test func `A refused account is shown as refused and tried again`() {
        let next = RetryPolicy.next(.accountRefused(detail: ""), attempt: 1, now: now, jitter: 0.5)
        #expect(next == .retry(.providerRefused, at: now + 15))
    }

    @Test(arguments: [
        ("a@example.org", true), (" a@example.org ", true), ("anna.huber+x@sub.example.at", true), ("a@b.c", true),
        ("", false), ("a", false), ("a@", false), ("@b.at", false), ("a@b", false), ("a b@c.at", false),
        ("a@b..at", false), (".a@b.at", false), ("a.@b.at", false), ("a@-b.at", false), ("a@b-.at", false),
        ("a@b.at\nBcc: c@d.at", false), ("a@@b.at", false), ("a,b@c.at", false), ("<a@b.at>", false),
    ])
    func `An e-mail address is a dot-atom at a domain`(_ raw: String, _ isWellFormed: Bool) {
        #expect(((try? EmailAddress.parse(raw).get()) != nil) == isWellFormed)
    }

    @Test func `The parts of an address have their limits`() {
        let domain = "@" + String(repeating: "a.", count: 126) + "at"
        let local = String(repeating: "x", count: 64)
        #expect((try? EmailAddress.parse(local + domain).get()) != nil)
        #expect((try? EmailAddress.parse("x" + local + domain).get()) == nil)
        #expect((try? EmailAddress.parse(local + "@aa" + domain.dropFirst()).get()) == nil)
    }
}
