import Domain
import Foundation
import Transfer

/// websms, now LINK Mobility Austria: its SMS REST API "Messaging 1.0.0" (developer.linkmobility.eu/sms-api/rest-api, and
/// the same under developer.websms.com). What the reference says of fields and codes was taken from clients written after
/// it: websms-com/websmscom-java, AM-WD/LinkMobility, AMANDA-Technology/WebSmsNet.
///
/// It cannot be asked for anything; what becomes of a message it tells by calling us.
enum Websms {
    static let standardURL = "https://api.linkmobility.eu/rest"
    static let knownOptions = GatewaySettings.knownOptions + ["test"]
    /// Seconds, `validityPeriode`: one minute to three days.
    private static let validity = 60...259_200

    /// What is wanted after a call of theirs.
    static let reply = HookReply(contentType: "application/json", body: #"{"statusCode":2000,"statusMessage":"OK"}"#)

    private enum Test: String, CaseIterable {
        case no, yes
    }

    static func gateway(_ account: GatewayAccount) throws(ProviderProblem) -> (GatewaySettings, GatewaySpec) {
        let options = try ProviderOptions(account.provider.options, known: knownOptions)
        let settings = try account.settings(options, standardURL: standardURL)
        let isTest = try options.word("test", else: Test.no) == .yes
        let secret = account.secret
        guard !secret.isEmpty else { throw .secret("the access token, or with --user the password") }
        let credentials =
            settings.user.isEmpty ? "Bearer " + secret : BasicAuthorization.value(settings.user, secret)
        let url = settings.address("/smsmessaging/text", under: settings.base.hasSuffix("/json") ? "/json" : "/rest")
        let headers = [
            "Authorization": credentials, "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
        ]
        let callback = settings.callback
        let price = settings.price
        let spec = GatewaySpec(
            submission: { message in
                HTTPRequest(.post, url, headers: headers, body: body(message, callback: callback, isTest: isTest))
            },
            outcome: { response, _ in outcome(response, price: price) },
            events: events
        )
        return (settings, spec)
    }

    private static func body(_ message: OutgoingSMS, callback: String?, isTest: Bool) -> [UInt8] {
        let validity = min(max(message.validitySeconds, validity.lowerBound), validity.upperBound)
        var members: [(String, JSON)] = [
            ("recipientAddressList", .array([.string(String(message.recipient.dropFirst()))])),
            ("messageContent", .string(message.text)),
            ("senderAddress", .string(message.sender.bare)),
            ("senderAddressType", .string(message.sender.kind.rawValue)),
            ("clientMessageId", .string(AttemptReference.of(message))),
            ("contentCategory", .string("informational")),
            ("validityPeriode", .integer(Int64(validity))),
        ]
        if let callback { members.append(("notificationCallbackUrl", .string(callback))) }
        if isTest { members.append(("test", .bool(true))) }
        return JSON.object(members)
    }

    static func outcome(_ response: HTTPResponse, price: Price?) -> SendOutcome {
        guard let answer = JSON(response.body), let code = answer["statusCode"]?.code else {
            return .unread(status: response.status)
        }
        guard WebsmsTables.accepted.contains(code) else {
            return WebsmsTables.outcome(code) ?? .unread(status: response.status)
        }
        guard response.isSuccess, let id = GatewayID.read(answer["transferId"]) else {
            return .unknown(detail: "taken, but not as documented")
        }
        let segments = answer["smsCount"]?.code.flatMap { (1...255).contains($0) ? $0 : nil }
        return .accepted(ProviderReference(raw: id), price: segments.flatMap { price?.times($0) })
    }
}

/// HTTP Basic (RFC 7617).
enum BasicAuthorization {
    static func value(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }
}
