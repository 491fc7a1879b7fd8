import Domain
import Foundation
import Hummingbird
import Storage

/// The token of a request (RFC 6750 §2.1).
enum Bearer {
    /// - Throws: ``Problem`` with status 401 where no valid token came.
    static func token(_ headers: HTTPFields, _ storage: Storage, now: Date) async throws -> AccessToken {
        guard let secret = secret(headers) else { throw Problem.unauthorized(tokenCame: false) }
        guard let token = try await storage.tokens.find(secret, now: now) else {
            throw Problem.unauthorized(tokenCame: true)
        }
        return token
    }

    /// The name of the scheme may be written in any case (RFC 9110 §11.1).
    private static func secret(_ headers: HTTPFields) -> String? {
        guard let value = headers[.authorization] else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
