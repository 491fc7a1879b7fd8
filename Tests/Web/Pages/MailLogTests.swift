import Domain
import Foundation
import Storage
import Testing

@testable import Web

@Suite("What pages say of e-mails")
struct MailLogTests {
    private func message(
        _ status: MessageStatus?,
        by channel: Channel = .email,
        bounce: BounceReason? = nil,
        unclear: Bool = false
    ) -> Message {
        let at = Date(timeIntervalSince1970: 1_804_744_800)
        var message = Message(
            id: .init(1),
            practiceID: .init(1),
            channel: channel,
            recipient: "anna@example.org",
            sender: "praxis@example.at",
            text: "Guten Tag",
            segments: 1,
            state: Message.State(status: status, unclear: unclear),
            submittedAt: status == .submitted || status == .bounced || status == .delivered ? at : nil,
            deliveredAt: status == .delivered ? at : nil,
            attempts: 1,
            providerID: nil,
            providerMessageID: nil,
            possiblyTwice: false,
            createdAt: at
        )
        message.bounce = bounce
        return message
    }

    private func drawing(_ message: Message) throws -> WayDrawing {
        WayDrawing(message, zone: try #require(TimeZone(identifier: "Europe/Vienna")), try RealResources.words())
    }

    @Test("Each reason has its words, its sentence and what to do", arguments: BounceReason.allCases, Language.allCases)
    func reasons(reason: BounceReason, language: Language) throws {
        let words = try RealResources.words(language)
        for part in ["word", "sentence", "advice"] {
            let key = "bounce.\(reason.rawValue).\(part)"
            #expect(words.catalogue.has(key), "\(key)")
            #expect(words(key).hasSuffix(".") == (part != "word"))
        }
    }

    @Test("No status of an e-mail is told in the words of SMS", arguments: MessageStatus.all(of: .email))
    func statuses(status: MessageStatus) throws {
        let words = try RealResources.words()
        let sentence = words.catalogue.status(status, .email, .german)
        #expect(sentence.contains("Mail") && !sentence.contains("SMS"))
        #expect(sentence == MessageView.status(message(status), words))
        #expect(MessageAdvice.sentence(message(status), words)?.contains("SMS") == false)
    }

    @Test("An e-mail is never delivered: neither the log nor the help offers it")
    func neverDelivered() {
        #expect(!MessageStatus.all(of: .email).contains(.delivered))
        #expect(MessageStatus.all(of: .sms).count == 8 && !MessageStatus.all(of: .sms).contains(.bounced))
        #expect(MessageStatus.all(of: nil).count == 9)
    }

    @Test("An e-mail's way ends at the mail server, except where it came back")
    func way() throws {
        let submitted = try drawing(message(.submitted))
        #expect(submitted.stops.map(\.name) == ["Vortag", "Postfach der Praxis"])
        #expect(submitted.first == .done && submitted.second == .open)
        let bounced = try drawing(message(.bounced, bounce: .mailboxFull))
        #expect(bounced.stops.map(\.name) == ["Vortag", "Postfach der Praxis", "Patient:in"])
        #expect(bounced.stops.last?.detail == "Postfach voll" && bounced.second == .failed)
        let refused = try drawing(message(.providerRefused))
        #expect(refused.first == .failed && refused.stops.count == 2)
        let sms = try drawing(message(.submitted, by: .sms))
        #expect(sms.stops.count == 3 && sms.stops.last?.detail == "offen")
    }

    @Test("What is under way or unclear gives no advice; an e-mail that was handed over says that nobody tells more")
    func advice() throws {
        let words = try RealResources.words()
        #expect(MessageAdvice.sentence(message(nil), words) == nil)
        #expect(MessageAdvice.sentence(message(.submitted, unclear: true), words) == nil)
        #expect(MessageAdvice.sentence(message(.submitted), words)?.contains("meldet niemand") == true)
        #expect(MessageAdvice.sentence(message(.submitted, by: .sms), words) == nil)
        #expect(
            MessageAdvice.sentence(message(.bounced), words) == words("bounce.other.sentence") + " "
                + words("bounce.other.advice")
        )
    }

    @Test(
        "Who is not signed in reads the language that the browser asks for",
        arguments: [
            ("", Language.german), ("en", .english), ("de-AT,de;q=0.9,en;q=0.8", .german), ("EN-us", .english),
            ("fr,en;q=0.5,de;q=0.4", .english), ("de;q=0.1, en;q=0.9", .english), ("fr", .german), ("en;q=0", .german),
            ("en;q=x", .german), (";;,,", .german), ("english", .german),
        ]
    )
    func language(header: String, expected: Language) { #expect(PreferredLanguage.of(header) == expected) }

    @Test("Whoever tries words that name nothing has to wait, for a minute, and nobody else has")
    func brake() async {
        let brake = WordBrake(capacity: 2)
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        for _ in 0..<WordBrake.free {
            #expect(await !brake.isHeld("a", now: now))
            await brake.missed("a", now: now)
        }
        #expect(await brake.isHeld("a", now: now + 59))
        #expect(await !brake.isHeld("b", now: now))
        #expect(await !brake.isHeld("a", now: now + 60))
        await brake.missed("b", now: now)
        for _ in 0...WordBrake.free { await brake.missed("c", now: now) }
        // Where there is no more room, whoever missed least is forgotten.
        #expect(await brake.isHeld("c", now: now))
        #expect(await brake.isHeld("a", now: now))
    }

    @Test(
        "Only what could be a word is looked up",
        arguments: [
            (String(repeating: "a", count: 32), true), (String(repeating: "A", count: 15) + "-_9", true), ("", false),
            (String(repeating: "a", count: 15), false), (String(repeating: "a", count: 129), false),
            (String(repeating: "\u{E4}", count: 20), false), ("aaaaaaaaaaaaaaaaaaaa/", false),
            ("aaaaaaaaaaaaaaaaaaaa%27", false),
        ]
    )
    func words(text: String, isOne: Bool) { #expect(UnsubscribePage.isWord(text) == isOne) }
}
