import Database
import Domain
import Foundation
import TestDatabase
import Testing

@testable import Storage

@Suite("Those who sign in")
struct UserTests {
    private func add(_ world: World, _ email: String, _ role: String = "admin") async throws -> User {
        let draft = UserDraft(name: "Frau " + email.prefix(1).uppercased(), email: email, role: role)
        return try await world.storage.users.create(
            world.practice.id,
            draft,
            password: "vier gute worte",
            now: world.now
        )
    }

    @Test func `The last admin is neither removed nor made less`() async throws {
        let world = try await World()
        let users = world.storage.users
        let anna = try await add(world, "anna@example.org")
        let staff = try await add(world, "staff@example.org", "staff")
        let lower: @Sendable (inout UserDraft) -> Void = { $0.role = "reader" }
        #expect(try await codes { try await users.remove(anna.id, world.practice.id) } == ["user field.invalid"])
        #expect(
            try await codes { _ = try await users.change(anna.id, world.practice.id, edit: lower) }
                == ["role field.invalid"]
        )
        let promoted = try await users.change(staff.id, world.practice.id, edit: { $0.role = "admin" })
        #expect(promoted.role == .admin)
        #expect(try await users.change(anna.id, world.practice.id, edit: lower).role == .reader)
        try await users.remove(anna.id, world.practice.id)
        #expect(try await users.all(world.practice.id).map(\.id) == [staff.id])
    }

    @Test func `Two admins who take the right from each other at once leave one`() async throws {
        let world = try await World()
        let users = world.storage.users
        let pair = [try await add(world, "a@example.org"), try await add(world, "b@example.org")]
        let refused = await withTaskGroup(of: Bool.self) { group in
            for user in pair {
                group.addTask {
                    do {
                        _ = try await users.change(user.id, world.practice.id, edit: { $0.role = "staff" })
                        return false
                    } catch { return error is ProblemList }
                }
            }
            return await group.reduce(into: 0) { count, isRefused in count += isRefused ? 1 : 0 }
        }
        #expect(refused == 1)
        #expect(try await users.all(world.practice.id).filter { $0.role == .admin }.count == 1)
    }

    @Test func `Another role or address ends the sessions, a name does not`() async throws {
        let world = try await World()
        _ = try await add(world, "admin@example.org")
        let user = try await add(world, "a@example.org", "staff")
        let (users, sessions) = (world.storage.users, world.storage.sessions)
        let own = try await world.open(user)
        let other = try await world.open(user)
        let link = try await world.storage.resets.open(user.id, now: world.now)
        func change(_ edit: @escaping @Sendable (inout UserDraft) -> Void) async throws -> [Bool] {
            _ = try await users.change(user.id, world.practice.id, keeping: own.token, edit: edit)
            var found: [Bool] = []
            for token in [own.token, other.token] {
                found.append(try await sessions.find(token, now: world.now) != nil)
            }
            return found + [try await world.storage.resets.find(link, now: world.now) != nil]
        }
        #expect(try await change { $0.name = "Anna" } == [true, true, true])
        #expect(try await change { $0.role = "reader" } == [true, false, true])
        #expect(try await change { $0.email = "Neu@Example.org" } == [true, false, false])
        #expect(try await users.find(email: "neu@example.org").name == "Anna")
        #expect(try await codes { _ = try await change { $0.email = "admin@example.org" } } == ["email email.taken"])
        await #expect(throws: StorageError.notFound) {
            _ = try await users.change(user.id, Practice.ID(99), edit: { $0.name = "" })
        }
    }

    @Test func `Who saves an account changes what they saw`() async throws {
        let world = try await World()
        let user = try await add(world, "a@example.org", "staff")
        let users = world.storage.users
        let demoted = try await users.change(
            user.id,
            world.practice.id,
            expecting: user.version,
            edit: { $0.role = "reader" }
        )
        #expect(demoted.version != user.version)
        await #expect(throws: StorageError.stale) {
            _ = try await users.change(user.id, world.practice.id, expecting: user.version, edit: { $0.name = "Anna" })
        }
        #expect(try await users.find(user.id, world.practice.id).role == .reader)
    }

    @Test func `A session ends seven days after it began, however it was used`() async throws {
        let world = try await World()
        let sessions = world.storage.sessions
        let opened = try await world.open(try await add(world, "a@example.org"))
        var time = 0.0
        while time < SessionStore.wholeSeconds - 40_000 {
            time += 40_000
            #expect(try await sessions.find(opened.token, now: world.now + time) != nil)
        }
        #expect(try await sessions.find(opened.token, now: world.now + SessionStore.wholeSeconds - 1) != nil)
        #expect(try await sessions.find(opened.token, now: world.now + SessionStore.wholeSeconds) == nil)
        #expect(try await sessions.dropEnded(at: world.now + SessionStore.wholeSeconds) == 1)
    }

    @Test func `One's sessions are listed with where they come from, and ended one by one or all others`() async throws
    {
        let world = try await World()
        let sessions = world.storage.sessions
        let user = try await add(world, "a@example.org")
        let stranger = try await add(world, "b@example.org")
        let own = try await world.open(user, address: "192.0.2.1", browser: "Firefox · Linux", now: world.now + 2)
        let second = try await world.open(user, address: "192.0.2.2", now: world.now + 1)
        let third = try await world.open(user)
        let listed = try await sessions.all(of: user.id, asking: own.token, now: world.now + 3)
        #expect(listed.map(\.address) == ["192.0.2.1", "192.0.2.2", ""])
        #expect(listed.map(\.isThis) == [true, false, false] && listed[0].browser == "Firefox · Linux")
        try await sessions.end(listed[1].name, of: stranger.id)
        #expect(try await sessions.find(second.token, now: world.now + 3) != nil)
        try await sessions.end(listed[1].name, of: user.id)
        #expect(try await sessions.find(second.token, now: world.now + 3) == nil)
        #expect(try await sessions.endAll(of: user.id, world.practice.id, keeping: own.token) == 1)
        #expect(try await sessions.find(third.token, now: world.now + 3) == nil)
        #expect(try await sessions.find(own.token, now: world.now + 3) != nil)
        #expect(try await world.storage.users.list(world.practice.id).map(\.seenAt) == [world.now, nil])
    }

    @Test func `A link sets a password once and within the hour, and ends everything that was open`() async throws {
        let world = try await World()
        let user = try await add(world, "a@example.org")
        let resets = world.storage.resets
        let session = try await world.open(user)
        let word = try await resets.open(user.id, now: world.now)
        let twin = try await resets.open(user.id, now: world.now)
        #expect(try await resets.find(word, now: world.now + 3_599) == user)
        #expect(try await resets.find(word, now: world.now + 3_600) == nil)
        #expect(
            try await codes { _ = try await resets.use(word, password: "kurz", now: world.now) } == [
                "password field.invalid"
            ]
        )
        #expect(try await resets.use(word, password: "ganz andere worte", now: world.now) == user)
        #expect(try await resets.use(word, password: "ganz andere worte", now: world.now) == nil)
        #expect(try await resets.find(twin, now: world.now) == nil)
        #expect(try await world.storage.sessions.find(session.token, now: world.now) == nil)
        #expect(try await world.matched("a@example.org", "ganz andere worte") == user)
        _ = try await resets.open(user.id, now: world.now)
        #expect(try await resets.dropEnded(at: world.now + 3_600) == 1)
    }

    @Test func `A sign-in with the old password does not outlast the new one`() async throws {
        let world = try await World()
        let user = try await add(world, "a@example.org")
        let (users, storage) = (world.storage.users, world.storage)
        guard case .matched(let old) = try await users.signIn(email: "a@example.org", password: "vier gute worte")
        else {
            Issue.record("the password is right")
            return
        }
        let new = try await users.setPassword(user.id, password: "ganz andere worte")
        #expect(try await storage.sessions.open(old, now: world.now) == nil)
        #expect(try await storage.secondSteps.open(old, now: world.now) == nil)
        #expect(try await storage.sessions.all(of: user.id, now: world.now).isEmpty)
        // Nor does a change that was begun with it.
        await #expect(throws: StorageError.stale) {
            try await users.setPassword(user.id, password: "noch einmal andere", replacing: old)
        }
        #expect(try await storage.sessions.open(new, now: world.now) != nil)
        #expect(try await world.matched("a@example.org", "ganz andere worte") == user)
    }

    @Test func `A new password or address takes back the letters that wait`() async throws {
        let world = try await World()
        let user = try await add(world, "a@example.org")
        func ask() async throws -> Letter? {
            _ = try await world.driver.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO letters (practice_id, kind, user_id, recipient, occasion, created_at, next_at, expires_at)
                    VALUES ($1, 'password_reset', $2, 'a@example.org', 'x', $3, $3, $4)
                    """,
                    world.practice.id.rawValue,
                    user.id.rawValue,
                    world.now.milliseconds,
                    (world.now + 3_600).milliseconds
                )
            }
            return try await world.storage.letters.take(now: world.now)
        }
        let first = try #require(try await ask())
        #expect(try await world.storage.resets.open(for: first, now: world.now) != nil)
        try await world.storage.users.setPassword(user.id, password: "ganz andere worte")
        #expect(try await world.storage.resets.open(for: first, now: world.now) == nil)
        #expect(try await world.count("SELECT COUNT(*) FROM letters") == 0)
        let second = try #require(try await ask())
        _ = try await world.storage.users.change(user.id, world.practice.id, edit: { $0.email = "neu@example.org" })
        #expect(try await world.storage.resets.open(for: second, now: world.now) == nil)
        #expect(try await world.count("SELECT COUNT(*) FROM password_resets") == 0)
    }

    @Test func `Who is invited has no password that anybody knows`() async throws {
        let world = try await World()
        let draft = UserDraft(email: "neu@example.org", role: "staff")
        let user = try await world.storage.users.create(world.practice.id, draft, password: nil, now: world.now)
        #expect(try await world.storage.users.signIn(email: "neu@example.org", password: "") == .wrong(user))
        #expect(try await !world.storage.letters.askPasswordReset(user, now: world.now))
        #expect(try await !world.storage.resets.isPossible(for: world.practice.id))
    }

    @Test func `A key's use is written at most every five minutes`() async throws {
        let world = try await World()
        let tokens = world.storage.tokens
        let secret = [UInt8](repeating: 9, count: 32)
        _ = try await tokens.create(world.practice.id, name: "k", scope: "read", secret: secret, now: world.now)
        let text = String(repeating: "09", count: 32)
        var seen: [Double?] = []
        for time in [0.0, 299, 300] {
            _ = try await tokens.find(text, now: world.now + time)
            seen.append(try await tokens.list(world.practice.id)[0].usedAt?.timeIntervalSince(world.now))
        }
        #expect(seen == [0, 0, 300])
    }

    @Test func `A crowd at the sign-in page is turned away before it takes every thread`() async throws {
        let work = PasswordWork(width: 1)
        let answers = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<PasswordWork.longestQueue + 8 {
                group.addTask { (try? await work.run { Thread.sleep(forTimeInterval: 0.01) }) != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(answers.filter(\.self).count >= PasswordWork.longestQueue && answers.contains(false))
    }
}
