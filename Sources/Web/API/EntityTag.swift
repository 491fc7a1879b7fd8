import Domain

/// The tag of a version (RFC 9110 §8.8.3): its number between quotation marks, and behind a hyphen what a representation
/// shows that can change without a new version.
enum EntityTag {
    static func of(_ version: Int64, _ standing: String? = nil) -> String {
        "\"\(version)" + (standing.map { "-" + $0 } ?? "") + "\""
    }

    /// What a change may expect to find, from If-Match (RFC 9110 §13.1.1).
    enum Expectation: Hashable, Sendable {
        /// No condition, or `*`.
        case anything
        case versions([Int64])

        /// The version to hand to the storage; `current` is asked only where several are allowed.
        func version(current: () async throws -> Int64) async throws -> Int64? {
            switch self {
            case .anything: return nil
            case .versions(let allowed) where allowed.count == 1: return allowed[0]
            case .versions(let allowed):
                let found = try await current()
                return allowed.contains(found) ? found : never
            }
        }
    }

    /// No record ever has this version: what is found is stale.
    static let never: Int64 = -1

    /// Weak tags and foreign ones match nothing: If-Match compares strongly (RFC 9110 §8.8.3.2).
    static func expectation(ifMatch values: [String]) -> Expectation {
        let tags = tags(values)
        if tags.isEmpty || tags.contains("*") { return .anything }
        return .versions(tags.map { version(of: $0) ?? never })
    }

    /// Whether the caller has the version already (RFC 9110 §13.1.2; compared weakly).
    static func isKnown(_ tag: String, ifNoneMatch values: [String]) -> Bool {
        let tags = tags(values)
        return tags.contains("*") || tags.contains { $0 == tag || $0 == "W/" + tag }
    }

    private static func tags(_ values: [String]) -> [String] {
        values.flatMap { $0.split(separator: ",") }.map { String($0).trimmingWhitespace() }.filter { !$0.isEmpty }
    }

    private static func version(of tag: String) -> Int64? {
        guard tag.count > 2, tag.hasPrefix("\""), tag.hasSuffix("\"") else { return nil }
        return Int64(tag.dropFirst().dropLast().prefix { $0 != "-" })
    }
}
