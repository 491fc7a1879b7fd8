import Domain
import Foundation
import Transfer

/// Reads the answer to a submission by the options that describe it: rules first, then codes, then what counts as
/// success, and at last the HTTP status.
struct CustomAnswer: Sendable {
    /// So much of a body is looked at with patterns.
    private static let longestText = 4_096

    /// What an answer can be told to mean.
    enum Meaning: String, CaseIterable, Sendable {
        case throttled, unreachable, account, undeliverable, rejected, sender, failed, unknown

        func outcome(_ detail: String) -> SendOutcome {
            switch self {
            case .throttled: .throttled(detail: detail)
            case .unreachable: .unreachable(detail: detail)
            case .account: .accountRefused(detail: detail)
            case .undeliverable: .refused(.undeliverable, detail: detail)
            case .rejected: .refused(.rejectedByRecipient, detail: detail)
            case .sender: .refused(.providerRefused, detail: detail)
            case .failed: .refused(.providerError, detail: detail)
            case .unknown: .unknown(detail: detail)
            }
        }
    }

    /// Where the provider's id stands; our own reference is taken where none is described.
    private enum IDPlace: Sendable {
        case ours
        case path(String)
        case pattern(Pattern)
        case header(String)
    }

    private let rules: [(meaning: Meaning, pattern: Pattern)]
    /// Whether what the gateway calls a message is our own reference.
    var isKnownByOurs: Bool { if case .ours = idPlace { true } else { false } }

    private let errorPath: String?
    private let errors: [String: Meaning]
    /// nil: any of 200 to 299.
    private let ok: Set<Int>?
    private let okBody: Pattern?
    private let idPlace: IDPlace
    private let pricePath: String?
    private let currency: String

    init(_ options: CustomGateway.Options) throws(ProviderProblem) {
        var rules: [(Meaning, Pattern)] = []
        let matches = options.tables["match."] ?? [:]
        for name in matches.keys.sorted() where Meaning(rawValue: name) == nil { throw Self.unknown("match." + name) }
        for meaning in Meaning.allCases {
            guard let text = matches[meaning.rawValue] else { continue }
            rules.append((meaning, try Pattern(text, option: "match." + meaning.rawValue)))
        }
        self.rules = rules
        errorPath = options.single.text("error-path")
        var errors: [String: Meaning] = [:]
        for (code, word) in options.tables["error."] ?? [:] {
            guard let meaning = Meaning(rawValue: word) else { throw Self.unknown("error." + code) }
            errors[code] = meaning
        }
        self.errors = errors
        ok = try Self.statuses(options.single.text("ok"))
        okBody = try options.single.text("ok-body").map { text throws(ProviderProblem) in
            try Pattern(text, option: "ok-body")
        }
        idPlace = try Self.idPlace(options.single)
        if case .ours = idPlace, okBody == nil {
            // Any page with a status of success would count as an acceptance.
            throw .option(
                name: "ok-body",
                allowed: "a pattern of what the gateway answers when it took a message, "
                    + "or give id-path, id-regex or id-header"
            )
        }
        pricePath = options.single.text("price-path")
        currency = options.single.text("currency") ?? "EUR"
    }

    private static func unknown(_ name: String) -> ProviderProblem {
        let words = Meaning.allCases.map(\.rawValue).joined(separator: ", ")
        let isRule = name.hasPrefix("match.")
        return .option(name: name, allowed: isRule ? "named after one of \(words)" : "one of \(words)")
    }

    private static func statuses(_ text: String?) throws(ProviderProblem) -> Set<Int>? {
        guard let text else { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard numbers.allSatisfy({ (200..<300).contains($0 ?? 0) }) else {
            throw .option(name: "ok", allowed: "HTTP statuses from 200 to 299 with commas between them")
        }
        return Set(numbers.compactMap { $0 })
    }

    private static func idPlace(_ options: ProviderOptions) throws(ProviderProblem) -> IDPlace {
        let names = ["id-path", "id-regex", "id-header"].filter { options.text($0) != nil }
        guard names.count <= 1 else { throw .option(name: names[1], allowed: "left out where \(names[0]) is given") }
        if let path = options.text("id-path") { return .path(path) }
        if let text = options.text("id-regex") { return .pattern(try Pattern(text, option: "id-regex", groups: 1)) }
        return options.text("id-header").map { .header($0.lowercased()) } ?? .ours
    }

    func outcome(_ response: HTTPResponse, _ message: OutgoingSMS) -> SendOutcome {
        let text = String(String(decoding: response.body, as: UTF8.self).prefix(Self.longestText))
        let line = "\(response.status) \(text)"
        if let rule = rules.first(where: { $0.pattern.matches(line) }) {
            return rule.meaning.outcome("HTTP \(response.status)")
        }
        let json = JSON(response.body)
        if let code = errorPath.flatMap({ json?.at($0)?.text }), let meaning = errors[code] {
            return meaning.outcome("HTTP \(response.status) " + GatewayID.word(code))
        }
        let isOK = ok?.contains(response.status) ?? response.isSuccess
        guard isOK, okBody?.matches(text) ?? true else { return .unread(status: response.status) }
        guard let id = id(response, json, text, message) else {
            return .unknown(detail: "HTTP \(response.status), no id in the answer")
        }
        let price = pricePath.flatMap { json?.at($0)?.text }.flatMap { Price(decimal: $0, currency: currency) }
        return .accepted(ProviderReference(raw: id), price: price)
    }

    private func id(_ response: HTTPResponse, _ json: JSON?, _ text: String, _ message: OutgoingSMS) -> String? {
        switch idPlace {
        case .ours: AttemptReference.of(message)
        case .path(let path): GatewayID.read(json?.at(path))
        case .pattern(let pattern): GatewayID.read(pattern.firstGroup(in: text))
        case .header(let name): GatewayID.read(response.headers[name])
        }
    }
}

/// A regular expression, checked when it is entered and compiled where it is used: compiled ones cannot be shared.
struct Pattern: Sendable {
    private let text: String

    init(_ text: String, option: String, groups: Int = 0) throws(ProviderProblem) {
        guard let regex = try? NSRegularExpression(pattern: text), regex.numberOfCaptureGroups >= groups else {
            throw .option(
                name: option,
                allowed: "a regular expression" + (groups > 0 ? " with the id in parentheses" : "")
            )
        }
        self.text = text
    }

    func matches(_ subject: String) -> Bool { match(subject) != nil }

    func firstGroup(in subject: String) -> String? {
        guard let match = match(subject), match.numberOfRanges > 1 else { return nil }
        return Range(match.range(at: 1), in: subject).map { String(subject[$0]) }
    }

    private func match(_ subject: String) -> NSTextCheckingResult? {
        try? NSRegularExpression(pattern: text)
            .firstMatch(in: subject, range: NSRange(subject.startIndex..., in: subject))
    }
}
