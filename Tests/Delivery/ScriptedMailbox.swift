import Database
import Delivery
import Domain
import Foundation
import Storage
import Synchronization

/// A mailbox that answers by script, keeps what it was given, and remembers in which order it was asked.
final class ScriptedMailbox: MessageChannel {
    struct Script: Sendable {
        var send: @Sendable (OutgoingMail, _ attempt: Int) async -> SendOutcome = { mail, _ in
            .accepted(ProviderReference(raw: mail.name))
        }
        var copy: @Sendable (OutgoingMail, _ isAgain: Bool) -> CopyOutcome = { _, _ in .kept }
        /// By the position after which is read.
        var news: @Sendable (MailboxPosition?) -> Result<MailboxNews, MailboxTrouble> = { position in
            .success(MailboxNews(position: position ?? MailboxPosition(validity: 1, next: 10), reports: []))
        }
        var lookUp: @Sendable (SentMessage) -> LookUp = { _ in .notTold }
        var signIn: SendOutcome?
        var polling: Polling?
    }

    let window: Int
    let rate: Double? = nil
    let isBound = true
    let reportsDelivery = false
    private let script: Mutex<Script>
    private let record = Mutex<(calls: [String], mails: [OutgoingMail], copies: [OutgoingMail])>(([], [], []))
    private let listener = Mutex<(@Sendable (ChannelEvent) async -> Bool)?>(nil)

    init(_ script: Script = Script(), window: Int = 8) {
        self.script = Mutex(script)
        self.window = window
    }

    convenience init(window: Int = 8, _ write: (inout Script) -> Void) {
        var script = Script()
        write(&script)
        self.init(script, window: window)
    }

    /// What was asked of it, in order: `news`, `send`, `copy`, `copy again`, `look up`.
    var calls: [String] { record.withLock { $0.calls } }
    var mails: [OutgoingMail] { record.withLock { $0.mails } }
    var copies: [OutgoingMail] { record.withLock { $0.copies } }
    var polling: Polling? { script.withLock { $0.polling } }

    func change(_ write: (inout Script) -> Void) { script.withLock { write(&$0) } }

    private func note(_ call: String) { record.withLock { $0.calls.append(call) } }

    func run(report: @escaping @Sendable (ChannelEvent) async -> Bool) async throws {
        _ = await report(.bound)
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3600)) }
    }

    func signIn() async -> SendOutcome? {
        note("sign in")
        return script.withLock { $0.signIn }
    }

    func send(_ message: OutgoingMessage) async -> SendOutcome {
        guard let mail = message.mail else { return .unreachable(detail: "no mail") }
        let attempt = record.withLock { record in
            record.calls.append("send")
            record.mails.append(mail)
            return record.mails.filter { $0.id == mail.id }.count
        }
        return await script.withLock { $0.send }(mail, attempt)
    }

    func keepCopy(_ mail: OutgoingMail, isAgain: Bool) async -> CopyOutcome {
        note(isAgain ? "copy again" : "copy")
        let outcome = script.withLock { $0.copy }(mail, isAgain)
        if outcome == .kept { record.withLock { $0.copies.append(mail) } }
        return outcome
    }

    func news(after position: MailboxPosition?) async throws(MailboxTrouble) -> MailboxNews {
        note("news")
        return try script.withLock { $0.news }(position).get()
    }

    func lookUp(_ message: SentMessage) async -> LookUp {
        note("look up")
        return script.withLock { $0.lookUp }(message)
    }
}

/// An e-mail as the tables have it.
struct MailRow: Hashable {
    let copy: String
    let bytes: [UInt8]?
    let tries: Int64
    let detail: String
    let name: String
    let word: String
}

extension World {
    func mailRows() async throws -> [MailRow] {
        try await driver.read { transaction in
            try transaction.query(
                "SELECT copy, bytes, copy_tries, copy_detail, name, unsubscribe_word FROM mails ORDER BY message_id"
            ).map { row in
                MailRow(
                    copy: try row.text(0),
                    bytes: row.isNull(1) ? nil : try row.bytes(1),
                    tries: try row.integer(2),
                    detail: try row.text(3),
                    name: try row.text(4),
                    word: try row.text(5)
                )
            }
        }
    }

    /// Keeps what copies are due.
    func copy(over mailbox: ScriptedMailbox) async { await SentCopier(world: environment(mailbox)).round() }

    /// Reads what mailboxes are to be read.
    @discardableResult
    func read(_ mailbox: ScriptedMailbox) async -> Int { await MailboxReader(world: environment(mailbox)).round() }

    func run(_ sql: String) async throws {
        try await driver.write { try $0.script(sql) }
    }
}
