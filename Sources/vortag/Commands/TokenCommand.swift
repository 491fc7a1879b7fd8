import ArgumentParser
import Domain
import Storage

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Keys for the JSON interface.",
        subcommands: [Add.self, List.self, Revoke.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a token and prints it, this once; only its SHA-256 is kept."
        )

        @Option(help: "Id of the practice.") var practice: Practice.ID
        @Option(help: "What the token is for.") var name: String
        @Option(help: "read or write.") var scope: String

        func run() async throws {
            let installation = try await Installation.open()
            let secret = Entropy.bytes(32)
            _ = try await installation.storage.tokens.create(
                practice,
                name: name,
                scope: scope,
                secret: secret,
                now: installation.clock.now()
            )
            Output.result(secret.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined())
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the tokens: id, scope, name.")

        @Option(help: "Id of the practice.") var practice: Practice.ID

        func run() async throws {
            let tokens = try await Installation.open().storage.tokens.all(practice)
            Output.table(tokens.map { [$0.id.description, $0.scope.rawValue, $0.name] })
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Ends a token at once.")

        @Option(help: "Id of the practice.") var practice: Practice.ID
        @Argument(help: "Id of the token.") var token: AccessToken.ID

        func run() async throws {
            let installation = try await Installation.open()
            try await installation.storage.tokens.revoke(token, practice, now: installation.clock.now())
            Output.note("The token is revoked.")
        }
    }
}
