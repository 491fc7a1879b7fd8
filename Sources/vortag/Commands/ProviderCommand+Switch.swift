import ArgumentParser
import Channels
import Domain
import Storage

extension ProviderCommand {
    struct Enable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lets a provider carry messages.")

        @Argument(help: "Name of the provider.") var name: String

        func run() async throws { try await ProviderCommand.setEnabled(name, true) }
    }

    struct Disable: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lets a provider carry no more messages; what it has is waited for."
        )

        @Argument(help: "Name of the provider.") var name: String

        func run() async throws { try await ProviderCommand.setEnabled(name, false) }
    }

    private static func setEnabled(_ name: String, _ isEnabled: Bool) async throws {
        let installation = try await Installation.open()
        let provider = try await installation.provider(named: name)
        let factory = installation.channelFactory()
        let changed = try await installation.storage.providers.change(
            provider.id,
            now: installation.clock.now(),
            edit: { $0.isEnabled = isEnabled },
            check: { provider, secret in _ = try factory.channel(for: provider, secret: secret) }
        )
        Output.result(changed.id.description)
    }

    struct Hook: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the address that the provider is to call (webhook)."
        )

        @Argument(help: "Name of the provider.") var name: String
        @Flag(help: "Makes the address anew; the old one is refused from then on.") var renew = false

        func run() async throws {
            let installation = try await Installation.open(needsKey: true)
            let provider = try await installation.provider(named: name)
            guard provider.kind.isCalledBack else {
                throw CommandFailure(.data, "NAME: a provider of kind \(provider.kind.rawValue) does not call")
            }
            let storage = installation.storage
            let kept = renew ? nil : try await storage.providers.hookSecret(of: provider.id)
            let word: String
            if let kept { word = kept } else { word = try await storage.providers.renewHookSecret(of: provider.id) }
            if installation.settings.publicURL == nil {
                Output.note(
                    "VORTAG_PUBLIC_URL is not set: put the address under which the provider reaches you before it."
                )
            }
            Output.result((installation.settings.publicURL ?? "") + provider.hookPath(word: word))
        }
    }
}
