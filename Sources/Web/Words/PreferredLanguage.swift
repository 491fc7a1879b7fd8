import Domain
import Hummingbird

/// The language in which somebody reads who is not signed in (RFC 9110 §12.5.4).
enum PreferredLanguage {
    static func of(_ request: Request) -> Language { of(request.headers[.acceptLanguage] ?? "") }

    /// The wanted one of those that there are; German where none is.
    static func of(_ header: String) -> Language {
        var best: (language: Language, weight: Double)?
        for range in header.split(separator: ",") {
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            guard let tag = parts.first, let language = Language(rawValue: String(tag.prefix { $0 != "-" })) else {
                continue
            }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language ?? .german
    }
}
