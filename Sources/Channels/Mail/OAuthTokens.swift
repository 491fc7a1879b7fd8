import Foundation
import Transfer

/// With what access tokens are asked for (RFC 6749 §6).
struct OAuthAccount: Hashable, Sendable {
    let tokenURL: String
    let clientID: String
    /// Empty for a client without one.
    let clientSecret: String
    let refreshToken: String

    /// Reads `{"token_url","client_id","client_secret","refresh_token"}`.
    ///
    /// - Throws: ``ProviderProblem`` for anything else.
    init(_ text: String) throws(ProviderProblem) {
        guard let json = JSON(Array(text.utf8)), let url = json["token_url"]?.string, !url.isEmpty,
            let client = json["client_id"]?.string, !client.isEmpty,
            let refresh = json["refresh_token"]?.string, !refresh.isEmpty
        else { throw .secret("an access token, or JSON with token_url, client_id, client_secret and refresh_token") }
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.scheme == "https" || parts.scheme == "http" && HTTPClient.isLoopback(host: host)
        else { throw .secret("a token_url that begins with https://") }
        tokenURL = url
        clientID = client
        clientSecret = json["client_secret"]?.string ?? ""
        refreshToken = refresh
    }
}

extension OAuthAccount: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    var description: String { "token account" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// Access tokens of one account: kept until a minute before they expire, and asked for once however many want one.
actor OAuthTokens {
    private typealias Answer = Result<String, CredentialProblem>

    /// Seconds for which a token counts whose answer does not say it (RFC 6749 §5.1 recommends that it does).
    private static let standardLife = 300
    private static let spare = 60

    private let account: OAuthAccount
    private let client: HTTPClient
    private let now: @Sendable () -> ContinuousClock.Instant
    /// The one that was given last: some servers give another with each token (RFC 6749 §6).
    private var refreshToken: String
    private var kept: (token: String, until: ContinuousClock.Instant)?
    private var asking: Task<Answer, Never>?

    init(_ account: OAuthAccount, reach: Reach, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.account = account
        self.now = now
        refreshToken = account.refreshToken
        var configuration = HTTPClient.Configuration()
        configuration.reach = reach
        client = HTTPClient(configuration)
    }

    func token() async throws(CredentialProblem) -> String {
        if let kept, now() < kept.until { return kept.token }
        let task = asking ?? Task { await ask() }
        asking = task
        return try await task.value.get()
    }

    /// The server refused the one that is kept, whatever its time says.
    func forget() { kept = nil }

    private func ask() async -> Answer {
        defer { asking = nil }
        var fields = [
            ("grant_type", "refresh_token"), ("refresh_token", refreshToken), ("client_id", account.clientID),
        ]
        if !account.clientSecret.isEmpty { fields.append(("client_secret", account.clientSecret)) }
        let request = HTTPRequest(
            .post,
            account.tokenURL,
            headers: ["Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"],
            body: Array(FormFields(fields.map(FormFields.Field.init)).encoded.utf8)
        )
        do throws(HTTPFailure) {
            return read(try await client.answer(to: request))
        } catch {
            return .failure(CredentialProblem("no access token: \(error)", isFinal: false))
        }
    }

    private func read(_ response: HTTPResponse) -> Answer {
        let json = JSON(response.body)
        guard response.isSuccess else {
            // RFC 6749 §5.2. The words beside the code may say anything, the code may not.
            let code = json?["error"]?.string.map { $0.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(40) }
            let isFinal = response.status == 400 || response.status == 401 || response.status == 403
            let advice = isFinal ? "; sign the mailbox in again" : ""
            let words = code.map { " \($0)" } ?? ""
            return .failure(
                CredentialProblem("no access token: HTTP \(response.status)\(words)\(advice)", isFinal: isFinal)
            )
        }
        guard let token = json?["access_token"]?.string, !token.isEmpty,
            token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return .failure(CredentialProblem("no access token: the answer holds none", isFinal: false)) }
        if let next = json?["refresh_token"]?.string, !next.isEmpty { refreshToken = next }
        let life = json?["expires_in"]?.code ?? Self.standardLife
        kept = (token, now().advanced(by: .seconds(min(max(life, 0), 86_400) - Self.spare)))
        return .success(token)
    }
}
