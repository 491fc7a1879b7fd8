import Domain
import Storage

/// The mailboxes from which a practice's e-mails leave: its own, and those of its practitioners.
struct MailboxListPage: Sendable {
    struct Row: Sendable {
        /// nil for those who may not see the account.
        let path: String?
        let address: String
        let detail: String
        let state: MailboxState
    }

    let lead: String
    let advice: String?
    let banner: MailBanner?
    let rows: [Row]
    let isEmpty: Bool
    let mayConfigure: Bool

    /// What was read of the practice's mailboxes.
    struct House: Sendable {
        let mailboxes: [Mailbox]
        let practitioners: [Practitioner]
        let health: [Provider.ID: ProviderHealth]
        let standings: [Provider.ID: MailboxStanding]

        init(_ visit: Visit) async throws {
            mailboxes = try await visit.storage.mailboxes.all(of: visit.practiceID)
            practitioners = try await visit.storage.practitioners.all(visit.practiceID)
            health = try await visit.storage.health.all()
            standings = try await visit.storage.mailboxes.standings(of: visit.practiceID)
        }
    }

    static func view(_ house: House, _ visit: Visit) -> MailboxListPage {
        let words = visit.words
        let carriers = house.mailboxes.filter(\.account.isEnabled)
        return MailboxListPage(
            lead: lead(carriers, isEmpty: house.mailboxes.isEmpty, words),
            advice: advice(carriers, isEmpty: house.mailboxes.isEmpty, words),
            banner: carriers.isEmpty ? nil : MailBanner(visit),
            rows: house.mailboxes.map { row($0, house, visit) },
            isEmpty: house.mailboxes.isEmpty,
            mayConfigure: visit.mayConfigure
        )
    }

    /// - Parameter carriers: those that are switched on.
    static func lead(_ carriers: [Mailbox], isEmpty: Bool, _ words: Words) -> String {
        let own = carriers.filter { $0.practitionerID != nil }
        guard let common = carriers.first(where: { $0.practitionerID == nil }) else {
            if !own.isEmpty { return words("mailbox.list.own_only") }
            return words(isEmpty ? "mailbox.list.none" : "mailbox.list.off")
        }
        let address = ["address": common.address.value]
        return own.isEmpty
            ? words("mailbox.list.one", address) : words.counted("mailbox.list.with_own", own.count, address)
    }

    private static func advice(_ carriers: [Mailbox], isEmpty: Bool, _ words: Words) -> String? {
        if isEmpty { return words("mailbox.list.none_advice") }
        if carriers.isEmpty { return words("mailbox.list.off_advice") }
        return carriers.contains { $0.practitionerID == nil } ? nil : words("mailbox.list.own_only_advice")
    }

    private static func row(_ mailbox: Mailbox, _ house: House, _ visit: Visit) -> Row {
        let words = visit.words
        let state = MailboxState(
            mailbox,
            house.health[mailbox.id],
            house.standings[mailbox.id] ?? MailboxStanding(),
            visit
        )
        let details = [
            MailboxOwner.name(mailbox, house.practitioners, words), words("mailbox.copy." + mailbox.sentCopy.rawValue),
            mailbox.account.isEnabled ? state.read : nil,
        ]
        return Row(
            path: visit.mayConfigure ? MailboxPath.of(mailbox.id) : nil,
            address: mailbox.address.value,
            detail: details.compactMap(\.self).joined(separator: " · "),
            state: state
        )
    }
}

/// Whose e-mails leave by a mailbox.
enum MailboxOwner {
    static func name(_ mailbox: Mailbox, _ practitioners: [Practitioner], _ words: Words) -> String {
        guard let id = mailbox.practitionerID else { return words("mailbox.owner_practice") }
        return words("mailbox.for_practitioner", ["name": practitioners.first { $0.id == id }?.name ?? ""])
    }
}

/// E-mails are off in the settings, however well the mailboxes are.
struct MailBanner: Sendable {
    let sentence: String
    /// nil for those who can change nothing there.
    let path: String?

    init?(_ visit: Visit) {
        guard !visit.practice.emailEnabled else { return nil }
        sentence = visit.words("mailbox.email_off")
        path = visit.mayConfigure ? "/einstellungen#emailEnabled" : nil
    }
}

/// The addresses of the pages about mailboxes.
enum MailboxPath {
    static let list = "/einstellungen/postfach"
    static let new = list + "/neu"
    static let account = new + "/konto"

    static func of(_ id: Provider.ID) -> String { list + "/\(id)" }
}
