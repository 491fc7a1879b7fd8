import Foundation

/// Postfix and Dovecot on loopback ports (Tests/Peers/mail_server.py). Ends with this object.
public final class PostOffice: Sendable {
    /// Whether both can run here. Where they cannot, tests are to be skipped by `.enabled(if:)`, so that the run says so.
    public static let isPossible =
        geteuid() == 0
        && ["/usr/lib/postfix/sbin/master", "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"]
            .allSatisfy(FileManager.default.isExecutableFile(atPath:))

    /// A message as it lies in a folder.
    public struct Stored: Decodable, Hashable, Sendable {
        public let uid: UInt32
        public let flags: [String]
        /// INTERNALDATE, as IMAP writes it.
        public let date: String
        /// Octets as Latin-1; nil unless they were asked for.
        public let bytes: String?
    }

    /// What the script says of itself once both servers listen.
    private struct Ready: Decodable {
        let folder: String
        let ca: String
        let password: String
        let users: [String]
        let ports: [String: Int]
    }

    private struct Answer: Decodable {
        let event: String
        let what: String?
        let messages: [Stored]?
        let folders: [String]?
    }

    /// A file of certificates: issued by these is what the servers show, for `localhost`.
    public let authorities: String
    public let folder: String
    public let password: String
    /// Addresses with a mailbox; the first is the practice's.
    public let users: [String]
    private let ports: [String: Int]
    private let peer: TestPeer
    private let turn = OneByOne()

    /// - Parameter options: as the script's `--help` names them.
    /// - Throws: ``TestPeer/Missing``
    public convenience init(_ options: String...) async throws { try await self.init(options) }

    public init(_ options: [String]) async throws {
        peer = try await TestPeer("mail_server.py", options)
        guard let line = await peer.next(), let ready = try? JSONDecoder().decode(Ready.self, from: Data(line.utf8))
        else {
            throw TestPeer.Missing(description: "Tests/Peers/mail_server.py did not start both servers.")
        }
        (authorities, folder, password) = (ready.ca, ready.folder, ready.password)
        (users, ports) = (ready.users, ready.ports)
    }

    public var practice: String { users[0] }

    /// No TLS, and no sign-in demanded.
    public var smtp: String { "smtp://localhost:\(ports["smtp"] ?? 0)" }
    /// STARTTLS and a sign-in are demanded.
    public var submission: String { "smtp://localhost:\(ports["submission"] ?? 0)" }
    public var smtps: String { "smtps://localhost:\(ports["smtps"] ?? 0)" }
    public var imap: String { "imap://localhost:\(ports["imap"] ?? 0)" }
    public var imaps: String { "imaps://localhost:\(ports["imaps"] ?? 0)" }

    /// What lies in a folder; nil where there is no such folder. Looking changes nothing.
    public func messages(of user: String, in folder: String, bodies: Bool = false) async throws -> [Stored]? {
        try await order(["do": "list", "user": user, "folder": folder, "bodies": bodies]).messages
    }

    public func folders(of user: String) async throws -> [String] {
        try await order(["do": "folders", "user": user]).folders ?? []
    }

    /// Puts the same message into a folder so many times.
    public func append(
        _ text: String,
        to folder: String = "INBOX",
        of user: String,
        count: Int = 1,
        flags: String = ""
    ) async throws {
        _ = try await order([
            "do": "append", "user": user, "folder": folder, "text": text, "count": count, "flags": flags,
        ])
    }

    /// Any IMAP command of one line.
    public func command(_ words: String..., by user: String) async throws {
        _ = try await order(["do": "imap", "user": user, "command": words])
    }

    /// Gives a folder another UIDVALIDITY.
    public func renew(_ folder: String = "INBOX", of user: String, validity: Int) async throws {
        _ = try await order(["do": "renew", "user": user, "folder": folder, "validity": validity])
    }

    /// - Parameter part: `postfix` or `dovecot`.
    public func stop(_ part: String) async throws { _ = try await order(["do": "stop", "part": part]) }

    /// On the same ports as before.
    public func start(_ part: String) async throws { _ = try await order(["do": "start", "part": part]) }

    private func order(_ order: [String: any Sendable]) async throws -> Answer {
        let line = try JSONSerialization.data(withJSONObject: order)
        return try await turn.take { [peer] in
            try peer.say(String(decoding: line, as: UTF8.self))
            guard let line = await peer.next() else {
                throw TestPeer.Missing(description: "Tests/Peers/mail_server.py has ended.")
            }
            let answer = try JSONDecoder().decode(Answer.self, from: Data(line.utf8))
            guard answer.event == "done" else { throw TestPeer.Missing(description: answer.what ?? line) }
            return answer
        }
    }
}

/// Lets one order in at a time: an answer follows its question.
private actor OneByOne {
    private var last: Task<Void, Never>?

    func take<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let before = last
        let task = Task {
            await before?.value
            return try await body()
        }
        last = Task { _ = await task.result }
        return try await task.value
    }
}
