import Channels
import Database
import Domain
import Foundation
import Storage
import Web

/// Why a command could not be done: one sentence, and an exit code of sysexits.h.
struct CommandFailure: Error {
    enum Code: Int32 {
        case data = 65
        case unavailable = 69
        case `internal` = 70
        case configuration = 78
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Reads what the rooms throw; nil for what the argument parser throws.
    init?(_ error: any Error) {
        switch error {
        case let error as ProblemList: self.init(.data, Self.sentences(error.problems))
        case let error as FieldProblem: self.init(.data, Self.sentences([error]))
        case let error as ProviderProblem: self.init(.data, error.description)
        case let error as StorageError: self.init(error)
        case let error as SQLError: self.init(error)
        case let error as SettingsProblem: self.init(.configuration, error.description)
        default: return nil
        }
    }

    private init(_ error: StorageError) {
        switch error {
        case .notFound: self.init(.data, "There is nothing with this id; look with the list command.")
        case .stale: self.init(.data, "It was changed meanwhile; try again.")
        case .wrongKey:
            self.init(
                .configuration,
                "VORTAG_SECRET_KEY_FILE: this is not the key that the stored secrets were encrypted with."
            )
        case .notMigrated(let found, let expected):
            self.init(
                .configuration,
                found < expected
                    ? "The database is at migration \(found), this program needs \(expected): run 'vortag migrate'."
                    : "The database is at migration \(found), newer than this program (\(expected)): update vortag."
            )
        }
    }

    private init(_ error: SQLError) {
        let sentence = "VORTAG_DATABASE: " + error.description + "."
        switch error {
        case .busy, .full, .disk, .connectionLost, .unreachable: self.init(.unavailable, sentence)
        case .notADatabase, .noSuchTable: self.init(.data, sentence)
        case .cannotOpen: self.init(.configuration, sentence)
        case .constraint, .unexpectedValue, .failed: self.init(.internal, sentence)
        }
    }

    /// Something was not sent because somebody has to answer first.
    init(_ held: HoldSummary) {
        let reason =
            held.clock.map { "the clock jumped by \(Int($0.step)) seconds, so nothing was sent" }
            ?? "overdue reminders were not sent, of practices: \(held.practices)"
        self.init(
            .unavailable,
            "Sending is held: \(reason). Answer on the pages, or let all of it leave by 'vortag deliver --resume'."
        )
    }

    /// `field: what is wrong`, one a line, in the operator's language.
    static func sentences(_ problems: [FieldProblem]) -> String {
        guard let catalogue = try? Resources.catalogue() else {
            return problems.map { "\($0.field): \($0.code.rawValue)" }.joined(separator: "\n")
        }
        return problems.map { "\($0.field): \(catalogue.sentence($0, .english)) [\($0.code.rawValue)]" }
            .joined(separator: "\n")
    }

    func end() -> Never {
        FileHandle.standardError.write(Data(("vortag: " + message + "\n").utf8))
        exit(code.rawValue)
    }
}
