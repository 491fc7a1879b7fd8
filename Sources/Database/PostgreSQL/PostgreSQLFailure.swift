import CLibPQ
import Foundation

/// What went wrong on a connection: how the driver goes on, and what its caller is told.
struct PostgreSQLFailure: Error {
    enum Remedy: Equatable {
        /// Two transactions got into each other's way: the body runs again.
        case runAgain
        /// The connection is of no use any more.
        case replaceConnection
        /// What this connection had prepared no longer fits the tables.
        case prepareAgain
        case none
    }

    let remedy: Remedy
    let error: SQLError

    /// The socket broke, or the server said nothing for too long.
    static let lost = PostgreSQLFailure(remedy: .replaceConnection, error: .connectionLost)

    init(remedy: Remedy, error: SQLError) {
        self.remedy = remedy
        self.error = error
    }

    /// Reads an error that the server sent. Its DETAIL is left out, since it holds values.
    init(_ result: OpaquePointer) {
        self.init(
            state: Self.field(result, "C") ?? "",
            // Table, column, constraint.
            names: ["t", "c", "n"].compactMap { Self.field(result, $0) },
            message: Self.field(result, "M") ?? ""
        )
    }

    /// The table of SQLSTATEs (PostgreSQL 15 manual, appendix A).
    ///
    /// - Parameters:
    ///   - names: what the error is about, from the general to the particular.
    ///   - message: the primary message; it can hold a value only in class 22.
    init(state: String, names: [String], message: String) {
        switch state {
        // serialization_failure, deadlock_detected
        case "40001", "40P01": self.init(remedy: .runAgain, error: .busy)
        // invalid_sql_statement_name, and feature_not_supported as said of a plan whose table has changed
        case "26000", "0A000": self.init(remedy: .prepareAgain, error: .failed("\(state) \(message)"))
        // protocol_violation: such as a statement with other parameters than values
        case "08P01": self.init(remedy: .none, error: .failed("\(state) \(message)"))
        // admin_shutdown, crash_shutdown, cannot_connect_now, database_dropped, idle_session_timeout,
        // idle_in_transaction_session_timeout
        case "57P01", "57P02", "57P03", "57P04", "57P05", "25P03": self = .lost
        // query_canceled (also by statement_timeout), lock_not_available (also by lock_timeout)
        case "57014", "55P03": self.init(remedy: .none, error: .busy)
        // disk_full, io_error, undefined_table
        case "53100": self.init(remedy: .none, error: .full)
        case "58030": self.init(remedy: .none, error: .disk)
        case "42P01": self.init(remedy: .none, error: .noSuchTable)
        // too_many_connections
        case "53300": self.init(remedy: .none, error: .unreachable("it has no connection left for us"))
        // Class 28 invalid authorization, 3D invalid catalog name, 3F invalid schema name, insufficient_privilege
        case _ where state.hasPrefix("28"):
            self.init(remedy: .none, error: .cannotOpen("the server refuses the user, the password or the address"))
        case "3D000": self.init(remedy: .none, error: .cannotOpen("the server has no such database"))
        case "42501": self.init(remedy: .none, error: .cannotOpen("the user may not do this: \(message)"))
        case _ where state.hasPrefix("08"): self = .lost
        // Class 23, integrity constraint violation
        case _ where state.hasPrefix("23"):
            self.init(remedy: .none, error: .constraint(names.joined(separator: " ")))
        // Class 22, data exception: its message can quote what was given
        case _ where state.hasPrefix("22"): self.init(remedy: .none, error: .failed("\(state) a value does not fit"))
        default: self.init(remedy: .none, error: .failed("\(state) \(message)"))
        }
    }

    /// Reads why no connection came about. The verbosity is set so that the server's own errors end in their SQLSTATE;
    /// what libpq says itself names the host and the port, never the password.
    init(connecting message: String) {
        let line = message.split(separator: "\n").last { !$0.hasPrefix("\t") }.map(String.init) ?? ""
        let state = line.split(separator: " ").last.map(String.init) ?? ""
        let isState = state.count == 5 && state.allSatisfy { $0.isASCII && ($0.isNumber || $0.isUppercase) }
        if isState, line.dropLast(5).hasSuffix(":  ") {
            self.init(state: state, names: [], message: "the server ended the attempt to connect")
        } else if ["SSL", "certificate", "password", "authentication"].contains(where: { line.contains($0) }) {
            self.init(remedy: .none, error: .cannotOpen(line))
        } else {
            self.init(remedy: .replaceConnection, error: .unreachable(line))
        }
    }

    private static func field(_ result: OpaquePointer, _ code: Character) -> String? {
        guard let ascii = code.asciiValue, let text = PQresultErrorField(result, CInt(ascii)) else { return nil }
        return String(cString: text)
    }
}
