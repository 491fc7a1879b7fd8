import Foundation

/// A mail server that misbehaves as it is told to: Tests/Peers/odd_smtp.py.
public struct OddMailServer: Sendable {
    public static let user = "anna@example.at"
    public static let word = "open sesame"

    private let peer: TestPeer
    /// Where its certificates are; nil without TLS.
    private let folder: String?

    public init(_ arguments: [String] = []) async throws {
        peer = try await TestPeer("odd_smtp.py", arguments)
        folder =
            arguments.contains("--certificate")
            ? await peer.next().flatMap { $0.split(separator: " ").last.map(String.init) } : nil
    }

    public struct Event: Decodable, Sendable {
        public var event: String
        public var connection: Int
        public var line: String?
        public var by: String?
        public var from: String?
        public var to: [String]?
        public var options: [String]?
        public var body: String?
    }

    public var port: Int { peer.port }

    /// The file of one of its certificates.
    public func certificate(_ name: String) -> String? { folder.map { $0 + "/" + name + ".pem" } }

    public func next() async throws -> Event {
        guard let line = await peer.next() else { throw TestPeer.Missing(description: "the mail server has ended") }
        return try JSONDecoder().decode(Event.self, from: Data(line.utf8))
    }

    /// All that happens up to the end of a connection.
    public func events(untilEndOf connection: Int) async throws -> [Event] {
        var all: [Event] = []
        while all.last?.event != "end" || all.last?.connection != connection { all.append(try await next()) }
        return all
    }
}
