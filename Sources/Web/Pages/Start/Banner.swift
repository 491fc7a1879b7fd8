import Domain
import Storage

/// Something about the whole practice that keeps reminders from leaving.
struct Banner: Sendable {
    let sentence: String
    let path: String?
    let label: String?
    let isUrgent: Bool

    /// The urgent ones first. What is held is asked at the top of the page, and not told a second time.
    static func all(_ warnings: [ForecastWarning], _ visit: Visit) -> [Banner] {
        let isAsked = HoldView(visit) != nil
        let banners = warnings.filter { $0.code != .paused || !isAsked }.map { Banner($0, visit) }
        return banners.filter(\.isUrgent) + banners.filter { !$0.isUrgent }
    }

    init(_ warning: ForecastWarning, _ visit: Visit) {
        sentence = visit.words.sentence(warning)
        let way = WarningWay(warning, visit)
        path = way?.path
        label = way?.label
        isUrgent = ![.smsOff, .limitNear].contains(warning.code) && !warning.isReplaced
    }
}
