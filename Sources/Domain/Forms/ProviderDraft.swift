import Foundation

/// A provider's account as somebody wrote it.
public struct ProviderDraft: Hashable, Sendable {
    public var name = ""
    public var kind = ""
    /// Empty: the kind's own address.
    public var url = ""
    public var user = ""
    /// Empty: it stays as it is.
    public var secret = ""
    /// By name; which there are is the kind's.
    public var options: [String: String] = [:]
    public var priority = "100"
    /// Two-letter codes with spaces or commas between them; empty for all.
    public var countries = ""
    public var isEnabled = true

    public init() {}

    public init(
        name: String,
        kind: String,
        url: String = "",
        user: String = "",
        secret: String = "",
        options: [String: String] = [:],
        priority: String = "100",
        countries: String = "",
        isEnabled: Bool = true
    ) {
        self.name = name
        self.kind = kind
        self.url = url
        self.user = user
        self.secret = secret
        self.options = options
        self.priority = priority
        self.countries = countries
        self.isEnabled = isEnabled
    }

    public init(existing provider: Provider) {
        self.init(
            name: provider.name,
            kind: provider.kind.rawValue,
            url: provider.url,
            user: provider.user,
            options: provider.options,
            priority: String(provider.priority),
            countries: provider.countries.map(\.rawValue).joined(separator: " "),
            isEnabled: provider.isEnabled
        )
    }

    /// - Throws: every broken rule of the form itself; what its kind makes of URL and options is asked of the channels.
    public func validated() throws(ProblemList) -> ProviderFields {
        var form = FormReader()
        let name = checkedName(&form)
        let kind: Provider.Kind? = form.word(kind, "kind")
        if kind == .mailbox { form.add(FieldProblem("kind", .fieldInvalid)) }
        let url = form.text(url, "url", limit: 500)
        if let kind { ProviderAddress.check(url, kind, &form) }
        let user = form.text(user, "user")
        let secret = form.text(secret, "secret", limit: 4000)
        let priority = Int(priority.trimmingWhitespace())
        if priority.map({ !(0...1_000_000).contains($0) }) ?? true { form.add(FieldProblem("priority", .fieldInvalid)) }
        let countries = checkedCountries(&form)
        guard let kind, let priority else { throw ProblemList(form.problems) }
        return try form.finish(
            ProviderFields(
                name: name,
                kind: kind,
                url: url,
                user: user,
                secret: secret.isEmpty ? nil : secret,
                options: options.filter { !$0.value.isEmpty },
                priority: priority,
                countries: countries,
                isEnabled: isEnabled
            )
        )
    }

    /// It stands in the addresses of webhooks.
    private func checkedName(_ form: inout FormReader) -> String {
        let name = form.text(name, "name", limit: 60, required: true)
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0))
        }
        if !isPlain { form.add(FieldProblem("name", .fieldInvalid, ["reason": "provider_name"])) }
        return name
    }

    private func checkedCountries(_ form: inout FormReader) -> [Country] {
        let words = countries.uppercased().split { $0 == "," || $0 == " " || $0 == ";" }
        let countries = words.compactMap { Country(rawValue: String($0)) }.filter { $0.callingCode != nil }
        if countries.count < words.count { form.add(FieldProblem("countries", .fieldInvalid)) }
        return countries
    }
}

/// A provider's account that passed the rules of the form.
public struct ProviderFields: Hashable, Sendable {
    public let name: String
    public let kind: Provider.Kind
    public let url: String
    public let user: String
    /// nil: as it is.
    public let secret: String?
    public let options: [String: String]
    public let priority: Int
    public let countries: [Country]
    public let isEnabled: Bool
}

/// The address of a provider: of a scheme that its kind speaks, and without encryption on this machine only.
enum ProviderAddress {
    static func check(_ url: String, _ kind: Provider.Kind, _ form: inout FormReader) {
        let schemes: Set<String> = kind == .smpp ? ["smpp", "smpps"] : ["http", "https"]
        if url.isEmpty {
            // The others are services with one well-known address.
            if kind == .smpp || kind == .http { form.add(FieldProblem("url", .fieldRequired)) }
            return
        }
        // The simulator reaches nobody, wherever it is said to be.
        if kind == .simulator { return }
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            schemes.contains(scheme), let host = parts.host, !host.isEmpty
        else {
            form.add(FieldProblem("url", .fieldInvalid))
            return
        }
        if scheme == "http", !isLoopback(host) {
            form.add(FieldProblem("url", .fieldInvalid, ["reason": "not_encrypted"]))
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "[::1]" || host == "::1"
            || (host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." })
    }
}
