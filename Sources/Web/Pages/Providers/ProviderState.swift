import Domain
import Foundation
import Storage

/// How a provider does, in a shape and a few words.
struct ProviderState: Sendable {
    let look: String
    let word: String
    /// The same as a sentence.
    let sentence: String
    /// The provider's own words where it is not well.
    let said: String?

    init(_ provider: Provider, _ health: ProviderHealth?, _ visit: Visit) {
        let words = visit.words
        let since = health.map { words.since($0.since, zone: visit.practice.timeZone, today: visit.today) } ?? ""
        let (look, key): (Look, String) =
            switch (provider.isEnabled, health?.state) {
            case (false, _): (.none, "off")
            case (true, nil): (.planned, "on")
            case (true, .well): (.delivered, "well")
            case (true, .resting): (.failed, "resting")
            case (true, .silent): (.unclear, "silent")
            }
        self.look = look.rawValue
        word = words("provider.state." + key, ["since": since])
        sentence = words("provider.lead." + key, ["name": provider.name, "since": since])
        said =
            provider.isEnabled && health?.state != .well ? health.map(\.detail).flatMap { $0.isEmpty ? nil : $0 } : nil
    }
}
