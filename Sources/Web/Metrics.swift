import Storage

/// Counts in the text format of Prometheus 0.0.4. Only sums of the whole installation: nothing tells of a practice.
enum Metrics {
    /// A number that rises and falls.
    struct Gauge: Hashable, Sendable {
        let name: String
        let help: String
        let value: Int
    }

    static func gauges(_ counts: StorageCounts) -> [Gauge] {
        [
            Gauge(name: "practices", help: "Practices.", value: counts.practices),
            Gauge(name: "patients", help: "Patients, without erased ones.", value: counts.patients),
            Gauge(name: "appointments", help: "Appointments, cancelled ones too.", value: counts.appointments),
            Gauge(name: "reminders_planned", help: "Reminders that are still owed.", value: counts.plannedReminders),
            Gauge(name: "messages", help: "Messages of the log.", value: counts.messages),
        ]
    }

    static func text(_ gauges: [Gauge]) -> String {
        gauges.map { gauge in
            let name = "vortag_" + gauge.name
            return "# HELP \(name) \(gauge.help)\n# TYPE \(name) gauge\n\(name) \(gauge.value)\n"
        }.joined()
    }
}
