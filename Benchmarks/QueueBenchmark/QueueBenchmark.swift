// What lives here: the queue alone, measured through the interface that the engine uses, with no network.
// What must not: statements of its own (the database is filled and checked from outside), or anything of the product.

import ArgumentParser
import Database
import Domain
import Foundation
import Storage

@main
struct QueueBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "QueueBenchmark",
        abstract: "Claims every due reminder and completes it; prints one line of JSON."
    )

    /// How a claimed reminder is completed.
    enum Completion: String, ExpressibleByArgument, CaseIterable {
        /// Composed, put on record as started, its acceptance noted: what a handed over SMS costs.
        case accepted
        /// Ended as too late to send: the least that completes a row of the queue.
        case skipped
    }

    @Option(help: "sqlite:PATH or postgresql://…, with the schema, a provider, and what is due.") var database: String
    @Option(help: "Reminders claimed at a time.") var batch = 1000
    @Option(help: "Claimers that work at the same time.") var workers = 1
    @Option(help: "How a reminder is completed.") var completion = Completion.accepted
    @Option(help: "The instant that it is, in milliseconds since 1970.") var now: Int64

    func validate() throws {
        guard batch > 0, workers > 0 else { throw ValidationError("--batch and --workers must be positive.") }
    }

    func run() async throws {
        let driver = try DatabaseURL(database).open()
        let storage = Storage(
            driver: driver,
            secrets: nil,
            random: { count in (0..<count).map { _ in .random(in: 0...255) } }
        )
        try await storage.checkSchema()
        guard let provider = try await storage.providers.all().first else {
            throw ValidationError("There is no provider in the database.")
        }
        let clock = ContinuousClock()
        let start = clock.now
        let tallies = try await withThrowingTaskGroup(of: Tally.self) { group in
            for number in 0..<workers {
                let worker = Worker(
                    queue: storage.queue,
                    provider: provider.id,
                    name: "bench-\(number)",
                    size: batch,
                    completion: completion,
                    now: Date(timeIntervalSince1970: Double(now) / 1000)
                )
                group.addTask { try await worker.run() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        print(line(tallies, seconds: (clock.now - start).seconds))
    }

    private func line(_ tallies: [Tally], seconds: Double) -> String {
        let sum = { (part: KeyPath<Tally, Duration>) in tallies.map { $0[keyPath: part].seconds }.reduce(0, +) }
        return """
            {"completed": \(tallies.map(\.completed).reduce(0, +)), "seconds": \(seconds), \
            "starting": \(sum(\.starting)), "noting": \(sum(\.noting))}
            """
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
