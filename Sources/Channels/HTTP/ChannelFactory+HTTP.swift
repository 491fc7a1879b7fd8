import Domain
import Foundation
import Transfer

extension ChannelFactory {
    /// A channel to one of the gateways that speak HTTP.
    func gateway(
        for provider: Provider,
        secret: String,
        callback: String?,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(ProviderProblem) -> HTTPChannel {
        let account = GatewayAccount(
            provider: provider,
            secret: secret,
            callback: callback,
            reach: reach(of: provider)
        )
        let (settings, spec): (GatewaySettings, GatewaySpec) =
            switch provider.kind {
            case .seven: try Seven.gateway(account)
            case .websms: try Websms.gateway(account)
            case .twilio: try Twilio.gateway(account)
            case .http, .smpp, .simulator, .mailbox: try CustomGateway.gateway(account)
            }
        return HTTPChannel(settings, spec, logger: logger, now: now)
    }

    /// Judges whether a call is the provider's, where providers of its kind sign; where they do not, the secret in our
    /// own address stands for it.
    public func verifyHook(_ provider: Provider, secret: String?, _ request: HookRequest) -> HookVerdict {
        switch provider.kind {
        case .seven: Seven.verify(request, secret: secret ?? "")
        case .websms: .genuine(fingerprint: HookSignature.fingerprint(request), reply: Websms.reply)
        case .twilio: Twilio.verify(request, secret: secret ?? "")
        case .http:
            .genuine(fingerprint: HookSignature.fingerprint(request), reply: CustomGateway.reply(provider.options))
        case .smpp, .simulator, .mailbox: .refused(reason: "providers of this kind make no calls")
        }
    }
}

/// A provider's account, as it was entered.
struct GatewayAccount: Sendable {
    let provider: Provider
    let secret: String
    let callback: String?
    let reach: Reach

    /// The secret's words: some gateways have a second one, for what they sign.
    var secretWords: [String] { secret.split(separator: " ").map(String.init) }

    func settings(
        _ options: ProviderOptions,
        standardURL: String?,
        rate: Double? = nil
    ) throws(ProviderProblem) -> GatewaySettings {
        try GatewaySettings(
            provider,
            options,
            standardURL: standardURL,
            rate: rate,
            callback: callback,
            reach: reach
        )
    }
}
