import Testing

@testable import Web

/// The text format of Prometheus 0.0.4.
struct MetricsTests {
    @Test func `Every value has its help and its type before it`() {
        let gauges = [
            Metrics.Gauge(name: "messages", help: "Messages.", value: 5),
            Metrics.Gauge(name: "patients", help: "Patients.", value: 0),
        ]
        #expect(
            Metrics.text(gauges) == """
                # HELP vortag_messages Messages.
                # TYPE vortag_messages gauge
                vortag_messages 5
                # HELP vortag_patients Patients.
                # TYPE vortag_patients gauge
                vortag_patients 0

                """
        )
    }
}
