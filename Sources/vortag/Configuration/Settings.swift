import Channels
import Configuration
import Domain
import Foundation
import Logging
import SystemPackage

/// The configuration of one process: environment over file over default, read once.
struct Settings: Sendable {
    enum Database: Hashable, Sendable {
        case sqlite(path: String)
        /// A connection URI of libpq. It may hold a password: it is never shown.
        case postgreSQL(uri: String)
    }

    let database: Database
    /// Connections to PostgreSQL at most, besides one that listens.
    let databaseConnections: Int
    let httpHost: String
    let httpPort: Int
    let publicURL: String?
    /// Where providers may lie that belong to a practice.
    let practiceProviders: PracticeProviders
    let secretKeyFile: String
    let logLevel: Logger.Level?
    /// Seconds for which evidence of an unknown outcome is awaited.
    let evidenceWindow: Double
    /// More reminders than this may not have fallen due two hours before the start without a question.
    let overdueLimit: Int
    let support: String
    /// The instant at which this process's clock starts; nil for the true time.
    let clock: Date?

    static let knownKeys: Set<String> = [
        "VORTAG_DATABASE", "VORTAG_HTTP_HOST", "VORTAG_HTTP_PORT", "VORTAG_PUBLIC_URL", "VORTAG_SECRET_KEY_FILE",
        "VORTAG_LOG_LEVEL", "VORTAG_CONFIG", "VORTAG_EVIDENCE_WINDOW", "VORTAG_OVERDUE_LIMIT",
        "VORTAG_SUPPORT", "VORTAG_CLOCK", "VORTAG_RESOURCES", "VORTAG_DATABASE_CONNECTIONS",
        "VORTAG_PRACTICE_PROVIDERS",
    ]

    /// - Throws: ``SettingsProblem`` naming the key and what to do.
    static func read(environment: [String: String] = ProcessInfo.processInfo.environment) async throws -> Settings {
        try refuseUnknown(environment.keys.filter { $0.hasPrefix("VORTAG_") }, source: "the environment")
        // A variable that is set to nothing is not set.
        let environment = environment.filter { !$0.value.isEmpty }
        var providers: [any ConfigProvider] = [EnvironmentVariablesProvider(environmentVariables: environment)]
        if let path = environment["VORTAG_CONFIG"] {
            providers.append(try await file(path))
        }
        return try Settings(ConfigReader(providers: providers))
    }

    /// A file of lines `VORTAG_NAME=value`, the form that systemd and containers read too.
    private static func file(_ path: String) async throws -> EnvironmentVariablesProvider {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw SettingsProblem(key: "VORTAG_CONFIG", advice: "the file \(path) cannot be read")
        }
        let names = text.split(separator: "\n").compactMap { line -> String? in
            let line = String(line).trimmingWhitespace()
            guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
            return String(line.prefix { $0 != "=" }).trimmingWhitespace()
        }
        try refuseUnknown(names, source: path)
        return try await EnvironmentVariablesProvider(environmentFilePath: FilePath(path))
    }

    /// A mistyped key would silently leave its default in force. Names that our own tests use are let through.
    private static func refuseUnknown(_ names: [String], source: String) throws {
        let unknown = names.filter {
            !knownKeys.contains($0) && !$0.hasPrefix("VORTAG_TEST_") && $0 != "VORTAG_BINARY"
        }
        guard let name = unknown.min() else { return }
        throw SettingsProblem(
            key: name,
            advice: "no such key (in \(source)); known are \(knownKeys.sorted().joined(separator: ", "))"
        )
    }

    private init(_ config: ConfigReader) throws {
        let text = { (key: String, standard: String) in
            config.string(forKey: ConfigKey(key), default: standard)
        }
        database = try Self.database(text("vortag.database", "sqlite:./data/vortag.db"))
        databaseConnections = try Self.number(
            "VORTAG_DATABASE_CONNECTIONS",
            text("vortag.database.connections", "8"),
            1...200
        )
        httpHost = text("vortag.http.host", "127.0.0.1")
        httpPort = try Self.number("VORTAG_HTTP_PORT", text("vortag.http.port", "8080"), 0...65_535)
        publicURL = try Self.publicURL(text("vortag.public.url", ""))
        practiceProviders = try Self.practiceProviders(text("vortag.practice.providers", ""), publicURL: publicURL)
        secretKeyFile = text("vortag.secret.key.file", Self.keyFile(beside: database))
        logLevel = try Self.level(text("vortag.log.level", ""))
        evidenceWindow = Double(
            try Self.number("VORTAG_EVIDENCE_WINDOW", text("vortag.evidence.window", "3600"), 0...86_400)
        )
        overdueLimit = try Self.number(
            "VORTAG_OVERDUE_LIMIT",
            text("vortag.overdue.limit", "200"),
            0...1_000_000_000
        )
        support = text("vortag.support", "")
        clock = try Self.clock(text("vortag.clock", ""))
    }
}

/// A key that cannot be used, with what to do about it.
struct SettingsProblem: Error, CustomStringConvertible {
    let key: String
    let advice: String

    var description: String { "\(key): \(advice)." }
}
