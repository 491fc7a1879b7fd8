// From a Domain message to a provider's protocol and back. Each provider's codes stand here as a data table.
// No database, no rule of the business, no page: what a status means for a reminder is decided elsewhere.
import Domain
import Foundation
import Logging
import Transfer

/// Opens channels from the accounts that the operator entered.
public struct ChannelFactory: Sendable {
    let logger: Logger
    private let random: @Sendable () -> Double
    private let loopbackOnly: Bool
    private let practiceProviders: PracticeProviders
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - random: 0..<1, spreads attempts to connect.
    ///   - now: for validities that end at an instant, and for what is wrong with a certificate.
    ///   - loopbackOnly: refuses every address but this machine's, as while the clock is set by hand.
    ///   - practiceProviders: where those may lie that belong to a practice; without meaning while `loopbackOnly`.
    public init(
        logger: Logger,
        random: @escaping @Sendable () -> Double,
        loopbackOnly: Bool,
        practiceProviders: PracticeProviders,
        now: @escaping @Sendable () -> Date
    ) {
        self.logger = logger
        self.random = random
        self.loopbackOnly = loopbackOnly
        self.practiceProviders = practiceProviders
        self.now = now
    }

    /// - Parameter callback: our address for this provider's calls, from outside, for those that are told it with each
    ///   message; nil where there is none.
    /// - Throws: ``ProviderProblem`` where the account's settings do not make sense.
    public func channel(
        for provider: Provider,
        secret: String?,
        callback: String? = nil
    ) throws(ProviderProblem) -> any MessageChannel {
        switch provider.kind {
        case .simulator:
            return try SimulatorChannel(
                options: ProviderOptions(provider.options, known: SimulatorChannel.knownOptions)
            )
        case .smpp:
            let settings = try SMPPSettings(
                provider: provider,
                secret: secret ?? "",
                reach: reach(of: provider),
                unixTime: { [now] in Int64(now().timeIntervalSince1970) }
            )
            return SMPPChannel(settings: settings, logger: logger, random: random)
        case .mailbox:
            throw .url("a mailbox")
        case .seven, .websms, .twilio, .http:
            return try gateway(for: provider, secret: secret ?? "", callback: callback)
        }
    }

    /// Which servers a provider's account may lead to.
    func reach(of provider: Provider) -> Reach {
        if loopbackOnly { return .loopbackOnly }
        return provider.practiceID != nil && practiceProviders == .publicOnly ? .publicOnly : .anywhere
    }
}

/// What is wrong with a provider's account. Each description says what to do.
public enum ProviderProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case url(String)
    /// A field of the account is longer than the protocol has room for.
    case tooLong(field: String, limit: Int)
    case tlsNeeded
    case user(String)
    case secret(String)
    case option(name: String, allowed: String)
    case optionUnknown(name: String, known: String)
    case loopbackOnly
    case publicOnly
    /// - field: `smtp` or `imap`.
    case mailServer(field: String, example: String)
    case mailReach(field: String, loopback: Bool)

    public var description: String {
        switch self {
        case .tlsNeeded: "--url: http:// goes to this machine only; use https://"
        case .user(let expected): "--user: must be \(expected)"
        case .secret(let expected): "--secret-file: must hold \(expected)"
        case .url(let example): "--url: write it like \(example)"
        case .tooLong(let field, let limit): "--\(field): SMPP has room for \(limit) characters of ASCII"
        case .option(let name, let allowed): "--option \(name): must be \(allowed)"
        case .optionUnknown(let name, let known): "--option \(name): not known; known are \(known)"
        case .loopbackOnly: "--url: while VORTAG_CLOCK is set, only an address of this machine is allowed"
        case .mailServer(let field, let example): "--\(field): write it like \(example)"
        case .mailReach(let field, true):
            "--\(field): while VORTAG_CLOCK is set, only an address of this machine is allowed"
        case .mailReach(let field, false): "--\(field): this installation lets practices use public addresses only"
        case .publicOnly: "--url: this installation lets practices use public addresses only"
        }
    }
}

extension ProviderProblem {
    /// The field of a form that it belongs to: `url`, `option.window`.
    public var field: String {
        let words = description.prefix { $0 != ":" }.drop { $0 == "-" }.split(separator: " ")
        return words.count == 2 ? words.joined(separator: ".") : String(words.first ?? "kind")
    }

    /// What is wrong and what to do, without the name of the command's option.
    public var advice: String { String(description.drop { $0 != ":" }.dropFirst(2)) }
}

extension SendOutcome {
    /// To whoever gives an SMS provider an e-mail.
    static let carriesSMSOnly = SendOutcome.refused(.providerError, detail: "carries SMS only")
}

/// A provider's options, read with their limits.
struct ProviderOptions {
    private let values: [String: String]

    /// - Throws: ``ProviderProblem/optionUnknown(name:known:)`` for the first name that is not known.
    init(_ values: [String: String], known: [String]) throws(ProviderProblem) {
        if let unknown = values.keys.sorted().first(where: { !known.contains($0) }) {
            throw .optionUnknown(name: unknown, known: known.joined(separator: ", "))
        }
        self.values = values
    }

    func text(_ name: String) -> String? { values[name] }

    /// - Parameter limit: the most characters, all of them ASCII and printable; empty where it is left out.
    func text(_ name: String, upTo limit: Int) throws(ProviderProblem) -> String {
        let text = values[name] ?? ""
        guard text.utf8.count <= limit, text.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw .option(name: name, allowed: "at most \(limit) letters and digits")
        }
        return text
    }

    func octet(_ name: String, in range: ClosedRange<Int>) throws(ProviderProblem) -> UInt8? {
        guard values[name] != nil else { return nil }
        return UInt8(clamping: try integer(name, in: range, else: 0))
    }

    func integer(_ name: String, in range: ClosedRange<Int>, else standard: Int) throws(ProviderProblem) -> Int {
        guard let text = values[name] else { return standard }
        guard let value = Int(text), range.contains(value) else {
            throw .option(name: name, allowed: "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func number(_ name: String, in range: ClosedRange<Double>) throws(ProviderProblem) -> Double? {
        guard let text = values[name] else { return nil }
        guard let value = Double(text), range.contains(value) else {
            throw .option(name: name, allowed: "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func word<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        else standard: Word
    ) throws(ProviderProblem) -> Word {
        guard let text = values[name] else { return standard }
        guard let word = Word(rawValue: text) else {
            throw .option(name: name, allowed: Word.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return word
    }
}
