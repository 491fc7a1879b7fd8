import Channels
import Domain
import Storage

extension Doctor {
    /// A line for each mailbox that is switched on, and one more for what is wrong with it. None is named by its
    /// address: what this prints is kept and sent around.
    func mailboxes(_ installation: Installation) async throws -> Bool {
        let storage = installation.storage
        let mailboxes = try await storage.mailboxes.all().filter(\.account.isEnabled)
        let health = try await storage.health.all()
        let standings = try await storage.mailboxes.standings()
        let check = installation.mailboxCheck()
        let now = installation.clock.now()
        var healthy = true
        for mailbox in mailboxes {
            let name = "mailbox \(mailbox.id)"
            do { try check(mailbox, try await storage.providers.secret(of: mailbox.id)) } catch let list as ProblemList
            {
                healthy = false
                Output.result("warning  \(name): \(CommandFailure.sentences(list.problems))")
                continue
            }
            var troubles = Self.unreached(mailbox).map { "nothing answers at its \($0) server" }
            if let trouble = health[mailbox.id].flatMap({ Doctor.trouble($0, at: now) }) { troubles.append(trouble) }
            if let trouble = standings[mailbox.id]?.trouble, !trouble.isEmpty {
                troubles.append("cannot be read: " + trouble)
            }
            healthy = healthy && troubles.isEmpty
            if troubles.isEmpty { Output.result("ok       \(name): reached") }
            for trouble in troubles { Output.result("warning  \(name): \(Self.withoutAddresses(trouble))") }
        }
        return healthy
    }

    /// What a server said, with its e-mail addresses blotted out.
    private static func withoutAddresses(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { $0.contains("@") ? "…" : $0 }
            .joined(separator: " ")
    }

    /// Which of its servers do not listen.
    private static func unreached(_ mailbox: Mailbox) -> [String] {
        [("outgoing", mailbox.account.url), ("incoming", mailbox.imapURL)].filter { !$0.1.isEmpty }
            .filter { !(ProviderEndpoint(mailServer: $0.1).map(Reach.isOpen) ?? false) }.map(\.0)
    }
}
