import ArgumentParser
import Web

struct PagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pages",
        abstract:
            "Lists every page: method, path, and who may open it (everyone, or a role and those that may do more).",
        discussion: "For a proxy in front that lets only some of them through, and for tests that try each of them."
    )

    func run() async throws {
        let installation = try await Installation.open()
        Output.table(try WebServer(installation).pages().map { [$0.method, $0.path, $0.access.word] })
    }
}
