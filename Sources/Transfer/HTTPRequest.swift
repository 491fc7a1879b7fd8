/// A request to a server of others.
public struct HTTPRequest: Hashable, Sendable {
    public enum Method: String, CaseIterable, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
    }

    public var method: Method
    /// Absolute, `https://…`; `http://…` only to this machine.
    public var url: String
    /// By name, in whatever case the server is to see it.
    public var headers: [String: String]
    /// Empty for none.
    public var body: [UInt8]

    public init(_ method: Method, _ url: String, headers: [String: String] = [:], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data: address, headers and body may hold secrets and numbers.
    public var description: String { "\(method.rawValue) request" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}

/// A server's answer, whole.
public struct HTTPResponse: Hashable, Sendable {
    /// 200 to 599 as a rule; whatever three digits came.
    public let status: Int
    /// Names in lower case; of one that came several times, the values with `, ` between them.
    public let headers: [String: String]
    public let body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

extension HTTPResponse: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Without the data, so that none gets into a log by accident.
    public var description: String { "answer \(status)" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
