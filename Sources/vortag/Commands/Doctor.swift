import ArgumentParser
import Channels
import Domain
import Foundation
import Storage
import Web

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Looks at configuration, database, providers, mailboxes, clock and time zones; one line each."
    )

    func run() async throws {
        let settings = try await Settings.read()
        Output.result("ok       configuration: read, listens on \(settings.httpHost):\(settings.httpPort)")
        let installation = try await Installation.open()
        Output.result("ok       database: open, schema is current")
        let healthy = [
            try await providers(installation), try await mailboxes(installation), try await practices(installation),
            try await holds(installation), clock(installation), zones(),
        ]
        guard healthy.allSatisfy({ $0 }) else {
            throw CommandFailure(.unavailable, "Something needs attention; see the lines marked 'warning'.")
        }
    }

    private func providers(_ installation: Installation) async throws -> Bool {
        let providers = try await installation.storage.providers.all()
        guard !providers.isEmpty else {
            // To whom e-mails are enough, none is missing; practices with SMS and no provider have lines of their own.
            let isMissing = try await installation.storage.mailboxes.all().allSatisfy { !$0.account.isEnabled }
            Output.result(
                isMissing
                    ? "warning  providers: none; add one with 'vortag provider add'"
                    : "ok       providers: none, for SMS"
            )
            return !isMissing
        }
        let factory = installation.channelFactory()
        let health = try await installation.storage.health.all()
        var healthy = true
        for provider in providers where provider.isEnabled {
            do {
                _ = try factory.channel(
                    for: provider,
                    secret: try await installation.storage.providers.secret(of: provider.id)
                )
                let reached = provider.kind == .simulator || ProviderEndpoint(provider).map(Reach.isOpen) ?? false
                healthy = healthy && reached
                Output.result(
                    reached
                        ? "ok       provider \(provider.name): \(provider.kind.rawValue), reached"
                        : "warning  provider \(provider.name): nothing answers at its address"
                )
                if let trouble = health[provider.id].flatMap({ Self.trouble($0, at: installation.clock.now()) }) {
                    healthy = false
                    Output.result("warning  provider \(provider.name): \(trouble)")
                }
            } catch let problem as ProviderProblem {
                healthy = false
                Output.result("warning  provider \(provider.name): \(problem)")
            }
        }
        return healthy
    }

    /// What the process that delivers last said of it; nil where that is well.
    static func trouble(_ health: ProviderHealth, at now: Date) -> String? {
        guard health.isCurrent(at: now) else { return nil }
        let since = RFC3339.format(health.since, offsetSeconds: 0)
        switch health.state {
        case .well: return nil
        case .resting: return "not reached since \(since): \(health.detail)"
        case .silent: return "takes messages since \(since), and no receipt comes"
        }
    }

    private func practices(_ installation: Installation) async throws -> Bool {
        let words = Words(try Resources.catalogue(), .english)
        let now = installation.clock.now()
        var healthy = true
        for practice in try await installation.storage.practices.all() {
            // Mailboxes have lines of their own, in which none is named by its address.
            let warnings = try await installation.storage.forecast.warnings(practice.id, now: now)
                .filter { ![.mailboxInTrouble, .providerInTrouble].contains($0.code) }
            for warning in warnings.flatMap(\.apart) {
                healthy = false
                Output.result("warning  practice \(practice.id): \(words.sentence(warning))")
            }
        }
        if healthy { Output.result("ok       practices: nothing in the way of their reminders") }
        return healthy
    }

    private func holds(_ installation: Installation) async throws -> Bool {
        let held = try await installation.storage.holds.summary()
        if let clock = held.clock {
            Output.result(
                "warning  sending: held, the clock jumped by \(Int(clock.step)) seconds; see 'vortag deliver --resume'"
            )
        }
        if held.practices > 0 {
            Output.result(
                "warning  sending: overdue reminders held, of practices: \(held.practices); see 'vortag deliver --resume'"
            )
        }
        if held.isEmpty { Output.result("ok       sending: nothing is held") }
        return held.isEmpty
    }

    private func clock(_ installation: Installation) -> Bool {
        let now = RFC3339.format(installation.clock.now(), offsetSeconds: 0)
        if installation.clock.isSet {
            Output.result("warning  clock: set by VORTAG_CLOCK, shows \(now)")
            return false
        }
        // No machine that runs this was built before it.
        let isPlausible = installation.clock.now().timeIntervalSince1970 > 1_767_225_600
        Output.result(isPlausible ? "ok       clock: \(now)" : "warning  clock: shows \(now), which cannot be")
        return isPlausible
    }

    /// A summer and a winter offset that everyone knows tell whether the zones' data is there and sane.
    private func zones() -> Bool {
        let summer = LocalDate(iso: "2027-07-01").map { WallTime(date: $0, hour: 12, minute: 0) }
        let winter = LocalDate(iso: "2027-01-01").map { WallTime(date: $0, hour: 12, minute: 0) }
        guard let zone = TimeZone(identifier: "Europe/Vienna"), let summer, let winter,
            zone.secondsFromGMT(for: summer.instant(in: zone)) == 7200,
            zone.secondsFromGMT(for: winter.instant(in: zone)) == 3600
        else {
            Output.result("warning  time zones: the data for Europe/Vienna is missing or wrong; install tzdata")
            return false
        }
        Output.result("ok       time zones: Europe/Vienna is known, summer and winter")
        return true
    }
}
