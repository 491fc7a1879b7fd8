import Domain
import Storage

/// Counts in the text format of Prometheus 0.0.4. Only sums of the whole installation: nothing tells of a practice.
enum Metrics {
    /// A number that rises and falls, or several that differ in the value of a label.
    struct Gauge: Hashable, Sendable {
        struct Sample: Hashable, Sendable {
            /// As it stands in the text, braces included; empty where there is no label.
            let label: String
            let value: Int
        }

        let name: String
        let help: String
        let samples: [Sample]

        init(name: String, help: String, value: Int) {
            self.name = name
            self.help = help
            samples = [Sample(label: "", value: value)]
        }

        /// - Parameter values: by the words of the label, which need no escaping.
        init(name: String, help: String, label: String, values: [(word: String, value: Int)]) {
            self.name = name
            self.help = help
            samples = values.map { Sample(label: "{\(label)=\"\($0.word)\"}", value: $0.value) }
        }
    }

    static func gauges(_ counts: StorageCounts) -> [Gauge] { amounts(counts) + sending(counts) + providers(counts) }

    private static func amounts(_ counts: StorageCounts) -> [Gauge] {
        [
            Gauge(name: "practices", help: "Practices.", value: counts.practices),
            Gauge(name: "patients", help: "Patients ever entered, erased ones too.", value: counts.patientsEver),
            Gauge(
                name: "appointments",
                help: "Appointments ever entered, cancelled ones too.",
                value: counts.appointmentsEver
            ),
            Gauge(name: "messages", help: "Messages ever begun.", value: counts.messagesEver),
            Gauge(
                name: "messages_last_day",
                help: "Messages begun in the last 24 hours by status, the newest \(StorageCounts.most) at most.",
                label: "status",
                values: standings.map { ($0.word, counts.lastDay[$0.standing] ?? 0) }
            ),
        ]
    }

    private static func sending(_ counts: StorageCounts) -> [Gauge] {
        let most = "counted up to \(StorageCounts.most)."
        return [
            Gauge(name: "reminders_planned", help: "Reminders owed, \(most)", value: counts.plannedReminders),
            Gauge(name: "reminders_due", help: "Reminders to be handed over now, \(most)", value: counts.dueReminders),
            Gauge(
                name: "due_lag_seconds",
                help: "Seconds for which the reminder that waits longest has been due.",
                value: Int(counts.dueLag)
            ),
            Gauge(
                name: "messages_unclear",
                help: "Messages that may have been sent and whose outcome is open.",
                value: counts.unclear
            ),
            Gauge(
                name: "unknown_outcomes",
                help: "Attempts that nobody knows the outcome of, since the beginning, \(most)",
                value: counts.unknownOutcomes
            ),
            Gauge(
                name: "receipts_unmatched",
                help: "Receipts that no message was found for, \(most)",
                value: counts.unmatchedReceipts
            ),
            Gauge(
                name: "practices_held",
                help: "Practices whose overdue reminders wait for an answer.",
                value: counts.held.practices
            ),
            Gauge(
                name: "clock_held",
                help: "1 while nothing is sent because the clock jumped.",
                value: counts.held.clock == nil ? 0 : 1
            ),
        ]
    }

    private static func providers(_ counts: StorageCounts) -> [Gauge] {
        [
            Gauge(
                name: "providers",
                help: "Providers by how they do.",
                label: "state",
                values: ProviderHealth.State.allCases.map { ($0.rawValue, counts.health[$0] ?? 0) }
            ),
            Gauge(
                name: "copies_waiting",
                help: "E-mails whose copy is not in the Sent folder yet, counted up to \(StorageCounts.most).",
                value: counts.waitingCopies
            ),
            Gauge(name: "hooks_waiting", help: "Calls of providers not yet read.", value: counts.waitingHooks),
        ]
    }

    /// Every status, so that none is missing while its count is 0.
    private static let standings: [(standing: StorageCounts.Standing, word: String)] =
        MessageStatus.allCases.map { (.status($0), $0.rawValue) } + [(.unclear, "unclear"), (.underWay, "under_way")]

    static func text(_ gauges: [Gauge]) -> String {
        gauges.map { gauge in
            let name = "vortag_" + gauge.name
            let lines = gauge.samples.map { "\(name)\($0.label) \($0.value)\n" }.joined()
            return "# HELP \(name) \(gauge.help)\n# TYPE \(name) gauge\n" + lines
        }.joined()
    }
}
