import Foundation

/// A provider's call to us (webhook), as it came over HTTP.
public struct HookRequest: Sendable {
    /// Upper case.
    public let method: String
    /// As the provider called it: the installation's public address, path and query.
    public let url: String
    /// Names in lower case.
    public let headers: [String: String]
    public let body: [UInt8]
    public let receivedAt: Date

    public init(method: String, url: String, headers: [String: String], body: [UInt8], receivedAt: Date) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.receivedAt = receivedAt
    }
}

/// Whether a call is the provider's.
public enum HookVerdict: Hashable, Sendable {
    /// It is. `fingerprint` tells a repeated call from a new one; `reply` is what the provider wants to hear.
    case genuine(fingerprint: [UInt8], reply: HookReply)
    /// It is not signed as the provider signs, or too old; the reason names no secret.
    case refused(reason: String)
}

/// The answer to a call that was put on record.
public struct HookReply: Hashable, Sendable {
    /// HTTP status.
    public let status: Int
    /// Empty where there is no body.
    public let contentType: String
    public let body: String

    public init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", body: String = "OK") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }
}

/// Judges whether a call is the provider's; its secret is what signatures are checked with.
public typealias HookVerifier = @Sendable (Provider, _ secret: String?, HookRequest) -> HookVerdict

/// A genuine call, as it is kept until it is read.
public struct StoredHook: Hashable, Sendable {
    /// As it was sent, such as `application/json`; empty where there was none.
    public let contentType: String
    public let body: [UInt8]
    public let receivedAt: Date

    public init(contentType: String, body: [UInt8], receivedAt: Date) {
        self.contentType = contentType
        self.body = body
        self.receivedAt = receivedAt
    }
}

/// Why a call could not be read.
public enum HookProblem: Error, Hashable, Sendable {
    /// Not of the documented form, or too much of it.
    case unreadable
}
