import Domain
import Foundation
import Storage

/// Writes a letter from what is true when it leaves.
struct LetterComposer {
    enum Composition {
        case mail(ComposedMail)
        /// There is nothing to be sent, and why.
        case nothing(String)
    }

    private let world: DeliveryEnvironment

    init(_ world: DeliveryEnvironment) { self.world = world }

    func compose(_ letter: Letter, by mailbox: Mailbox) async throws -> Composition {
        switch letter.kind {
        case .passwordReset: try await reset(letter, by: mailbox)
        case .morningReport: try await report(letter, by: mailbox)
        }
    }

    private func reset(_ letter: Letter, by mailbox: Mailbox) async throws -> Composition {
        guard let own = world.mail.pagesURL else {
            return .nothing("nobody said under which address the pages are reached: set VORTAG_PUBLIC_URL")
        }
        let user: User
        do {
            guard let id = letter.userID else { return .nothing("the user is gone") }
            user = try await world.storage.users.find(id, letter.practiceID)
        } catch StorageError.notFound { return .nothing("the user is gone") }
        guard user.email == letter.recipient else { return .nothing("the user has another address now") }
        guard let word = try await world.storage.resets.open(for: letter, now: world.now()) else {
            return .nothing("the password was changed meanwhile")
        }
        let practice = try await world.storage.practices.find(letter.practiceID)
        return .mail(
            ComposedMail(
                sender: MailComposer.sender(mailbox, practice: practice.name),
                recipient: letter.recipient,
                subject: LetterWords.resetSubject(user.language),
                text: LetterWords.resetBody(
                    link: own + MailDesk.resetPath + word,
                    minutes: Int(ResetStore.seconds / 60),
                    user.language
                ),
                language: user.language
            )
        )
    }

    private func report(_ letter: Letter, by mailbox: Mailbox) async throws -> Composition {
        let practice = try await world.storage.practices.find(letter.practiceID)
        // Who took the address away wants no report, also where one was about to leave.
        guard practice.reportTo == letter.recipient else { return .nothing("nobody wants it any more") }
        let report = try await world.storage.today.report(practice, now: world.now())
        guard letter.isTrial || report.isBad else { return .nothing("nothing is left to tell") }
        let facts = report.facts(
            practice,
            link: world.mail.pagesURL.map { $0 + MailDesk.callsPath },
            isTrial: letter.isTrial
        )
        return .mail(
            ComposedMail(
                sender: MailComposer.sender(mailbox, practice: practice.name),
                recipient: letter.recipient,
                subject: LetterWords.reportSubject(facts, practice.language),
                text: LetterWords.reportBody(facts, practice.language),
                language: practice.language
            )
        )
    }
}
