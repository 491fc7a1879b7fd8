import Synchronization

/// A mailbox over IMAP (RFC 9051, RFC 3501). It puts copies into one folder and looks for them there; of the inbox it
/// reads what is new, without a trace. Connections are kept for some seconds and reused.
public final class IMAPClient: Sendable {
    public struct Configuration: Sendable {
        public var server: MailServer
        /// For each answer.
        public var responseTimeout = Duration.seconds(30)
        /// Named by hand, for servers that do not mark theirs.
        public var sentFolder: String?
        /// Names that such a folder usually has, the likeliest first.
        public var commonSentFolders: [String] = []
        /// Fields of a header by which is told whether a message of the inbox is wanted.
        public var headerFields = ["From"]
        /// Messages that one reading looks at, and reports that it opens.
        public var mostMessages = 1000
        public var mostOpened = 100

        public init(server: MailServer) { self.server = server }
    }

    let configuration: Configuration
    private let credentials: @Sendable () async throws(MailFailure) -> MailCredentials?
    private let kept = Mutex(Kept())

    private struct Kept: Sendable {
        var idle: [IMAPSession] = []
        var sent: IMAPFolder?
    }

    private static let mostKept = 2

    /// - Parameter credentials: asked for each connection anew; a token may have run out.
    public init(
        _ configuration: Configuration,
        credentials: @escaping @Sendable () async throws(MailFailure) -> MailCredentials?
    ) {
        self.configuration = configuration
        self.credentials = credentials
    }

    /// Puts a message into the Sent folder, as seen.
    ///
    /// - Parameters:
    ///   - bytes: the message with CRLF as line ends.
    ///   - name: its Message-ID without angle brackets; where it is given, the folder is searched for it first.
    /// - Throws: ``IMAPFailure``; what broke off behind the first octets of the message may have got through all the same.
    public func keepCopy(_ bytes: [UInt8], unlessThereIs name: String?) async throws(IMAPFailure) {
        try await using { session throws(IMAPFailure) in
            let folder = try await self.sentFolder(session, makingIt: true)
            if let name, try await self.holds(session, folder, name) { return }
            var parts: [IMAPCommand.Part] = [.text("APPEND "), IMAPText.string(folder.raw), .text(" (\\Seen) ")]
            if let date = IMAPText.date(of: bytes) { parts.append(.text("\"\(date)\" ")) }
            do throws(IMAPFailure) {
                try await session.run(.append, parts + [.literal(bytes)])
            } catch {
                if case .refused = error.cause { self.forgetFolder() }
                throw error
            }
        }
    }

    public enum SentSearch: Hashable, Sendable {
        case found
        /// It is not there, and others of its kind are: so the server keeps the names that messages come with.
        case missing
        /// It is not there, and neither is any of its kind: the server may give messages names of its own.
        case unproven
    }

    /// Whether the Sent folder has a message of this Message-ID (without angle brackets). Of its kind are those that end
    /// like it from the last dot before the at sign on.
    public func searchSent(_ name: String) async throws(IMAPFailure) -> SentSearch {
        try await using { session throws(IMAPFailure) in
            let folder = try await self.sentFolder(session)
            if try await self.holds(session, folder, name) { return .found }
            let at = name.lastIndex(of: "@") ?? name.startIndex
            let kind = name[(name[..<at].lastIndex(of: ".") ?? at)...]
            let others = try await self.search(session, kind + ">")
            return others.isEmpty ? .unproven : .missing
        }
    }

    /// The name of the folder that takes copies, as people see it; for a trial of the settings.
    public func sentFolderName() async throws(IMAPFailure) -> String {
        forgetFolder()
        return try await using { session throws(IMAPFailure) in try await self.sentFolder(session).name }
    }

    /// Takes leave of the server.
    public func close() async {
        let idle = kept.withLock { kept in
            defer { kept.idle = [] }
            return kept.idle
        }
        for session in idle { await session.close() }
    }

    private func forgetFolder() { kept.withLock { $0.sent = nil } }

    /// Lends a connection out; one that was in trouble is not used again.
    func using<Value: Sendable>(
        _ body: @Sendable (IMAPSession) async throws(IMAPFailure) -> Value
    ) async throws(IMAPFailure) -> Value {
        let session = try await take()
        let value = try await body(session)
        let isKept = kept.withLock { kept in
            guard session.isUsable, kept.idle.count < Self.mostKept else { return false }
            kept.idle.append(session)
            return true
        }
        if !isKept { await session.close() }
        return value
    }

    private func take() async throws(IMAPFailure) -> IMAPSession {
        while let session = kept.withLock({ $0.idle.popLast() }) {
            if await session.isAlive() { return session }
        }
        let secret: MailCredentials?
        do throws(MailFailure) { secret = try await credentials() } catch {
            throw IMAPFailure(.connection(error), .signIn)
        }
        return try await IMAPSession(configuration.server, secret, patience: configuration.responseTimeout)
    }

    /// - Parameter makingIt: makes one where there is none, as on a new account, and none was named by hand.
    private func sentFolder(
        _ session: IMAPSession,
        makingIt: Bool = false
    ) async throws(IMAPFailure) -> IMAPFolder {
        if let known = kept.withLock({ $0.sent }) { return known }
        let marks = session.can("LIST-EXTENDED") && session.can("SPECIAL-USE") ? " RETURN (SPECIAL-USE)" : ""
        let reply = try await session.run(.list, .text("LIST \"\" \"*\"\(marks)"))
        let folders = reply.answers.compactMap(IMAPFolder.init)
        var folder = IMAPFolder.sent(
            among: folders,
            named: configuration.sentFolder,
            common: configuration.commonSentFolders
        )
        if folder == nil, makingIt, configuration.sentFolder == nil {
            folder = try await make(IMAPFolder.newSent(beside: folders), session)
        }
        guard let folder else { throw IMAPFailure(.noSentFolder, .list) }
        kept.withLock { $0.sent = folder }
        return folder
    }

    /// Makes a folder and has mail programs show it (RFC 9051 §6.3.4, §6.3.7); nil where the server does not let us.
    private func make(_ folder: IMAPFolder, _ session: IMAPSession) async throws(IMAPFailure) -> IMAPFolder? {
        do throws(IMAPFailure) {
            try await session.run(.list, .text("CREATE "), IMAPText.string(folder.raw))
            try await session.run(.list, .text("SUBSCRIBE "), IMAPText.string(folder.raw))
        } catch {
            if case .refused = error.cause { return nil }
            throw error
        }
        return folder
    }

    private func holds(
        _ session: IMAPSession,
        _ folder: IMAPFolder,
        _ name: String
    ) async throws(IMAPFailure) -> Bool {
        do throws(IMAPFailure) {
            try await session.examine(folder.raw)
        } catch {
            if case .refused = error.cause { forgetFolder() }
            throw error
        }
        return try await !search(session, "<\(name)>").isEmpty
    }

    /// The messages of the open folder whose Message-ID has this text (RFC 9051 §6.4.4).
    private func search(_ session: IMAPSession, _ text: String) async throws(IMAPFailure) -> [UInt32] {
        let wanted = IMAPText.string(Array(text.utf8))
        return try await session.run(.search, .text("UID SEARCH HEADER Message-ID "), wanted).found
    }
}

extension IMAPCommand.Reply {
    /// What SEARCH found.
    var found: [UInt32] {
        answers.flatMap { answer -> [UInt32] in
            if case .data(nil, "SEARCH", let values) = answer { values.compactMap(\.number) } else { [] }
        }
    }

    /// A number that came with an untagged OK, such as UIDVALIDITY.
    func number(_ code: String) -> UInt32? {
        for case .status(nil, .ok, let words, _) in answers where words.count > 1 && words[0] == code {
            return UInt32(words[1])
        }
        return nil
    }

    /// How many messages the folder has.
    var exists: UInt32? {
        for case .data(let number?, "EXISTS", _) in answers.reversed() { return number }
        return nil
    }

    /// Of each message that FETCH told about, the part that was asked for.
    var parts: [UInt32: [UInt8]] {
        var parts: [UInt32: [UInt8]] = [:]
        for case .data(.some, "FETCH", let values) in answers {
            guard let items = values.first?.list else { continue }
            var uid: UInt32?
            var part: [UInt8]?
            for place in stride(from: 0, to: items.count - 1, by: 2) {
                let name = items[place].text?.uppercased() ?? ""
                if name == "UID" { uid = items[place + 1].number }
                if name.hasPrefix("BODY[") { part = items[place + 1].octets ?? [] }
            }
            if let uid, let part { parts[uid] = part }
        }
        return parts
    }
}
