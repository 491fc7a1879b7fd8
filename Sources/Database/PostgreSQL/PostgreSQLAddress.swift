import CLibPQ
import Foundation

/// Where the server is and how to talk to it: a connection URI of libpq (PostgreSQL 15 manual, 34.1.1.2), with time-outs
/// of ours for whatever it leaves open. It holds the password: it is never printed.
struct PostgreSQLAddress: Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// Seconds for one attempt to connect.
    let connectSeconds: Double
    let settings: [(keyword: String, value: String)]

    var description: String { "postgresql" }
    var debugDescription: String { description }

    /// What is in force unless the URI says otherwise. A peer that vanished is noticed after half a minute: seconds for
    /// the keep-alives, milliseconds for `tcp_user_timeout`.
    private static let standard = [
        ("connect_timeout", "5"), ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
        ("tcp_user_timeout", "30000"), ("fallback_application_name", "vortag"),
    ]

    /// Settings of the session, in milliseconds: half a minute for a statement, five seconds for a lock as on SQLite,
    /// half a minute for a transaction in which nothing happens.
    ///
    /// Every statement is written for an index, and is prepared once. A table that is small when its statement is
    /// prepared would get a plan that reads the whole of it, and keep it while the table grows by thousands of rows, so
    /// such plans are the last resort: no table is read from end to end, and none is joined but by looking up row by
    /// row; and just-in-time compilation, which PostgreSQL thinks worth while for what it
    /// holds to be a dear plan, costs more than any statement here takes.
    private static let session = """
        -c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 \
        -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off
        """

    /// - Throws: ``SQLError/cannotOpen(_:)`` for what is no connection URI, without quoting it.
    init(_ uri: String) throws {
        guard let options = uri.contains("://") ? PQconninfoParse(uri, nil) : nil else {
            throw SQLError.cannotOpen("write postgresql://user@host:port/database?sslmode=verify-full")
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        for (keyword, value) in Self.standard where given[keyword] == nil { given[keyword] = value }
        // The last one of two equal settings counts, so that the URI's own stand behind.
        given["options"] = [Self.session, given["options"]].compactMap { $0 }.joined(separator: " ")
        given["client_encoding"] = "UTF8"
        settings = given.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let seconds = given["connect_timeout"].flatMap(Double.init) ?? 0
        connectSeconds = seconds > 0 ? seconds : 30
    }

    /// Begins to connect; nil where there is no memory.
    func start() -> OpaquePointer? {
        let keywords = settings.map { strdup($0.keyword) }
        let values = settings.map { strdup($0.value) }
        defer { (keywords + values).forEach { free($0) } }
        let keywordList = keywords.map { UnsafePointer<CChar>($0) } + [nil]
        let valueList = values.map { UnsafePointer<CChar>($0) } + [nil]
        return PQconnectStartParams(keywordList, valueList, 0)
    }
}
