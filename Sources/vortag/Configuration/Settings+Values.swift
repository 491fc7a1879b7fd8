import Channels
import Domain
import Foundation
import Logging

extension Settings {
    static func database(_ text: String) throws -> Database {
        if text.hasPrefix("sqlite:"), text.count > "sqlite:".count {
            return .sqlite(path: String(text.dropFirst("sqlite:".count)))
        }
        if text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") { return .postgreSQL(uri: text) }
        throw SettingsProblem(key: "VORTAG_DATABASE", advice: "write sqlite:PATH or postgresql://USER@HOST/DATABASE")
    }

    static func number(_ key: String, _ text: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let value = Int(text), range.contains(value) else {
            throw SettingsProblem(
                key: key,
                advice: "must be a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    static func publicURL(_ text: String) throws -> String? {
        guard !text.isEmpty else { return nil }
        guard let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme ?? ""),
            parts.host?.isEmpty == false
        else { throw SettingsProblem(key: "VORTAG_PUBLIC_URL", advice: "write it like https://vortag.example") }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    /// The address of the pages in letters to people of the practice: without a public one only where everybody who
    /// reaches the server sits at it.
    var pagesURL: String? {
        if let publicURL { return publicURL }
        let isLoopback = ["127.0.0.1", "localhost", "::1"].contains(httpHost)
        return isLoopback && httpPort != 0 ? "http://localhost:\(httpPort)" : nil
    }

    static func practiceProviders(_ text: String, publicURL: String?) throws -> PracticeProviders {
        if text.isEmpty { return .standard(publicURL: publicURL) }
        guard let value = PracticeProviders(rawValue: text) else {
            throw SettingsProblem(
                key: "VORTAG_PRACTICE_PROVIDERS",
                advice: "must be " + PracticeProviders.allCases.map(\.rawValue).joined(separator: " or ")
            )
        }
        return value
    }

    static func keyFile(beside database: Database) -> String {
        switch database {
        case .sqlite(let path):
            URL(fileURLWithPath: path).deletingLastPathComponent().appendingPathComponent("vortag.key").path
        case .postgreSQL: "./data/vortag.key"
        }
    }

    static func level(_ text: String) throws -> Logger.Level? {
        guard !text.isEmpty else { return nil }
        guard let level = Logger.Level(rawValue: text.lowercased()) else {
            throw SettingsProblem(
                key: "VORTAG_LOG_LEVEL",
                advice: "must be one of " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return level
    }

    static func clock(_ text: String) throws -> Date? {
        guard !text.isEmpty else { return nil }
        guard let (instant, _) = RFC3339.parse(text) else {
            throw SettingsProblem(
                key: "VORTAG_CLOCK",
                advice: "write an instant with its offset, like 2027-03-01T06:59:55+01:00"
            )
        }
        return instant
    }
}
