import Domain
import Foundation
import Storage

/// One test e-mail from a mailbox: signing in, handing over, the copy, and whether what comes back can be read. The trial
/// fails at the first step that cannot be taken; the steps before it stay on record. That it arrived nobody can tell.
struct MailTrial {
    private let trial: Trial
    private let world: DeliveryEnvironment

    init(_ trial: Trial, world: DeliveryEnvironment) {
        self.trial = trial
        self.world = world
    }

    func run() async throws {
        let mailbox = try await world.storage.mailboxes.find(trial.providerID)
        let mail: OutgoingMail
        let channel: any MessageChannel
        do {
            guard let written = try write(by: mailbox) else { return try await fail("interrupted") }
            mail = written
            channel = try world.mail.open(
                mailbox,
                try await world.storage.providers.secrets(of: mailbox.id).account
            )
        } catch {
            return try await fail("\(error)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await channel.run { _ in true } }
            defer { group.cancelAll() }
            try await takeSteps(mail, by: mailbox, over: channel)
        }
    }

    private func takeSteps(_ mail: OutgoingMail, by mailbox: Mailbox, over channel: any MessageChannel) async throws {
        if let trouble = await channel.signIn() { return try await fail(trouble.trouble) }
        try await note(.bound)
        // Whatever comes back of the test is no news.
        let outcome = await channel.send(.mail(mail))
        guard case .accepted = outcome else { return try await fail(outcome.trouble) }
        try await note(.accepted)
        var last = Trial.Step.accepted
        if mailbox.sentCopy == .append {
            if case .failed(let detail) = await channel.keepCopy(mail, isAgain: false) {
                return try await fail("no copy in the Sent folder: " + detail)
            }
            try await note(.copied)
            last = .copied
        }
        if !mailbox.imapURL.isEmpty {
            do { _ = try await channel.news(after: nil) } catch {
                return try await fail("the mailbox cannot be read: \(error)")
            }
        }
        try await world.storage.trials.note(last, of: trial.id, isLast: true, now: world.now())
    }

    private func write(by mailbox: Mailbox) throws -> OutgoingMail? {
        guard let recipient = EmailAddress(stored: trial.recipient) else { return nil }
        let sender = MailComposer.sender(mailbox, practice: "")
        let composed = ComposedMail(
            sender: sender,
            recipient: recipient,
            subject: "Vortag: Test",
            text: "Vortag: Test",
            language: .german
        )
        let domain = mailbox.address.value.split(separator: "@").last.map(String.init) ?? "localhost"
        let name = "trial-\(trial.id).\(world.mail.word().prefix(20))@\(domain)"
        return OutgoingMail(
            id: Identifier(-trial.id.rawValue),
            name: name,
            sender: sender.address,
            recipient: recipient,
            bytes: try world.mail.write(composed, MailMarks(name: name, date: world.now()))
        )
    }

    private func note(_ step: Trial.Step) async throws {
        try await world.storage.trials.note(step, of: trial.id, now: world.now())
    }

    private func fail(_ detail: String) async throws {
        try await world.storage.trials.note(.failed, of: trial.id, detail: detail, now: world.now())
    }
}
