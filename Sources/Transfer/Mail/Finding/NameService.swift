import CResolver
import Foundation

/// Asks name servers for records that tell of a domain's mail. What they say is not authenticated: it is good for a
/// proposal, and a server that it names must still prove its name by a certificate.
public struct NameService: Sendable {
    /// Where a service is offered (RFC 2782).
    public struct Place: Hashable, Sendable {
        /// In lower case, without a dot at its end; empty where the domain says that it does not offer the service.
        public let host: String
        public let port: Int
    }

    /// Records read of one answer.
    private static let most = 32
    /// Seconds for one question to one server.
    private static let patience: Int32 = 2

    private let server: String?
    private let port: UInt16

    /// - Parameters:
    ///   - server: an IPv4 address; nil for those that the system asks.
    ///   - port: of that server.
    public init(server: String? = nil, port: Int = 53) {
        self.server = server
        self.port = UInt16(clamping: port)
    }

    /// Where a service such as `_imaps._tcp` is offered, the preferred place first: by priority and, unlike RFC 2782 for
    /// a crowd of clients, by the greatest weight. nil where nobody answered.
    public func places(of service: String, in domain: String) async -> [Place]? {
        guard let records = await ask("\(service).\(domain)", vortag_resolver_srv) else { return nil }
        return records.sorted { ($0.priority, $1.weight) < ($1.priority, $0.weight) }
            .map { Place(host: $0.host, port: Int($0.port)) }
    }

    /// The hosts that take a domain's mail, the preferred one first; nil where nobody answered.
    public func mailExchangers(of domain: String) async -> [String]? {
        guard let records = await ask(domain, vortag_resolver_mx) else { return nil }
        return records.sorted { $0.priority < $1.priority }.map(\.host).filter { !$0.isEmpty }
    }

    private struct Record: Sendable {
        let priority: UInt16
        let weight: UInt16
        let port: UInt16
        let host: String
    }

    /// On a thread of its own: the C library blocks, for some seconds at most.
    private func ask(_ name: String, _ kind: Int) async -> [Record]? {
        guard Self.isHostName(name) else { return [] }
        let (server, port) = (server, port)
        return await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: Self.ask(name, kind, server, port)) }
        }
    }

    private static func ask(_ name: String, _ kind: Int, _ server: String?, _ port: UInt16) -> [Record]? {
        var records = [vortag_record](repeating: vortag_record(), count: most)
        let count = vortag_resolver_ask(name, Int32(kind), server, port, patience, &records, Int32(most))
        guard count >= 0 else { return nil }
        return records.prefix(Int(count)).compactMap { record in
            let target = withUnsafeBytes(of: record.target) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self).lowercased()
            }
            guard target.isEmpty || target == "." || isHostName(target) else { return nil }
            let host = target == "." ? "" : target
            return Record(priority: record.priority, weight: record.weight, port: record.port, host: host)
        }
    }

    /// Letters, digits, hyphens and underscores between dots (RFC 1123 §2.1, RFC 2782).
    static func isHostName(_ name: String) -> Bool {
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        return name.utf8.count <= 253
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy {
                        ("a"..."z").contains(UnicodeScalar($0)) || ("A"..."Z").contains(UnicodeScalar($0))
                            || ("0"..."9").contains(UnicodeScalar($0)) || $0 == UInt8(ascii: "-")
                            || $0 == UInt8(ascii: "_")
                    }
            }
    }
}
