import Domain
import Storage
import Testing

/// Where a provider's secret may go.
@Suite struct ProviderSecretTests {
    private static let gateway = ProviderDraft(
        name: "gateway",
        kind: "http",
        url: "https://gateway.example",
        secret: "geheim",
        options: ["body": "to={to}&key={secret}"]
    )

    @Test func aGatewayThatIsDescribedAnewAsksForTheSecretAnew() async throws {
        let world = try await World()
        let provider = try await world.storage.providers.add(Self.gateway, now: world.now)
        let refusal = await #expect(throws: ProblemList.self) {
            _ = try await world.storage.providers.change(
                provider.id,
                now: world.now,
                edit: { $0.options["body"] = "to={to}&text={secret}" }
            )
        }
        #expect(refusal?.problems.map(\.field) == ["secret"])
        let renamed = try await world.storage.providers.change(provider.id, now: world.now, edit: { $0.name = "other" })
        #expect(renamed.name == "other")
        #expect(try await world.storage.providers.secret(of: provider.id) == "geheim")
    }

    @Test func anAddressThatIsRenewedIsNewsForWhoeverSpeaksWithTheProvider() async throws {
        let world = try await World()
        let provider = try await world.storage.providers.add(Self.gateway, now: world.now)
        let before = try await world.storage.providers.hookSecret(of: provider.id)
        let word = try await world.storage.providers.renewHookSecret(of: provider.id)
        #expect(word != before)
        #expect(try await world.storage.providers.find(provider.id).version == provider.version + 1)
    }
}
