import Delivery
import Domain
import Foundation
import Storage
import Testing

/// One test e-mail from a mailbox, step by step. It never ends as delivered.
@Suite struct MailTrialTests {
    private static func end(
        _ mailbox: ScriptedMailbox,
        edit: @escaping @Sendable (inout MailboxDraft) -> Void = { _ in }
    ) async throws -> (World, Trial) {
        let world = try await World()
        let box = try await world.mailbox("praxis@example.at")
        _ = try await world.storage.mailboxes.change(
            box.id,
            of: world.practice.id,
            now: world.clock.now,
            edit: { edit(&$0) }
        )
        let asked = try await world.storage.trials.askMail(box.id, to: "ich@example.org", now: world.clock.now)
        #expect(asked.step == .waiting && asked.sender == "praxis@example.at" && !asked.isSMS)
        await TrialRunner(world: world.environment(mailbox)).runAll()
        return (world, try #require(try await world.storage.trials.latest(box.id)))
    }

    @Test func aTrialGoesThroughEachStepAndKeepsNoAddress() async throws {
        let mailbox = ScriptedMailbox()
        let (world, trial) = try await Self.end(mailbox)
        #expect(mailbox.calls == ["sign in", "send", "copy", "news"])
        #expect(trial.step == .copied && trial.isOver && trial.recipient.isEmpty)
        #expect(trial.boundAt != nil && trial.acceptedAt != nil && trial.copiedAt != nil)
        #expect(String(decoding: mailbox.mails[0].bytes, as: UTF8.self).contains("Subject: Vortag: Test"))
        #expect(mailbox.mails[0].recipient.value == "ich@example.org" && mailbox.copies == mailbox.mails)
        #expect(try await world.log().isEmpty, "it is no message of the log")
    }

    @Test func withoutIMAPItEndsOnceItIsAccepted() async throws {
        let mailbox = ScriptedMailbox()
        let (_, trial) = try await Self.end(mailbox) { $0.imap = "" }
        #expect(mailbox.calls == ["sign in", "send"] && trial.step == .accepted && trial.isOver)
    }

    @Test func whereTheServerKeepsCopiesNoneIsMade() async throws {
        let mailbox = ScriptedMailbox()
        let (_, trial) = try await Self.end(mailbox) { $0.options[MailboxOption.sentCopy] = "server" }
        #expect(mailbox.calls == ["sign in", "send", "news"])
        #expect(trial.step == .accepted && trial.isOver && trial.copiedAt == nil)
    }

    private struct Failure: CustomTestStringConvertible, Sendable {
        let script: ScriptedMailbox.Script
        let detail: String
        /// How many of bound, accepted and copied were reached.
        let reached: Int
        var testDescription: String { detail }
    }

    private static let failures: [Failure] = [
        Failure(
            script: .init(signIn: .accountRefused(detail: "535 5.7.8")),
            detail: "the account is refused: 535 5.7.8",
            reached: 0
        ),
        Failure(
            script: .init(send: { _, _ in .refused(.providerRefused, detail: "550 5.7.60") }),
            detail: "refused: 550 5.7.60",
            reached: 1
        ),
        Failure(
            script: .init(send: { _, _ in .unknown(detail: "time-out") }),
            detail: "no answer: time-out",
            reached: 1
        ),
        Failure(
            script: .init(copy: { _, _ in .failed(detail: "NO [TRYCREATE]") }),
            detail: "no copy in the Sent folder: NO [TRYCREATE]",
            reached: 2
        ),
        Failure(
            script: .init(news: { _ in .failure(MailboxTrouble("wrong password")) }),
            detail: "the mailbox cannot be read: wrong password",
            reached: 3
        ),
    ]

    @Test(arguments: failures)
    private func aTrialThatFailsTellsWhereAndWhyAndKeepsTheStepsBefore(failure: Failure) async throws {
        let (_, trial) = try await Self.end(ScriptedMailbox(failure.script))
        #expect(trial.step == .failed && trial.detail == failure.detail && trial.recipient.isEmpty)
        let reached = [trial.boundAt, trial.acceptedAt, trial.copiedAt].filter { $0 != nil }.count
        #expect(reached == failure.reached)
    }

    @Test func anAddressThatIsNoneIsRefused() async throws {
        let world = try await World()
        let box = try await world.mailbox("praxis@example.at")
        let refusal = await #expect(throws: ProblemList.self) {
            _ = try await world.storage.trials.askMail(box.id, to: "nobody", now: world.clock.now)
        }
        #expect(refusal?.problems.map(\.field) == ["to"])
    }
}
