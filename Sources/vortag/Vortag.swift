// The program: command line, configuration read once, composition by hand, the group of services.
// The only room that reads the clock, makes random bytes, touches the environment, and knows all the others.
// No rule of the business lives here.
import ArgumentParser
import Foundation

@main
struct Vortag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vortag",
        abstract: "Reminds patients of their appointments on the day before, and shows what became of every message.",
        version: "0.1.0",
        subcommands: [
            Serve.self, Migrate.self, PracticeCommand.self, UserCommand.self, TokenCommand.self, ProviderCommand.self,
            MailboxCommand.self, Deliver.self, ForecastCommand.self, LogCommand.self, Doctor.self, SimulateSMSC.self,
            Demo.self, CopyCommand.self, PagesCommand.self,
        ]
    )

    /// Parses, runs, and ends with the exit code that fits: one sentence on standard error, the result alone on
    /// standard output.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            failure.end()
        } catch {
            if let failure = CommandFailure(error) { failure.end() }
            exit(withError: error)
        }
    }
}
