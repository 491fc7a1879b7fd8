import Database
import Domain
import Foundation

@testable import Storage

extension World {
    /// As whoever entered the right password just now, and whatever else is asked for.
    func match(_ user: User) async throws -> PasswordMatch {
        try await driver.read { try PasswordMatch.find(user.id, isWhole: true, in: $0) }
    }

    func open(
        _ user: User,
        address: String = "",
        browser: String = "",
        now: Date? = nil
    ) async throws -> SessionOpened {
        let match = try await match(user)
        let opened = try await storage.sessions.open(
            match,
            address: address,
            browser: browser,
            now: now ?? self.now
        )
        guard let opened else { throw StorageError.stale }
        return opened
    }

    /// Who signs in with these, the code aside; nil where nobody does.
    func matched(_ email: String, _ password: String) async throws -> User? {
        guard case .matched(let match) = try await storage.users.signIn(email: email, password: password) else {
            return nil
        }
        return match.user
    }
}
