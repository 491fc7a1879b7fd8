import ArgumentParser
import Channels
import Domain
import Foundation
import Storage

struct ProviderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider",
        abstract: "Accounts at SMS providers.",
        subcommands: [Add.self, List.self, Test.self, Enable.self, Disable.self, Hook.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a provider, for one practice or for all, and prints its id."
        )

        @Argument(help: "A name to speak of it by.") var name: String
        @Option(help: "simulator, smpp, seven, websms, twilio or http.") var kind: String
        @Option(help: "Where it is, as smpp://host:2775.") var url = ""
        @Option(help: "User or system id.") var user = ""
        @Option(help: "File whose first line is the password or key.") var secretFile: String?
        @Option(name: .customLong("option"), help: "KEY=VALUE, as often as needed.") var options: [String] = []
        @Option(help: "Lower goes first.") var priority = 100
        @Option(help: "Id of the practice; left out: for all.") var practice: Practice.ID?
        @Option(help: "Whose numbers it carries, as AT,DE; left out: all.") var countries = ""
        @Flag(help: "Carries nothing until 'provider enable'.") var off = false

        func run() async throws {
            let secret = try secretFile.map(SecretFile.read)
            guard let kind = Provider.Kind(rawValue: kind) else {
                throw CommandFailure(
                    .data,
                    "--kind: must be one of " + Provider.Kind.sms.map(\.rawValue).joined(separator: ", ")
                )
            }
            let installation = try await Installation.open(needsKey: secret != nil || kind.isCalledBack)
            let draft = ProviderDraft(
                name: name,
                kind: kind.rawValue,
                url: url,
                user: user,
                secret: secret ?? "",
                options: try OptionList.parsed(options),
                priority: String(priority),
                countries: countries,
                isEnabled: !off
            )
            let factory = installation.channelFactory()
            let provider = try await installation.storage.providers.add(
                draft,
                practice: practice,
                now: installation.clock.now(),
                check: { provider, secret in _ = try factory.channel(for: provider, secret: secret) }
            )
            Output.result(provider.id.description)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the providers: id, kind, for which practice, priority, countries, how it does, name."
        )

        func run() async throws {
            let storage = try await Installation.open().storage
            let providers = try await storage.providers.all()
            let health = try await storage.health.all()
            Output.table(
                providers.map { provider in
                    let practice = provider.practiceID.map { "practice \($0)" } ?? "all"
                    let countries = provider.countries.map(\.rawValue).joined(separator: ",")
                    let state = provider.isEnabled ? health[provider.id]?.state.rawValue ?? "-" : "off"
                    return [
                        provider.id.description, provider.kind.rawValue, practice, String(provider.priority),
                        countries.isEmpty ? "-" : countries, state, provider.name,
                    ]
                }
            )
        }
    }

    struct Test: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sends one SMS through a provider and shows each step."
        )

        @Argument(help: "Name of the provider.") var name: String
        @Option(help: "Mobile number to send to.") var to: String
        @Option(help: "Sender to send from.") var from = "Vortag"

        func run() async throws {
            let installation = try await Installation.open()
            let provider = try await installation.provider(named: name)
            try await ProviderTrial(installation: installation, provider: provider).run(to: to, from: from)
        }
    }
}
