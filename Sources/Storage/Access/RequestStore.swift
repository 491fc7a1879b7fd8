import Database
import Domain
import Foundation

/// What was answered to a request, kept so that its repetition gets the same.
public struct StoredAnswer: Hashable, Sendable {
    public let status: Int
    public let body: [UInt8]
    public let etag: String?

    /// What remains of a body once somebody's data were erased: an object without a word in it.
    static let erasedBody = Array("{}".utf8)

    public init(status: Int, body: [UInt8], etag: String?) {
        self.status = status
        self.body = body
        self.etag = etag
    }
}

/// Requests with an Idempotency-Key, and their answers.
public struct RequestStore: Sendable {
    let driver: any SQLDriver

    /// The answer to an earlier request with this key, or nil.
    ///
    /// - Throws: `field.invalid` on `Idempotency-Key` where the key was used for another request.
    public func remembered(_ practice: Practice.ID, key: String, fingerprint: String) async throws -> StoredAnswer? {
        try await driver.read { transaction in
            let row = try transaction.first(
                "SELECT fingerprint, status, body, etag FROM requests WHERE practice_id = $1 AND request_key = $2",
                practice.rawValue,
                key
            )
            guard let row else { return nil }
            guard try row.text(0) == fingerprint else {
                throw ProblemList(FieldProblem("Idempotency-Key", .fieldInvalid))
            }
            return StoredAnswer(
                status: Int(try row.integer(1)),
                body: try row.bytes(2),
                etag: try row.optionalText(3)
            )
        }
    }

    /// Keeps an answer; the first one under a key stays.
    public func remember(
        _ practice: Practice.ID,
        key: String,
        fingerprint: String,
        answer: StoredAnswer,
        now: Date
    ) async throws {
        _ = try await driver.write { transaction in
            try transaction.execute(
                """
                INSERT INTO requests (practice_id, request_key, fingerprint, status, body, etag, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7)
                ON CONFLICT (practice_id, request_key) DO NOTHING
                """,
                practice.rawValue,
                key,
                fingerprint,
                answer.status,
                answer.body,
                answer.etag,
                now.milliseconds
            )
        }
    }

    /// Forgets answers that are older; tells how many.
    @discardableResult
    public func drop(before instant: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute("DELETE FROM requests WHERE created_at < $1", instant.milliseconds)
        }
    }
}
