import Database
import Domain
import Foundation

/// The mailboxes of practices and practitioners. Each is a row of `providers`, too, so that everything that is on record
/// about a carrier (attempts, health, binds, trials) is on record about it.
public struct MailboxStore: Sendable {
    /// What a mailbox's kind makes of its addresses and options; throws where they do not make sense.
    public typealias Check = @Sendable (Mailbox, _ secret: String?) throws -> Void

    let driver: any SQLDriver
    let secrets: SecretBox?

    /// Adds a mailbox; reminders that waited for one are looked at again.
    ///
    /// - Throws: `ProblemList`; ``StorageError/wrongKey``; ``StorageError/notFound`` for the practice; what `check` throws.
    public func add(
        _ draft: MailboxDraft,
        practice: Practice.ID,
        now: Date,
        check: Check = { _, _ in }
    ) async throws -> Mailbox {
        let fields = try draft.validated()
        try Self.check(fields, practice, fields.secret, check)
        return try await driver.write { [secrets] transaction in
            _ = try Lookup.practice(practice, in: transaction)
            try Self.checkOwner(fields.practitionerID, practice, in: transaction)
            let sealed = try fields.secret.map { try ProviderStore.seal($0, secrets, in: transaction) }
            let row = try transaction.first(
                """
                INSERT INTO providers (practice_id, name, kind, url, account, options, priority, enabled, secret,
                    version, created_at, changed_at)
                VALUES ($1, $2, 'mailbox', $3, $4, $5, 100, $6, $7, 1, $8, $8)
                ON CONFLICT (name) DO NOTHING RETURNING id
                """,
                values: [.integer(practice.rawValue), .text(Self.name(fields, practice))] + Self.account(fields) + [
                    sealed.sqlValue, now.milliseconds.sqlValue,
                ]
            )
            guard let row else { throw ProblemList(FieldProblem("address", .nameTaken)) }
            let id = Provider.ID(try row.integer(0))
            try transaction.execute(
                """
                INSERT INTO mailboxes (provider_id, practice_id, practitioner_id, address, display_name, reply_to,
                    imap_url) VALUES ($1, $2, $3, $4, $5, $6, $7)
                """,
                values: [.integer(id.rawValue), .integer(practice.rawValue)] + Self.details(fields)
            )
            try ReminderMoves.wake(.noMailbox, practice: practice, in: transaction)
            return try Self.find(id, of: practice, in: transaction)
        }
    }

    /// Changes a mailbox. A secret that is left empty stays; where a server's address changes it has to be entered anew,
    /// so that nobody can have it sent elsewhere.
    ///
    /// - Throws: `ProblemList`, ``StorageError/notFound``, ``StorageError/stale``, ``StorageError/wrongKey``, what `check`
    ///   throws.
    public func change(
        _ id: Provider.ID,
        of practice: Practice.ID,
        expecting version: Int64? = nil,
        now: Date,
        edit: @escaping @Sendable (inout MailboxDraft) throws -> Void,
        check: @escaping Check = { _, _ in }
    ) async throws -> Mailbox {
        try await driver.write { [secrets] transaction in
            let old = try Self.find(id, of: practice, in: transaction)
            try Lookup.check(version, against: old.account.version)
            var draft = MailboxDraft(existing: old)
            try edit(&draft)
            if draft == MailboxDraft(existing: old) { return old }
            let fields = try draft.validated()
            try Self.checkOwner(fields.practitionerID, practice, in: transaction)
            let kept = try ProviderStore.secret(of: id, secrets, in: transaction)
            if fields.secret == nil, kept != nil, fields.smtp != old.account.url || fields.imap != old.imapURL {
                throw ProblemList(FieldProblem("secret", .fieldRequired))
            }
            try Self.check(fields, practice, fields.secret ?? kept, check)
            let row = try transaction.first(
                """
                UPDATE providers SET name = $1, url = $2, account = $3, options = $4, enabled = $5,
                    secret = COALESCE($6, secret), version = version + 1, changed_at = $7
                WHERE id = $8 AND NOT EXISTS (SELECT 1 FROM providers o WHERE o.name = $1 AND o.id <> $8) RETURNING id
                """,
                values: [.text(Self.name(fields, practice))] + Self.account(fields) + [
                    try fields.secret.map { try ProviderStore.seal($0, secrets, in: transaction) }.sqlValue,
                    now.milliseconds.sqlValue, id.rawValue.sqlValue,
                ]
            )
            guard row != nil else { throw ProblemList(FieldProblem("address", .nameTaken)) }
            // Another server counts messages anew, and other limits hold there.
            let isElsewhere = fields.imap != old.imapURL || fields.smtp != old.account.url
            _ = try transaction.execute(
                """
                UPDATE mailboxes SET held_until = NULL, practitioner_id = $1, address = $2, display_name = $3, reply_to = $4,
                    imap_url = $5\(isElsewhere ? Self.forgotten : "") WHERE provider_id = $6
                """,
                values: Self.details(fields) + [.integer(id.rawValue)]
            )
            try ReminderMoves.wake(.noMailbox, practice: practice, in: transaction)
            try ReminderMoves.wakeMails(of: practice, now: now, in: transaction)
            return try Self.find(id, of: practice, in: transaction)
        }
    }

    private static let forgotten = """
        , uid_validity = NULL, uid_next = NULL, read_at = NULL, read_trouble = '', learned_hour = NULL,
            learned_day = NULL, learned_at = NULL
        """

    /// A practice's mailboxes, the practice's own before those of practitioners; switched off ones, too.
    public func all(of practice: Practice.ID) async throws -> [Mailbox] {
        try await driver.read { transaction in
            try transaction.query(
                """
                \(Self.selection) WHERE b.practice_id = $1
                ORDER BY CASE WHEN b.practitioner_id IS NULL THEN 0 ELSE 1 END, b.provider_id
                """,
                practice.rawValue
            ).entities(Mailbox.init)
        }
    }

    /// - Parameter practice: whose it must be; nil for any.
    /// - Throws: ``StorageError/notFound``
    public func find(_ id: Provider.ID, of practice: Practice.ID? = nil) async throws -> Mailbox {
        try await driver.read { try Self.find(id, of: practice, in: $0) }
    }

    static func find(_ id: Provider.ID, of practice: Practice.ID?, in transaction: Transaction) throws -> Mailbox {
        let row = try transaction.first(
            "\(selection) WHERE b.provider_id = $1 AND ($2 = 0 OR b.practice_id = $2)",
            id.rawValue,
            practice?.rawValue ?? 0
        )
        return try Lookup.read(row, Mailbox.init)
    }

    /// Those by which something may have to leave now, or of which an outcome is unclear, and those of the same practices,
    /// since who carries what follows from all of them. None of the others needs a connection: ten thousand practices have
    /// as many mailboxes, and most are idle.
    public func needed(now: Date) async throws -> [Mailbox] {
        try await driver.read { transaction in
            try transaction.query(
                """
                \(Self.selection) WHERE v.enabled = 1 AND b.practice_id IN (
                    SELECT practice_id FROM reminders
                    WHERE state = 'planned' AND next_at <= $1 AND channel = 'email'
                    UNION SELECT practice_id FROM messages WHERE \(Self.isUnclearMail))
                OR b.provider_id IN (SELECT provider_id FROM messages WHERE \(Self.isUnclearMail))
                ORDER BY b.provider_id
                """,
                now.milliseconds
            ).entities(Mailbox.init)
        }
    }

    /// Written so that the index of what is unclear serves it, and none of all e-mails that ever left.
    static let isUnclearMail = "unclear = 1 AND channel || '' = 'email'"

    /// Whose e-mails could leave by a practice's mailboxes.
    static func carriers(of practice: Practice.ID, in transaction: Transaction) throws -> MailCarriers {
        let owners: [Practitioner.ID?] = try transaction.query(
            """
            SELECT b.practitioner_id FROM mailboxes b JOIN providers v ON v.id = b.provider_id
            WHERE v.enabled = 1 AND b.practice_id = $1
            """,
            practice.rawValue
        ).map { try $0.optionalInteger(0).map { Identifier($0) } }
        return MailCarriers(owners: owners)
    }

    static let selection = """
        SELECT \(Columns.list(Columns.provider, of: "v")), b.practitioner_id, b.address, b.display_name, b.reply_to,
            b.imap_url
        FROM mailboxes b JOIN providers v ON v.id = b.provider_id
        """

    private static func check(
        _ fields: MailboxFields,
        _ practice: Practice.ID,
        _ secret: String?,
        _ check: Check
    ) throws {
        try check(Mailbox(fields, practice: practice), secret)
        if !fields.options.allSatisfy(ProviderOptions.isWritable) {
            throw ProblemList(FieldProblem("option", .fieldInvalid))
        }
    }

    private static func checkOwner(
        _ practitioner: Practitioner.ID?,
        _ practice: Practice.ID,
        in transaction: Transaction
    ) throws {
        guard let practitioner else { return }
        let row = try transaction.first(
            "SELECT 1 FROM practitioners WHERE id = $1 AND practice_id = $2",
            practitioner.rawValue,
            practice.rawValue
        )
        if row == nil { throw ProblemList(FieldProblem("practitionerId", .referenceUnknown)) }
    }

    /// Names are one for all carriers of the installation; nobody sees this one.
    private static func name(_ fields: MailboxFields, _ practice: Practice.ID) -> String {
        "\(practice)/\(fields.address.value.lowercased())"
    }

    /// In the order `url`, `account`, `options`, `enabled`.
    private static func account(_ fields: MailboxFields) -> [SQLValue] {
        [
            .text(fields.smtp), .text(fields.user), .text(ProviderOptions.write(fields.options)),
            fields.isEnabled.sqlValue,
        ]
    }

    /// In the order of the columns from `practitioner_id` on.
    private static func details(_ fields: MailboxFields) -> [SQLValue] {
        [
            (fields.practitionerID?.rawValue).sqlValue, .text(fields.address.value), .text(fields.displayName),
            (fields.replyTo?.value).sqlValue, .text(fields.imap),
        ]
    }
}

/// Whose e-mails a practice's mailboxes carry.
struct MailCarriers {
    /// nil: all who have no mailbox of their own.
    let owners: [Practitioner.ID?]

    /// - Parameter practitioner: whose appointment it is; nil for nobody's.
    func carry(_ practitioner: Practitioner.ID?) -> Bool {
        owners.contains(nil) || (practitioner != nil && owners.contains(practitioner))
    }
}

extension Mailbox {
    init(_ reader: inout RowReader) throws {
        self.init(
            account: try Provider(&reader),
            practitionerID: try reader.optionalID(),
            address: try reader.stored(EmailAddress.init(stored:)),
            displayName: try reader.text(),
            replyTo: try reader.optionalStored(EmailAddress.init(stored:)),
            imapURL: try reader.text()
        )
    }

    /// As it would be with these fields.
    init(_ fields: MailboxFields, practice: Practice.ID) {
        self.init(
            account: Provider(
                id: Identifier(0),
                practiceID: practice,
                name: "",
                kind: .mailbox,
                url: fields.smtp,
                user: fields.user,
                options: fields.options,
                isEnabled: fields.isEnabled
            ),
            practitionerID: fields.practitionerID,
            address: fields.address,
            displayName: fields.displayName,
            replyTo: fields.replyTo,
            imapURL: fields.imap
        )
    }
}
