import Database
import Domain
import Foundation

/// One test message through a provider or a mailbox: asked for on a page, done by whoever speaks with providers, and watched step by step.
/// It is no message of the log, and belongs to no patient.
public struct Trial: Hashable, Sendable, Identifiable {
    public typealias ID = Identifier<Trial>

    public enum Step: String, CaseIterable, Sendable {
        case waiting, connecting, bound, accepted
        /// Its copy lies in the mailbox's Sent folder.
        case copied
        /// By an SMS's receipt; an e-mail ends with the last step that could be taken.
        case delivered
        /// Accepted, and no receipt came while it was waited for.
        case noNews = "no_news"
        case failed
    }

    public let id: ID
    public let providerID: Provider.ID
    /// In E.164, or an address; empty once it is over.
    public let recipient: String
    public let sender: String
    public let step: Step
    /// The provider's words and codes where it failed.
    public let detail: String
    public let createdAt: Date
    /// When the way to the provider was open.
    public let boundAt: Date?
    public let acceptedAt: Date?
    /// Where it is an e-mail of which a copy is kept.
    public let copiedAt: Date?
    public let endedAt: Date?

    public var isOver: Bool { endedAt != nil }
    /// Whether it is an SMS; else an e-mail.
    public var isSMS: Bool { !sender.contains("@") }
}

extension Trial {
    static let columns = [
        "id", "provider_id", "recipient", "sender", "step", "detail", "created_at", "bound_at", "accepted_at",
        "copied_at", "ended_at",
    ]

    init(_ reader: inout RowReader) throws {
        self.init(
            id: try reader.id(),
            providerID: try reader.id(),
            recipient: try reader.text(),
            sender: try reader.text(),
            step: try reader.word(),
            detail: try reader.text(),
            createdAt: try reader.date(),
            boundAt: try reader.optionalDate(),
            acceptedAt: try reader.optionalDate(),
            copiedAt: try reader.optionalDate(),
            endedAt: try reader.optionalDate()
        )
    }
}

/// Trials that were asked for.
public struct TrialStore: Sendable {
    /// One that has not ended after so many seconds has lost its worker, or nobody takes it.
    private static let longest = 600.0

    let driver: any SQLDriver

    /// Asks for a trial. One of the same provider that is under way is enough.
    ///
    /// - Throws: `ProblemList` with `to` and `from`.
    public func ask(
        _ provider: Provider.ID,
        to number: String,
        from sender: String,
        country: Country,
        now: Date
    ) async throws -> Trial {
        var problems: [FieldProblem] = []
        let recipient = MobileNumber.parse(number, country: country, field: "to")
        if case .failure(let problem) = recipient { problems.append(problem) }
        let from = SenderID.check(sender, country: country, field: "from")
        if case .failure(let list) = from { problems += list.problems }
        guard case .success(let to) = recipient, case .success(let from) = from else { throw ProblemList(problems) }
        return try await insert(provider, to: to.e164, from: from.value, now: now)
    }

    /// Asks for a test e-mail from a mailbox. One that is under way is enough.
    ///
    /// - Throws: `ProblemList` with `to`; ``StorageError/notFound``
    public func askMail(_ mailbox: Provider.ID, to address: String, now: Date) async throws -> Trial {
        let recipient: EmailAddress
        switch EmailAddress.parse(address, field: "to") {
        case .success(let parsed): recipient = parsed
        case .failure(let problem): throw ProblemList(problem)
        }
        let sender = try await driver.read { try MailboxStore.find(mailbox, of: nil, in: $0) }.address
        return try await insert(mailbox, to: recipient.value, from: sender.value, now: now)
    }

    private func insert(
        _ provider: Provider.ID,
        to recipient: String,
        from sender: String,
        now: Date
    ) async throws -> Trial {
        try await driver.write { transaction in
            let row = try transaction.first(
                """
                INSERT INTO trials (provider_id, recipient, sender, step, detail, created_at)
                VALUES ($1, $2, $3, 'waiting', '', $4) ON CONFLICT (provider_id) WHERE ended_at IS NULL DO NOTHING
                RETURNING \(Columns.list(Trial.columns))
                """,
                provider.rawValue,
                recipient,
                sender,
                now.milliseconds
            )
            try transaction.announce(.trials)
            let open =
                try row
                ?? transaction.first(
                    "SELECT \(Columns.list(Trial.columns)) FROM trials WHERE provider_id = $1 AND ended_at IS NULL",
                    provider.rawValue
                )
            return try Lookup.read(open, Trial.init)
        }
    }

    /// The newest of a provider.
    public func latest(_ provider: Provider.ID) async throws -> Trial? {
        try await driver.read { transaction in
            try transaction.query(
                """
                SELECT \(Columns.list(Trial.columns)) FROM trials WHERE provider_id = $1 ORDER BY id DESC LIMIT 1
                """,
                provider.rawValue
            ).entities(Trial.init).first
        }
    }

    /// Takes the next that waits; nobody else takes it.
    public func take(now: Date) async throws -> Trial? {
        try await driver.write(.guarded) { transaction in
            try transaction.execute(
                """
                UPDATE trials SET step = 'failed', detail = 'interrupted', recipient = '', ended_at = $1
                WHERE ended_at IS NULL AND created_at < $2
                """,
                now.milliseconds,
                (now - Self.longest).milliseconds
            )
            let row = try transaction.first(
                """
                UPDATE trials SET step = 'connecting' WHERE step = 'waiting' AND id = (
                    SELECT MIN(id) FROM trials WHERE ended_at IS NULL AND step = 'waiting')
                RETURNING \(Columns.list(Trial.columns))
                """
            )
            return row == nil ? nil : try Lookup.read(row, Trial.init)
        }
    }

    /// Notes how far it is. The last step takes the number or address away.
    ///
    /// - Parameter isLast: nothing follows; `delivered`, `noNews` and `failed` end it by themselves.
    public func note(
        _ step: Trial.Step,
        of id: Trial.ID,
        detail: String = "",
        isLast: Bool = false,
        now: Date
    ) async throws {
        let isLast = isLast || [.delivered, .noNews, .failed].contains(step)
        try await driver.write(.guarded) { transaction in
            _ = try transaction.execute(
                """
                UPDATE trials SET step = $1, detail = $2, bound_at = COALESCE(bound_at, $3),
                    accepted_at = COALESCE(accepted_at, $4), copied_at = COALESCE(copied_at, $5), ended_at = $6,
                    recipient = CASE WHEN $7 = 1 THEN '' ELSE recipient END
                WHERE id = $8 AND ended_at IS NULL
                """,
                step.rawValue,
                String(detail.prefix(500)),
                step == .bound ? now.milliseconds : nil,
                step == .accepted ? now.milliseconds : nil,
                step == .copied ? now.milliseconds : nil,
                isLast ? now.milliseconds : nil,
                isLast,
                id.rawValue
            )
        }
    }

    /// The status of the newest receipt of a trial's message, which belongs to no message of the log.
    public func receipt(of reference: ProviderReference, _ provider: Provider.ID) async throws -> MessageStatus? {
        try await driver.read { transaction in
            for spelling in reference.spellings {
                let row = try transaction.first(
                    """
                    SELECT status FROM receipts WHERE provider_id = $1 AND receipt_key = $2 AND message_id IS NULL
                    ORDER BY id DESC LIMIT 1
                    """,
                    provider.rawValue,
                    spelling
                )
                if let row, let status = MessageStatus(rawValue: try row.text(0)) { return status }
            }
            return nil
        }
    }

    /// A ring each time one was asked for.
    public func asked() -> AsyncStream<Void> { driver.announcements(of: .trials) }
}
