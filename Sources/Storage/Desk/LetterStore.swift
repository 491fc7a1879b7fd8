import Database
import Domain
import Foundation

/// An e-mail to someone of the practice, by the practice's own mailbox. What it says is made when it leaves, so that
/// nothing personal and no secret lies here.
public struct Letter: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Letter>

    public enum Kind: String, CaseIterable, Sendable {
        case passwordReset = "password_reset"
        case morningReport = "morning_report"
    }

    public let id: ID
    public let practiceID: Practice.ID
    public let kind: Kind
    /// Who asked for a new password.
    public let userID: User.ID?
    public let recipient: EmailAddress
    /// What it is about; of one occasion each recipient gets one letter.
    public let occasion: String
    /// How often it was tried, this time included.
    public let tries: Int
    public let expiresAt: Date

    /// A morning report that somebody only wants to see.
    public var isTrial: Bool { occasion.hasPrefix(Self.trial) }

    static let trial = "trial "
    static let columns = ["id", "practice_id", "kind", "user_id", "recipient", "occasion", "tries", "expires_at"]

    init(_ reader: inout RowReader) throws {
        id = try reader.id()
        practiceID = try reader.id()
        kind = try reader.word()
        userID = try reader.optionalID()
        recipient = try reader.stored(EmailAddress.init(stored:))
        occasion = try reader.text()
        tries = Int(try reader.integer())
        expiresAt = try reader.date()
    }
}

/// Letters that are owed.
public struct LetterStore: Sendable {
    /// A letter that was taken and of which nothing was heard for so many seconds has lost its worker.
    private static let lease = 300.0
    /// Who asks again within so many seconds has a letter on the way.
    private static let resetPause = 120.0
    private static let resetPatience = 3600.0
    private static let trialPatience = 600.0

    let driver: any SQLDriver

    /// Asks for the letter by which a user sets a new password.
    ///
    /// - Returns: false where the practice has no mailbox of its own that is switched on.
    public func askPasswordReset(_ user: User, now: Date) async throws -> Bool {
        guard try await mailbox(of: user.practiceID) != nil else { return false }
        let slot = Int64((now.timeIntervalSince1970 / Self.resetPause).rounded(.down))
        _ = try await ask(
            .passwordReset,
            user.practiceID,
            to: user.email,
            user: user.id,
            occasion: "\(user.id) \(slot)",
            until: now + Self.resetPatience,
            now: now
        )
        return true
    }

    /// Asks for the report of a day; one that was asked for before is enough.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    public func askMorningReport(_ practice: Practice, _ day: LocalDate, now: Date) async throws -> Bool {
        guard let recipient = practice.reportTo else { return false }
        return try await ask(
            .morningReport,
            practice.id,
            to: recipient,
            occasion: day.iso,
            until: MorningReportTime.end(practice, on: day),
            now: now
        )
    }

    /// Asks for a report that shows what one looks like.
    ///
    /// - Returns: false where the practice has no mailbox of its own that is switched on, or no address for reports.
    public func askTrialReport(_ practice: Practice, now: Date) async throws -> Bool {
        guard let recipient = practice.reportTo, try await mailbox(of: practice.id) != nil else { return false }
        return try await ask(
            .morningReport,
            practice.id,
            to: recipient,
            occasion: Letter.trial + String(now.milliseconds),
            until: now + Self.trialPatience,
            now: now
        )
    }

    private func ask(
        _ kind: Letter.Kind,
        _ practice: Practice.ID,
        to recipient: EmailAddress,
        user: User.ID? = nil,
        occasion: String,
        until end: Date,
        now: Date
    ) async throws -> Bool {
        try await driver.write { transaction in
            try transaction.first(
                """
                INSERT INTO letters (practice_id, kind, user_id, recipient, occasion, created_at, next_at, expires_at)
                VALUES ($1, $2, $3, $4, $5, $6, $6, $7)
                ON CONFLICT (practice_id, kind, recipient, occasion) DO NOTHING RETURNING id
                """,
                practice.rawValue,
                kind.rawValue,
                user?.rawValue,
                recipient.value,
                occasion,
                now.milliseconds,
                end.milliseconds
            ) != nil
        }
    }

    /// The practice's own mailbox, by which its letters leave: not a practitioner's.
    public func mailbox(of practice: Practice.ID) async throws -> Mailbox? {
        try await driver.read { transaction in
            try transaction.query(
                """
                \(MailboxStore.selection)
                WHERE v.enabled = 1 AND b.practice_id = $1 AND b.practitioner_id IS NULL ORDER BY b.provider_id LIMIT 1
                """,
                practice.rawValue
            ).entities(Mailbox.init).first
        }
    }

    /// Practices that want to be told when something failed, and were not told of their own day yet.
    public func reporting() async throws -> [Practice] {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Columns.practice)) FROM practices WHERE report_to IS NOT NULL ORDER BY id
                """
            ).entities(Practice.init)
        }
    }

    /// Whether the report of a day was asked for, to whatever address.
    public func hasReport(_ practice: Practice.ID, _ day: LocalDate) async throws -> Bool {
        try await driver.read { transaction in
            try transaction.first(
                """
                SELECT 1 FROM letters WHERE practice_id = $1 AND kind = 'morning_report' AND occasion = $2 LIMIT 1
                """,
                practice.rawValue,
                day.iso
            ) != nil
        }
    }
}

extension LetterStore {
    /// Takes the next letter that is due; nobody else takes it meanwhile. What came too late to be sent is ended.
    public func take(now: Date) async throws -> Letter? {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                """
                UPDATE letters SET ended_at = $1, detail = CASE WHEN detail = '' THEN 'too late' ELSE detail END
                WHERE ended_at IS NULL AND next_at <= $1 AND expires_at <= $1
                """,
                now.milliseconds
            )
            let row = try transaction.first(
                """
                UPDATE letters SET tries = tries + 1, next_at = $1 WHERE ended_at IS NULL AND next_at <= $2 AND id = (
                    SELECT id FROM letters WHERE ended_at IS NULL AND next_at <= $2
                    ORDER BY next_at, id LIMIT 1\(transaction.dialect.skipLocked))
                RETURNING \(Columns.list(Letter.columns))
                """,
                (now + Self.lease).milliseconds,
                now.milliseconds
            )
            return row == nil ? nil : try Lookup.read(row, Letter.init)
        }
    }

    public func sent(_ id: Letter.ID, now: Date) async throws {
        try await end(id, sentAt: now, detail: "", now: now)
    }

    /// It is not sent, and not tried again.
    ///
    /// - Parameter detail: why; no personal data. Cut to 200 characters.
    public func givenUp(_ id: Letter.ID, detail: String, now: Date) async throws {
        try await end(id, sentAt: nil, detail: detail, now: now)
    }

    private func end(_ id: Letter.ID, sentAt: Date?, detail: String, now: Date) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                "UPDATE letters SET sent_at = $1, ended_at = $2, detail = $3 WHERE id = $4 AND ended_at IS NULL",
                sentAt?.milliseconds,
                now.milliseconds,
                String(detail.prefix(200)),
                id.rawValue
            )
        }
    }

    /// It was surely not sent, and is tried again.
    public func again(_ id: Letter.ID, at next: Date, detail: String) async throws {
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                "UPDATE letters SET next_at = $1, detail = $2 WHERE id = $3 AND ended_at IS NULL",
                next.milliseconds,
                String(detail.prefix(200)),
                id.rawValue
            )
        }
    }

    /// How the newest letter of a kind went; nil where there was none.
    public func latest(_ kind: Letter.Kind, of practice: Practice.ID) async throws -> LetterStanding? {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT created_at, sent_at, ended_at, detail FROM letters WHERE practice_id = $1 AND kind = $2
                ORDER BY id DESC LIMIT 1
                """,
                practice.rawValue,
                kind.rawValue
            ).entities { reader in
                LetterStanding(
                    askedAt: try reader.date(),
                    sentAt: try reader.optionalDate(),
                    endedAt: try reader.optionalDate(),
                    detail: try reader.text()
                )
            }.first
        }
    }

    /// Forgets letters that ended before.
    public func drop(before instant: Date) async throws -> Int {
        try await driver.write(.guarded) { transaction in
            Int(try transaction.execute("DELETE FROM letters WHERE ended_at < $1", instant.milliseconds))
        }
    }
}

/// How it went with a letter.
public struct LetterStanding: Hashable, Sendable {
    public let askedAt: Date
    public let sentAt: Date?
    public let endedAt: Date?
    /// Why it was not sent, or not yet.
    public let detail: String
}
