import ArgumentParser
import Domain
import Foundation
import Storage
import Web

struct ForecastCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forecast",
        abstract: "Tells what will go out when, and for each appointment that will get nothing: why."
    )

    @Option(help: "Id of the practice.") var practice: Practice.ID
    @Option(help: "How many days to look ahead.") var days = 14

    func validate() throws {
        guard (1...366).contains(days) else { throw ValidationError("--days must be from 1 to 366.") }
    }

    func run() async throws {
        let installation = try await Installation.open()
        let catalogue = try Resources.catalogue()
        let practice = try await installation.storage.practices.find(practice)
        let lines = try await installation.storage.forecast.of(
            practice.id,
            days: days,
            now: installation.clock.now()
        )
        let words = Words(catalogue, .english)
        for warning in try await installation.storage.forecast.warnings(practice.id, now: installation.clock.now()) {
            Output.note("warning: " + words.sentence(warning))
        }
        Output.table(lines.map { row($0, catalogue) })
    }

    private func row(_ line: ForecastLine, _ catalogue: Catalogue) -> [String] {
        let zone = line.appointment.timeZone
        let start = WallTime.of(line.appointment.start, in: zone).iso
        let due = line.dueAt.map { WallTime.of($0, in: zone).iso } ?? "-"
        let why =
            if let reason = line.reason {
                reason.rawValue
            } else if line.channel == nil {
                line.shortfall.isEmpty ? "none chosen" : line.shortfall.map(\.rawValue).joined(separator: ", ")
            } else {
                "will go out"
            }
        return [
            due, line.channel?.rawValue ?? "none", "appointment \(line.appointment.id)", start,
            "patient \(line.patient.id)", why,
        ]
    }
}
