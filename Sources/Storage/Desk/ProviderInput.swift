import Domain

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
