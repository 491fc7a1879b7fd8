import Delivery
import Domain
import Foundation
import Storage
import Web

/// One test e-mail from a mailbox, outside the log. The engine's own trial is run here, so that a page shows the same.
struct MailboxTrial {
    let installation: Installation
    let mailbox: Mailbox

    func run(to address: String) async throws {
        let storage = installation.storage
        let asked = try await storage.trials.askMail(mailbox.id, to: address, now: installation.clock.now())
        Output.note("connecting to the server of \(mailbox.address.value)")
        let runner = TrialRunner(world: installation.deliveryEnvironment())
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Where a server runs beside this command, either of the two takes it.
            group.addTask { await runner.runAll() }
            defer { group.cancelAll() }
            var told = 0
            while let trial = try await storage.trials.latest(mailbox.id), trial.id == asked.id {
                let steps = steps(of: trial)
                steps.dropFirst(told).forEach(Output.note)
                told = steps.count
                if trial.isOver { return try end(trial) }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    /// What was reached, in its order.
    private func steps(of trial: Trial) -> [String] {
        let copied: (Date?, String) = (trial.copiedAt, "a copy lies in the Sent folder")
        let reached = [
            (trial.boundAt, "signed in"), (trial.acceptedAt, "accepted by the server"), copied,
            (trial.step == .failed || mailbox.imapURL.isEmpty ? nil : trial.endedAt, "the mailbox can be read"),
        ]
        return reached.prefix { $0.0 != nil || $0.1 == copied.1 }.filter { $0.0 != nil }.map(\.1)
    }

    private func end(_ trial: Trial) throws {
        guard trial.step == .failed else {
            return Output.result("accepted: look whether it has arrived at the address that you gave")
        }
        let words = Words(try Resources.catalogue(), .english)
        let cause = "mailbox.cause." + MailCause(trial.detail).rawValue
        throw CommandFailure(
            .unavailable,
            "\(words(cause)) \(words(cause + "_advice")) The server said: \(trial.detail)"
        )
    }
}
