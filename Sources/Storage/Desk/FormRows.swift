import Crypto
import Database
import Domain
import Foundation

/// Which opened form was sent, and with what in it: sent once more, it makes nothing once more.
public struct FormKey: Hashable, Sendable {
    let text: String

    /// - Parameters:
    ///   - word: what only this opening of the form carries; without one there is no key.
    ///   - inputs: what was written into it. The same form with something else in it is another wish.
    public init?(word: String, _ inputs: [String]) {
        guard !word.isEmpty else { return nil }
        var hash = SHA256()
        for part in [word] + inputs { hash.update(data: Array(part.utf8) + [0]) }
        // No caller of the interface names a request so, since nobody knows the word.
        text = "form " + hash.finalize().map { String($0, radix: 16) }.joined(separator: "-")
    }
}

/// How a person sent the form of somebody or something new.
public struct SentForm: Sendable {
    /// nil: it is taken as often as it comes.
    let key: FormKey?
    /// Whom the person was shown as perhaps the same.
    let seen: Set<String>
    /// Whether a number alone does not make anybody the same.
    let byNameOnly: Bool

    /// - Parameter seen: ids of patients.
    public init(key: FormKey?, seen: Set<String>, byNameOnly: Bool = false) {
        self.key = key
        self.seen = seen
        self.byNameOnly = byNameOnly
    }

    /// - Throws: ``UnseenLookalikes``
    func check(_ found: [Lookalike]) throws {
        let unseen = found.filter { !byNameOnly || $0.hasSameName }
            .filter { !seen.contains($0.patient.id.description) }
        if !unseen.isEmpty { throw UnseenLookalikes(found: unseen) }
    }
}

/// Others who may be the new patient, and whom the person has not been shown yet.
public struct UnseenLookalikes: Error, Sendable {
    public let found: [Lookalike]
}

/// What sent forms made, kept among the remembered requests and as long as those.
enum FormRows {
    /// Ids of what the form made when it came before; empty where it did not come.
    static func made(by key: FormKey?, _ practice: Practice.ID, in transaction: Transaction) throws -> [Int64] {
        guard let key else { return [] }
        let row = try transaction.first(
            "SELECT body FROM requests WHERE practice_id = $1 AND request_key = $2",
            practice.rawValue,
            key.text
        )
        let text = String(decoding: try row?.bytes(0) ?? [], as: UTF8.self)
        return text.split(separator: " ").compactMap { Int64($0) }
    }

    static func note(
        _ ids: [Int64],
        by key: FormKey?,
        _ practice: Practice.ID,
        now: Date,
        in transaction: Transaction
    ) throws {
        guard let key else { return }
        try transaction.execute(
            """
            INSERT INTO requests (practice_id, request_key, fingerprint, status, body, created_at)
            VALUES ($1, $2, '', 303, $3, $4)
            ON CONFLICT (practice_id, request_key) DO UPDATE SET body = excluded.body, created_at = excluded.created_at
            """,
            practice.rawValue,
            key.text,
            Array(ids.map(String.init).joined(separator: " ").utf8),
            now.milliseconds
        )
    }
}

extension StorageError {
    /// nil for what is not there.
    static func orNil<Found>(_ find: () throws -> Found) throws -> Found? {
        do {
            return try find()
        } catch Self.notFound {
            return nil
        }
    }
}
