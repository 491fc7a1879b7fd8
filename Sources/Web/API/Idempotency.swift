import Crypto
import Domain
import Hummingbird
import Storage

/// The name that a caller gave a POST, so that sending it twice does it once
/// (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey: Sendable {
    static let field = "Idempotency-Key"

    let value: String

    /// nil where the caller sent none.
    ///
    /// - Throws: ``ProblemList`` where it is longer than 255 characters.
    init?(_ headers: HTTPFields) throws {
        guard let text = headers.first(where: { $0.name.canonicalName == Self.field.lowercased() })?.value,
            !text.isEmpty
        else { return nil }
        guard text.count <= 255 else {
            throw ProblemList(FieldProblem(Self.field, .fieldTooLong, ["maximum": "255"]))
        }
        value = text
    }

    /// Tells one request from another.
    func fingerprint(path: String, body: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(data: Array(path.utf8) + [0])
        hash.update(data: body)
        return hash.finalize().map { String($0, radix: 16) }.joined(separator: "-")
    }
}

/// Lets requests of the same key pass one after the other, so that two that come together are not both carried out.
actor IdempotencyGate {
    private struct Name: Hashable {
        let key: String
        let practice: Practice.ID
    }

    private var busy: Set<Name> = []
    private var waiting: [Name: [CheckedContinuation<Void, Never>]] = [:]

    /// Runs the work when nothing else of this key is running.
    func alone<Result: Sendable>(
        _ key: String,
        _ practice: Practice.ID,
        _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        let name = Name(key: key, practice: practice)
        await enter(name)
        defer { leave(name) }
        return try await work()
    }

    private func enter(_ name: Name) async {
        if busy.insert(name).inserted { return }
        // Needs no handler for cancellation: the one before leaves in any case, and then it is this one's turn.
        await withCheckedContinuation { waiting[name, default: []].append($0) }
    }

    private func leave(_ name: Name) {
        guard var queue = waiting[name], !queue.isEmpty else {
            waiting[name] = nil
            busy.remove(name)
            return
        }
        let next = queue.removeFirst()
        waiting[name] = queue
        next.resume()
    }
}
