import Domain
import Foundation

/// A provider's name; it stands in the addresses of webhooks.
enum ProviderName {
    static func read(_ raw: String, _ form: inout FormReader) -> String {
        let name = form.text(raw, "name", limit: 60, required: true)
        let isPlain = name.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil || "-_.".unicodeScalars.contains($0))
        }
        if !isPlain { form.add(FieldProblem("name", .fieldInvalid)) }
        return name
    }
}

/// The address of a provider: of a scheme that its kind speaks, and without encryption on this machine only.
enum ProviderURL {
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

/// A provider's options as lines of `key=value`, by key.
enum ProviderOptions {
    static func isWritable(_ key: String, _ value: String) -> Bool {
        !key.isEmpty && !key.contains { $0 == "=" || $0.isNewline } && !value.contains(where: \.isNewline)
    }

    static func write(_ options: [String: String]) -> String {
        options.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }.joined(separator: "\n")
    }

    static func read(_ text: String) -> [String: String] {
        var options: [String: String] = [:]
        for line in text.split(separator: "\n") {
            guard let sign = line.firstIndex(of: "=") else { continue }
            options[String(line[..<sign])] = String(line[line.index(after: sign)...])
        }
        return options
    }
}
