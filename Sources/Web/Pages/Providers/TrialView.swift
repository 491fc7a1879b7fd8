import Domain
import Foundation
import Storage

/// How far a test SMS is, drawn as the way of a message: Vortag, provider, telephone.
struct TrialView: Sendable {
    struct Stop: Sendable {
        let name: String
        let detail: String
    }

    /// Changes with what is shown.
    let key: String
    let path: String
    /// The same page in another moment, for those without a script.
    let refreshPath: String
    let isRunning: Bool
    let look: String
    let word: String
    let sentence: String
    /// The provider's own words.
    let said: String?
    let advice: String?
    let stops: [Stop]
    let start: String
    let first: String
    let second: String
    /// The switch, once it arrived and the provider is still off.
    let isReady: Bool
    let provider: ProviderPage.Switch

    init(_ trial: Trial, _ provider: Provider, _ visit: Visit) {
        let words = visit.words
        let isLate = trial.step == .waiting && visit.now > trial.createdAt + Self.patience
        let state = isLate ? "unattended" : trial.step.rawValue
        let failure = trial.step == .failed ? TrialFailure(trial.detail, words) : nil
        key = state
        path = ProviderPath.of(provider.id) + "/test"
        let instant = Int64((visit.now.timeIntervalSince1970 * 1_000).rounded())
        refreshPath = ProviderPath.of(provider.id) + "?stand=\(instant)#test"
        isRunning = !trial.isOver
        look = Self.look(trial, isLate: isLate).rawValue
        word = words("trial.word." + state)
        sentence = failure?.sentence ?? words("trial.sentence." + state)
        said = failure?.said
        advice =
            failure?.advice ?? (words.catalogue.has("trial.advice." + state) ? words("trial.advice." + state) : nil)
        stops = Self.stops(trial, visit)
        start = trial.boundAt == nil ? "open" : "done"
        first = trial.acceptedAt != nil ? "done" : failure == nil ? "open" : "failed"
        second = trial.step == .delivered ? "done" : failure != nil && trial.acceptedAt != nil ? "failed" : "open"
        isReady = trial.step == .delivered && !provider.isEnabled
        self.provider = ProviderPage.Switch(provider, words, isMain: true)
    }

    /// After so many seconds it is said that nobody takes the test up.
    private static let patience = 15.0

    private static func look(_ trial: Trial, isLate: Bool) -> Look {
        switch trial.step {
        case .waiting: isLate ? .unclear : .planned
        case .connecting, .bound: .planned
        case .accepted, .copied: .submitted
        case .delivered: .delivered
        case .noNews: .unclear
        case .failed: .failed
        }
    }

    private static func stops(_ trial: Trial, _ visit: Visit) -> [Stop] {
        let words = visit.words
        let at = { (date: Date) in
            ["time": words.clock(WallTime.of(date, in: visit.practice.timeZone), seconds: true)]
        }
        let isFailed = trial.step == .failed
        let nothing = words(trial.isOver ? "way.nothing" : "way.open")
        let arrival: String =
            switch trial.step {
            case .delivered: words("trial.delivered", trial.endedAt.map(at) ?? [:])
            case .noNews: words("trial.no_news")
            case .failed: trial.acceptedAt == nil ? nothing : words("trial.undelivered")
            default: nothing
            }
        return [
            Stop(
                name: words("way.vortag"),
                detail: trial.boundAt.map { words("trial.bound", at($0)) }
                    ?? words(isFailed ? "trial.unbound" : trial.step == .waiting ? "trial.waiting" : "trial.connecting")
            ),
            Stop(
                name: words("way.provider"),
                detail: trial.acceptedAt.map { words("trial.accepted", at($0)) }
                    ?? (isFailed && trial.boundAt != nil ? words("trial.unaccepted") : nothing)
            ),
            Stop(name: words("trial.phone"), detail: arrival),
        ]
    }
}

/// Why a test failed: what happened, in the provider's words, and what to do.
struct TrialFailure: Sendable {
    let sentence: String
    let said: String?
    let advice: String

    /// - Parameter detail: as the engine notes it: a few words of its own, and behind a colon those of the provider.
    init(_ detail: String, _ words: Words) {
        let known = [
            ("not reached", "unreached"), ("not connected", "unbound"), ("takes no more at present", "throttled"),
            ("the account is refused", "account"), ("refused", "refused"), ("no answer", "unanswered"),
            ("interrupted", "interrupted"), ("receipt", "receipt"),
        ]
        let found = known.first { detail == $0.0 || detail.hasPrefix($0.0 + ":") }
        let key = found?.1 ?? "other"
        let rest = found.map { String(detail.dropFirst($0.0.count)).drop { $0 == ":" || $0 == " " } } ?? detail[...]
        sentence = words("trial.failed." + key)
        advice = words("trial.failed." + key + "_advice")
        if key == "receipt" {
            let status = "status." + rest
            said = words.catalogue.has(status) ? words(status) : String(rest)
        } else {
            said = rest.isEmpty ? nil : String(rest)
        }
    }
}
