import Foundation

/// How many messages a second a lane hands over, measured in periods of a second or more.
struct Throughput {
    private var beganAt: Date?
    private var count = 0
    /// nil until the first period is over.
    private(set) var perSecond: Double?

    mutating func add(at now: Date) {
        count += 1
        guard let began = beganAt else {
            beganAt = now
            return
        }
        let seconds = now.timeIntervalSince(began)
        guard seconds >= 1 else { return }
        perSecond = Double(count) / seconds
        beganAt = now
        count = 0
    }
}
