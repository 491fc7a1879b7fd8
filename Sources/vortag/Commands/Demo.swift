import ArgumentParser
import Database
import Foundation
import Storage

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Creates a fictitious practice with a fortnight of appointments around today, and prints its sign-in."
    )

    func run() async throws {
        let installation = try await Installation.open()
        guard try await installation.storage.practices.all().isEmpty else {
            throw CommandFailure(
                .data,
                "VORTAG_DATABASE: it holds practices already; the demonstration needs an empty one."
            )
        }
        let password = Entropy.hexadecimal(6)
        let email = try await Demonstration(installation).create(password: password)
        Output.result("E-Mail:   \(email)")
        Output.result("Passwort: \(password)")
        try installation.driver.close()
    }
}
