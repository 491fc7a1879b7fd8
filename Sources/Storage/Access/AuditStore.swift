import Database
import Domain
import Foundation

/// Who did something.
public struct Actor: Hashable, Sendable {
    public let userID: User.ID?
    public let name: String

    /// Whoever gives commands on the server itself.
    public static let command = Actor(userID: nil, name: "vortag")

    private init(userID: User.ID?, name: String) {
        self.userID = userID
        self.name = name
    }

    public init(_ user: User) {
        userID = user.id
        name = user.email.value
    }

    public init(_ token: AccessToken) {
        userID = nil
        name = token.name
    }
}

/// The record of who changed or looked at what. It holds ids, and no patient's name, number or text.
public struct AuditStore: Sendable {
    let driver: any SQLDriver

    /// - Parameter pause: where the same was noted within so many seconds, nothing is: what a page asks for by itself
    ///   says nothing new.
    public func note(
        _ practice: Practice.ID,
        _ actor: Actor,
        _ deed: AuditEntry.Deed,
        _ subject: AuditEntry.Subject,
        _ subjectID: Int64? = nil,
        _ detail: AuditEntry.Detail? = nil,
        pause: Double? = nil,
        now: Date
    ) async throws {
        try await driver.write { transaction in
            if let pause {
                let known = try transaction.first(
                    """
                    SELECT 1 FROM audit WHERE practice_id = $1 AND subject = $2 AND subject_id = $3 AND actor = $4
                        AND deed = $5 AND at > $6
                    ORDER BY id DESC LIMIT 1
                    """,
                    practice.rawValue,
                    subject.rawValue,
                    subjectID,
                    actor.name,
                    deed.rawValue,
                    (now - pause).milliseconds
                )
                if known != nil { return }
            }
            try transaction.execute(
                """
                INSERT INTO audit (practice_id, at, user_id, actor, deed, subject, subject_id, detail)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                """,
                practice.rawValue,
                now.milliseconds,
                actor.userID?.rawValue,
                actor.name,
                deed.rawValue,
                subject.rawValue,
                subjectID,
                detail?.rawValue
            )
        }
    }

    /// The newest first.
    public func list(
        _ practice: Practice.ID,
        _ filter: AuditFilter = AuditFilter(),
        _ page: PageRequest = PageRequest()
    ) async throws -> Page<AuditLine> {
        let (limit, cursor) = try page.checked()
        var conditions = Conditions()
        conditions.add("u.practice_id = ?", practice.rawValue)
        if let user = filter.userID { conditions.add("u.user_id = ?", user.rawValue) }
        if let deed = filter.deed { conditions.add("u.deed = ?", deed.rawValue) }
        if let subject = filter.subject { conditions.add("u.subject = ?", subject.rawValue) }
        if let id = filter.subjectID { conditions.add("u.subject_id = ?", id) }
        if let cursor { conditions.add("u.id < ?", cursor.id) }
        let most = conditions.bind(limit + 1)
        let (sql, values) = (conditions.sql, conditions.values)
        return try await driver.read { transaction in
            let lines = try transaction.query(
                """
                SELECT u.id, u.at, u.user_id, u.actor, u.deed, u.subject, u.subject_id, u.detail, p.last_name, p.first_name,
                    a.start_wall
                FROM audit u
                LEFT JOIN appointments a
                    ON u.subject = 'appointment' AND a.id = u.subject_id AND a.practice_id = u.practice_id
                LEFT JOIN patients p ON p.practice_id = u.practice_id
                    AND p.id = CASE WHEN u.subject = 'patient' THEN u.subject_id ELSE a.patient_id END
                WHERE \(sql) ORDER BY u.id DESC LIMIT \(most)
                """,
                values: values
            ).entities(AuditLine.init)
            return Page(lines, limit: limit) { Cursor(key: $0.entry.id.rawValue, id: $0.entry.id.rawValue) }
        }
    }

    /// Forgets what is older; tells how many lines.
    @discardableResult
    public func drop(before instant: Date) async throws -> Int {
        try await driver.write { transaction in
            try transaction.execute("DELETE FROM audit WHERE at < $1", instant.milliseconds)
        }
    }
}

/// Which lines of the record are shown.
public struct AuditFilter: Hashable, Sendable {
    public var userID: User.ID?
    public var deed: AuditEntry.Deed?
    public var subject: AuditEntry.Subject?
    /// Of `subject`.
    public var subjectID: Int64?

    public init(
        userID: User.ID? = nil,
        deed: AuditEntry.Deed? = nil,
        subject: AuditEntry.Subject? = nil,
        subjectID: Int64? = nil
    ) {
        self.userID = userID
        self.deed = deed
        self.subject = subject
        self.subjectID = subjectID
    }
}

/// A line of the record, with whom it concerned as that person is called today.
public struct AuditLine: Hashable, Sendable {
    public let entry: AuditEntry
    /// `Huber, Anna`; empty where it concerned no patient, or one whose data was erased.
    public let patientName: String
    /// nil where it concerned no appointment.
    public let appointmentStart: WallTime?

    init(_ reader: inout RowReader) throws {
        entry = AuditEntry(
            id: try reader.id(),
            at: try reader.date(),
            userID: try reader.optionalID(),
            actor: try reader.text(),
            deed: try reader.word(),
            subject: try reader.word(),
            subjectID: try reader.optionalInteger(),
            detail: try reader.optionalWord()
        )
        let names = [try reader.optionalText(), try reader.optionalText()].compactMap(\.self)
        patientName = names.filter { !$0.isEmpty }.joined(separator: ", ")
        appointmentStart = try reader.optionalText().flatMap(WallTime.init(iso:))
    }
}
