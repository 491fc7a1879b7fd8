import Domain
import Foundation

@testable import Channels
@testable import SMPP
@testable import vortag

/// The octets as what an operator writes: a configuration file, and a provider's URL (the first line) with its options
/// (`name=value`, a line each).
public enum ConfigurationText {
    /// A sentence on what is wrong; nil where all is as it should be.
    ///
    /// - Parameter path: of a file that may be overwritten; the reader takes files only.
    public static func fault(in octets: [UInt8], path: String) async -> String? {
        guard FileManager.default.createFile(atPath: path, contents: Data(octets)) else { return "no file at \(path)" }
        if let fault = await fileFault(path) { return fault }
        return providerFault(String(decoding: octets, as: UTF8.self))
    }

    private static func fileFault(_ path: String) async -> String? {
        do {
            let settings = try await Settings.read(environment: ["VORTAG_CONFIG": path])
            if !(0...65_535).contains(settings.httpPort) { return "a port out of range" }
            if !(0...86_400).contains(settings.evidenceWindow) { return "an evidence window out of range" }
            return nil
        } catch {
            return advice(of: error)
        }
    }

    private static func providerFault(_ text: String) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var options: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if let name = parts.first, parts.count == 2 { options[name] = parts[1] }
        }
        let provider = Provider(
            id: Identifier(1),
            practiceID: nil,
            name: "p",
            kind: .smpp,
            url: lines.first ?? "",
            options: options
        )
        do {
            let settings = try SMPPSettings(provider: provider, secret: "", unixTime: { 0 })
            if !(1...1_000).contains(settings.client.window) { return "a window out of range" }
            if settings.rate.map({ $0.isFinite && $0 > 0 }) == false { return "a rate that is none" }
            if settings.client.host.isEmpty { return "a provider without a host" }
            return (0...65_535).contains(settings.client.port) ? nil : "a port out of range"
        } catch {
            return advice(of: error)
        }
    }

    /// Whatever is refused is refused with a sentence that says what to do.
    private static func advice(of error: any Error) -> String? {
        switch error {
        case let problem as SettingsProblem: problem.advice.isEmpty ? "a problem without advice" : nil
        case let problem as ProviderProblem: problem.description.isEmpty ? "a problem without advice" : nil
        default: "a problem without advice: \(error)"
        }
    }
}
