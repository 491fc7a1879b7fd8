// Letters: e-mails to people of the practice, by the practice's own mailbox.
// They are no messages of the log, count for no limit, and leave no copy: one may hold the way to a new password.

import Domain
import Foundation
import Logging
import ServiceLifecycle
import Storage

/// Sends letters that are owed, each once whatever the number of nodes.
public struct LetterSender: Service {
    private static let tick = 2.0
    /// So many at the same time.
    private static let atOnce = 4

    private let world: DeliveryEnvironment

    public init(world: DeliveryEnvironment) { self.world = world }

    public func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await round()
                try? await Task.sleep(for: .seconds(Self.tick))
            }
        }
    }

    /// Sends what is due, a few at a time.
    public func round() async {
        await withDiscardingTaskGroup { group in
            for _ in 0..<Self.atOnce {
                group.addTask { await sendOneByOne() }
            }
        }
    }

    private func sendOneByOne() async {
        do {
            while !Task.isCancelled, let letter = try await world.storage.letters.take(now: world.now()) {
                try await send(letter)
            }
        } catch {
            world.logger.error("a letter could not be put on record; trying again", metadata: ["error": "\(error)"])
        }
    }

    private func send(_ letter: Letter) async throws {
        guard let mailbox = try await world.storage.letters.mailbox(of: letter.practiceID) else {
            return try await retry(letter, "the practice has no mailbox of its own that is switched on")
        }
        let channel: any MessageChannel
        do {
            channel = try world.mail.open(mailbox, try await world.storage.providers.secrets(of: mailbox.id).account)
        } catch {
            return try await retry(letter, "\(error)")
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try? await channel.run { _ in true } }
            defer { group.cancelAll() }
            try await send(letter, by: mailbox, over: channel)
        }
    }

    /// Composes only once the mailbox lets us in, so that no word for a new password is made in vain.
    private func send(_ letter: Letter, by mailbox: Mailbox, over channel: any MessageChannel) async throws {
        if let trouble = await channel.signIn() { return try await retry(letter, trouble.trouble) }
        let composed: ComposedMail
        switch try await LetterComposer(world).compose(letter, by: mailbox) {
        case .mail(let mail): composed = mail
        case .nothing(let why): return try await giveUp(letter, why)
        }
        let domain = mailbox.address.value.split(separator: "@").last.map(String.init) ?? "localhost"
        let name = "letter-\(letter.id).\(world.mail.word().prefix(20))@\(domain)"
        let mail = OutgoingMail(
            id: Identifier(-letter.id.rawValue),
            name: name,
            sender: mailbox.address,
            recipient: letter.recipient,
            bytes: try world.mail.write(composed, MailMarks(name: name, date: world.now()))
        )
        let outcome = await channel.send(.mail(mail))
        switch outcome {
        case .accepted: try await world.storage.letters.sent(letter.id, now: world.now())
        case .unreachable, .throttled, .deferred, .limited, .accountRefused: try await retry(letter, outcome.trouble)
        // What may have left is not sent again: nobody needs two.
        case .refused, .unknown: try await giveUp(letter, outcome.trouble)
        }
    }

    private func retry(_ letter: Letter, _ detail: String) async throws {
        let next = world.now() + LetterPolicy.pause(after: letter.tries, jitter: world.random())
        guard next < letter.expiresAt else { return try await giveUp(letter, detail) }
        try await world.storage.letters.again(letter.id, at: next, detail: detail)
    }

    private func giveUp(_ letter: Letter, _ detail: String) async throws {
        try await world.storage.letters.givenUp(letter.id, detail: detail, now: world.now())
        world.logger.notice(
            "a letter is not sent",
            metadata: ["letter": "\(letter.id)", "kind": "\(letter.kind.rawValue)", "tries": "\(letter.tries)"]
        )
    }
}
