import Database
import Domain
import Foundation
import Storage
import TestDatabase
import Testing

struct AccessTests {
    @Test func `A user signs in with the right password only`() async throws {
        let world = try await World()
        let users = world.storage.users
        let user = try await users.create(
            world.practice.id,
            email: "Anna@Example.org",
            role: "admin",
            password: "zehn zeichen",
            now: world.now
        )
        #expect(try await world.matched(" anna@example.org", "zehn zeichen") == user)
        #expect(try await users.signIn(email: "anna@example.org", password: "zehn zeicheN") == .wrong(user))
        #expect(try await users.signIn(email: "nobody@example.org", password: "zehn zeichen") == .wrong(nil))
        #expect(
            try await codes {
                _ = try await users.create(
                    world.practice.id,
                    email: "anna@example.org",
                    role: "staff",
                    password: "zehn zeichen",
                    now: world.now
                )
            } == ["email email.taken"]
        )
        #expect(
            try await codes {
                _ = try await users.create(
                    world.practice.id,
                    email: "x",
                    role: "boss",
                    password: "kurz",
                    now: world.now
                )
            } == ["role field.invalid", "email email.invalid", "password field.invalid"]
        )
    }

    @Test func `A session ends twelve hours after its last use, and with a new password`() async throws {
        let world = try await World()
        let user = try await world.storage.users.create(
            world.practice.id,
            email: "a@example.org",
            role: "staff",
            password: "zehn zeichen",
            now: world.now
        )
        let sessions = world.storage.sessions
        let opened = try await world.open(user)
        let found = try #require(try await sessions.find(opened.token, now: world.now + 43_199))
        #expect(found.user == user && found.csrf == opened.csrf)
        #expect(try await sessions.find(opened.token, now: world.now + 80_000) != nil)
        #expect(try await sessions.find(opened.token, now: world.now + 80_000 + 43_200) == nil)
        #expect(try await sessions.find("other", now: world.now) == nil)
        try await world.storage.users.setPassword(user.id, password: "elf zeichen!")
        #expect(try await sessions.find(opened.token, now: world.now) == nil)
        #expect(try await world.matched("a@example.org", "elf zeichen!") == user)
    }

    @Test func `A token is found in both spellings until it is revoked`() async throws {
        let world = try await World()
        let secret = (0..<32).map { UInt8($0 * 7 % 251) }
        let tokens = world.storage.tokens
        let token = try await tokens.create(
            world.practice.id,
            name: "Kalender",
            scope: "write",
            secret: secret,
            now: world.now
        )
        let hex = secret.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let url = Data(secret).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
        #expect(try await tokens.find(hex, now: world.now) == token)
        #expect(try await tokens.find(url, now: world.now) == token)
        #expect(try await tokens.find(hex + "00", now: world.now) == nil)
        try await tokens.revoke(token.id, world.practice.id, now: world.now)
        #expect(try await tokens.find(hex, now: world.now) == nil)
        #expect(try await tokens.all(world.practice.id).isEmpty)
    }

    @Test func `A repeated request is remembered, another one under its key is refused`() async throws {
        let world = try await World()
        let requests = world.storage.requests
        let answer = StoredAnswer(status: 201, body: [1, 2], etag: "\"1\"")
        #expect(try await requests.remembered(world.practice.id, key: "k", fingerprint: "f") == nil)
        try await requests.remember(world.practice.id, key: "k", fingerprint: "f", answer: answer, now: world.now)
        #expect(try await requests.remembered(world.practice.id, key: "k", fingerprint: "f") == answer)
        #expect(
            try await codes {
                _ = try await requests.remembered(world.practice.id, key: "k", fingerprint: "g")
            } == ["Idempotency-Key field.invalid"]
        )
        #expect(try await requests.drop(before: world.now + 1) == 1)
    }

    @Test func `A provider's secret is encrypted, and another key is told from it`() async throws {
        let world = try await World()
        let provider = try await world.storage.providers.add(
            ProviderDraft(
                name: "smsc",
                kind: "smpp",
                url: "smpp://localhost:2775",
                user: "u",
                secret: "geheim",
                options: ["window": "64", "bind": "pair"]
            ),
            practice: world.practice.id,
            now: world.now
        )
        #expect(provider.options == ["window": "64", "bind": "pair"])
        #expect(try await world.storage.providers.secret(of: provider.id) == "geheim")
        #expect(try await world.storage.providers.forPractice(world.practice.id) == [provider])
        let stored = try await world.driver.read { try $0.query("SELECT secret FROM providers")[0].bytes(0) }
        #expect(!String(decoding: stored, as: UTF8.self).contains("geheim"))

        let other = World.storage(world.driver, key: 8)
        #expect(try await other.holdsSecrets())
        await #expect(throws: StorageError.wrongKey) { try await other.checkKey() }
        await #expect(throws: StorageError.wrongKey) { _ = try await other.providers.secret(of: provider.id) }
        await #expect(throws: StorageError.wrongKey) {
            _ = try await other.providers.add(ProviderDraft(name: "b", kind: "simulator", secret: "x"), now: world.now)
        }
        try await world.storage.checkKey()
    }

    @Test(arguments: [
        ("smpp", "http://x", "url field.invalid"), ("smpp", "", "url field.required"),
        ("seven", "http://example.org", "url field.invalid"), ("fax", "", "kind field.invalid"),
        ("http", "ftp://x", "url field.invalid"),
    ])
    func `A provider needs an address that its kind speaks`(_ kind: String, _ url: String, _ expected: String)
        async throws
    {
        let world = try await World()
        #expect(
            try await codes {
                _ = try await world.storage.providers.add(
                    ProviderDraft(name: "p", kind: kind, url: url),
                    now: world.now
                )
            } == [expected]
        )
    }

    @Test func `The words of the tables are those of the enumerations`() async throws {
        let world = try await World()
        let schema = try await world.driver.read { transaction in
            try transaction.query(
                TestDatabase.engine == .sqlite
                    ? "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"
                    : """
                    SELECT pg_get_constraintdef(oid) FROM pg_constraint
                    WHERE connamespace = CAST(current_schema() AS regnamespace)
                    """
            ).map { try $0.text(0) }
        }.joined(separator: "\n")
            // As PostgreSQL spells a list.
            .replacing("::text", with: "").replacing("= ANY (ARRAY[", with: "IN (").replacing("])", with: ")")
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let lists: [[String]] = [
            Appointment.Status.allCases.map(\.rawValue), ReminderKind.allCases.map(\.rawValue),
            Consent.allCases.map(\.rawValue), Channel.allCases.map(\.rawValue), Reminder.State.allCases.map(\.rawValue),
            Reminder.Purpose.allCases.map(\.rawValue), SkipReason.allCases.map(\.rawValue),
            Provider.Kind.allCases.map(\.rawValue), User.Role.allCases.map(\.rawValue),
            AccessToken.Scope.allCases.map(\.rawValue), Language.allCases.map(\.rawValue),
            SendTime.allCases.map(\.rawValue), MessageStatus.allCases.map(\.rawValue),
            AttemptLine.Outcome.allCases.map(\.rawValue), BounceReason.allCases.map(\.rawValue),
            MailCopy.allCases.map(\.rawValue), Trial.Step.allCases.map(\.rawValue),
            AuditEntry.Deed.allCases.map(\.rawValue), AuditEntry.Subject.allCases.map(\.rawValue),
            AuditEntry.Detail.allCases.map(\.rawValue),
            LinkAnswer.Kind.allCases.map(\.rawValue),
        ]
        let found = Set(
            schema.matches(of: /IN \(('[^)]*')\)/).map { match in
                match.output.1.split(separator: ",").map { $0.filter { $0 != "'" && $0 != " " } }.sorted()
            }
        )
        for words in lists { #expect(found.contains(words.sorted()), "\(words)") }
    }
}
