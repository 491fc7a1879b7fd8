import Database
import Domain
import Foundation
import TestDatabase
import Testing

@testable import Storage

@Suite("The second factor")
struct SecondFactorTests {
    /// A practice's admin who has an app, and what the app knows.
    private struct Enrolled {
        let world: World
        let user: User
        let secret: [UInt8]
        let codes: [String]

        init() async throws {
            world = try await World()
            let user = try await world.storage.users.create(
                world.practice.id,
                email: "anna@example.org",
                role: "admin",
                password: "zehn zeichen",
                now: world.now
            )
            try await world.storage.secondFactor.begin(user.id, in: "own", now: world.now)
            let waiting = try #require(try await world.storage.secondFactor.waiting(user, in: "own", now: world.now))
            secret = try Self.decode(waiting.text)
            let first = OneTimeCode.code(secret, counter: OneTimeCode.step(at: world.now))
            let on = try await world.storage.secondFactor.confirm(user.id, in: "own", code: first, now: world.now)
            codes = try #require(on).recoveryCodes
            self.user = try await world.storage.users.find(user.id, world.practice.id)
        }

        func code(_ now: Date) -> String { OneTimeCode.code(secret, counter: OneTimeCode.step(at: now)) }

        func judge(_ code: String, _ word: String, now: Date) async throws -> SecondStepOutcome {
            try await world.storage.secondSteps.judge(word, code: code, now: now)
        }

        func open(_ now: Date) async throws -> String {
            try #require(try await world.storage.secondSteps.open(world.match(user), now: now))
        }

        func passed(codesLeft: Int? = nil) async throws -> SecondStepOutcome {
            .passed(try await world.match(user), codesLeft: codesLeft)
        }

        static func decode(_ base32: String) throws -> [UInt8] {
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
            let bits = try base32.flatMap { character in
                let value = try #require(alphabet.firstIndex(of: character))
                return (0..<5).map { value >> (4 - $0) & 1 }
            }
            return stride(from: 0, to: bits.count - 7, by: 8).map { start in
                bits[start..<start + 8].reduce(UInt8(0)) { $0 << 1 | UInt8($1) }
            }
        }
    }

    @Test func `It holds from its first code on, and its secret is kept encrypted`() async throws {
        let world = try await World()
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "a@example.org",
            role: "staff",
            password: "zehn zeichen",
            now: world.now
        )
        try await world.storage.secondFactor.begin(user.id, in: "own", now: world.now)
        let waiting = try #require(try await world.storage.secondFactor.waiting(user, in: "own", now: world.now))
        #expect(waiting.uri.hasPrefix("otpauth://totp/Vortag:a%40example%2Eorg?secret=\(waiting.text)&issuer=Vortag"))
        #expect(waiting.text.count == 32)
        #expect(try await world.storage.secondFactor.confirm(user.id, in: "own", code: "000000", now: world.now) == nil)
        #expect(try await world.storage.users.find(user.id, world.practice.id).secondFactorSince == nil)
        let kept = try await world.driver.read { try $0.query("SELECT totp_secret FROM users")[0].bytes(0) }
        #expect(Base32.encode(kept) != waiting.text && kept.count > 20)

        let enrolled = try await Enrolled()
        #expect(enrolled.user.secondFactorSince == enrolled.world.now)
        #expect(try await enrolled.world.storage.secondFactor.waiting(enrolled.user, in: "own", now: world.now) == nil)
        await #expect(throws: StorageError.stale) {
            try await enrolled.world.storage.secondFactor.begin(enrolled.user.id, in: "own", now: world.now)
        }
    }

    @Test func `A secret is shown and confirmed in the session that asked for it alone, for ten minutes`() async throws
    {
        let world = try await World()
        let draft = UserDraft(email: "a@example.org", role: "staff")
        let user = try await world.storage.users.create(world.practice.id, draft, password: nil, now: world.now)
        let factor = world.storage.secondFactor
        try await factor.begin(user.id, in: "own", now: world.now)
        #expect(try await factor.waiting(user, in: "own", now: world.now + 599) != nil)
        #expect(try await factor.waiting(user, in: "own", now: world.now + 600) == nil)
        #expect(try await factor.waiting(user, in: "found", now: world.now) == nil)
        for (session, now) in [("own", world.now + 600), ("found", world.now)] {
            await #expect(throws: StorageError.stale) {
                _ = try await factor.confirm(user.id, in: session, code: "000000", now: now)
            }
        }
    }

    @Test func `Switched on, it ends all sessions, and the password alone opens none that was begun before`()
        async throws
    {
        let world = try await World()
        let user = try await world.storage.users.create(
            world.practice.id,
            UserDraft(email: "a@example.org", role: "staff"),
            password: "vier gute worte",
            now: world.now
        )
        _ = try await world.open(user)
        let outcome = try await world.storage.users.signIn(email: "a@example.org", password: "vier gute worte")
        try await world.storage.secondFactor.begin(user.id, in: "own", now: world.now)
        let secret = try #require(try await world.storage.secondFactor.waiting(user, in: "own", now: world.now))
        let code = OneTimeCode.code(try Enrolled.decode(secret.text), counter: OneTimeCode.step(at: world.now))
        let on = try await world.storage.secondFactor.confirm(user.id, in: "own", code: code, now: world.now)
        #expect(try await world.storage.sessions.all(of: user.id, now: world.now).isEmpty)
        guard case .matched(let early) = outcome else {
            Issue.record("the password is right")
            return
        }
        #expect(try await world.storage.sessions.open(early, now: world.now) == nil)
        #expect(try await world.storage.sessions.open(try #require(on).match, now: world.now) != nil)
    }

    @Test func `Without a key there is none`() async throws {
        let world = try await World()
        let keyless = Storage(driver: world.driver, secrets: nil) { Array(repeating: 1, count: $0) }
        #expect(!keyless.secondFactor.isPossible)
        await #expect(throws: StorageError.wrongKey) {
            try await keyless.secondFactor.begin(User.ID(1), in: "own", now: world.now)
        }
    }

    @Test func `A code opens once, also for another sign-in`() async throws {
        let enrolled = try await Enrolled()
        let later = enrolled.world.now + 30
        let code = enrolled.code(later)
        let first = try await enrolled.open(later)
        let second = try await enrolled.open(later)
        #expect(try await enrolled.judge(code, first, now: later) == enrolled.passed())
        #expect(try await enrolled.judge(code, first, now: later) == .over(nil))
        #expect(try await enrolled.judge(code, second, now: later) == .wrong(enrolled.user, triesLeft: 4))
        // Nor does the code that switched it on.
        let third = try await enrolled.open(later)
        let switching = enrolled.code(enrolled.world.now)
        #expect(try await enrolled.judge(switching, third, now: later) == .wrong(enrolled.user, triesLeft: 4))
    }

    @Test func `After five wrong codes, or five minutes, the password is asked for again`() async throws {
        let enrolled = try await Enrolled()
        let now = enrolled.world.now + 60
        let word = try await enrolled.open(now)
        for left in [4, 3, 2, 1] {
            #expect(try await enrolled.judge("123 45", word, now: now) == .wrong(enrolled.user, triesLeft: left))
        }
        #expect(try await enrolled.judge("12345", word, now: now) == .over(enrolled.user))
        #expect(try await enrolled.judge(enrolled.code(now), word, now: now) == .over(nil))

        let late = try await enrolled.open(now)
        #expect(try await enrolled.world.storage.secondSteps.find(late, now: now + 299) == enrolled.user)
        #expect(try await enrolled.judge(enrolled.code(now + 300), late, now: now + 300) == .over(nil))
        #expect(try await enrolled.world.storage.secondSteps.find("other", now: now) == nil)
        _ = try await enrolled.open(now)
        #expect(try await enrolled.world.storage.secondSteps.dropEnded(at: now + 300) == 1)
    }

    @Test func `Each of ten recovery codes opens once, however it is typed`() async throws {
        let enrolled = try await Enrolled()
        let now = enrolled.world.now
        #expect(Set(enrolled.codes).count == 10 && enrolled.codes.allSatisfy { $0.count == 19 })
        let typed = " " + enrolled.codes[3].uppercased().replacing("-", with: " ")
        #expect(try await enrolled.judge(typed, enrolled.open(now), now: now) == enrolled.passed(codesLeft: 9))
        #expect(
            try await enrolled.judge(enrolled.codes[3], enrolled.open(now), now: now)
                == .wrong(enrolled.user, triesLeft: 4)
        )
        let stored = try await enrolled.world.driver.read { transaction in
            try transaction.query("SELECT code_hash FROM recovery_codes").map { try $0.bytes(0) }
        }
        #expect(stored.count == 9 && stored.allSatisfy { $0.count == 32 })
        let renewed = try await enrolled.world.storage.secondFactor.renewRecoveryCodes(enrolled.user.id)
        #expect(Set(renewed).isDisjoint(with: enrolled.codes))
        #expect(
            try await enrolled.judge(enrolled.codes[4], enrolled.open(now), now: now)
                == .wrong(enrolled.user, triesLeft: 4)
        )
    }

    @Test func `Switched off, it leaves nothing behind, and begun sign-ins end`() async throws {
        let enrolled = try await Enrolled()
        let now = enrolled.world.now + 30
        let word = try await enrolled.open(now)
        #expect(try await enrolled.world.storage.secondFactor.turnOff(enrolled.user.id, of: enrolled.world.practice.id))
        #expect(try await enrolled.judge(enrolled.code(now), word, now: now) == .over(nil))
        let left = try await enrolled.world.count(
            "SELECT (SELECT COUNT(*) FROM recovery_codes) + (SELECT COUNT(totp_secret) FROM users)"
        )
        #expect(left == 0)
        await #expect(throws: StorageError.stale) {
            _ = try await enrolled.world.storage.secondFactor.renewRecoveryCodes(enrolled.user.id)
        }
        await #expect(throws: StorageError.notFound) {
            try await enrolled.world.storage.secondFactor.turnOff(enrolled.user.id, of: Practice.ID(99))
        }
    }
}
