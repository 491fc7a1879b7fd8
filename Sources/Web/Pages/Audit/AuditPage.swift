import Domain
import Foundation
import Storage

/// Who changed or looked at what, the newest first.
struct AuditPage: Sendable {
    struct Row: Sendable {
        let when: String
        let who: String
        let deed: String
        /// `Patient:in Huber, Anna`
        let what: String
        /// Where it can be looked at; nil for what has no page of its own, or is gone.
        let whatPath: String?
    }

    let lead: String
    let filters: [FieldView]
    /// A record that the list is narrowed to; empty for all.
    let subjectID: String
    let rows: [Row]
    let isEmpty: Bool
    let empty: String
    let allPath: String?
    let olderPath: String?

    static let path = "/einstellungen/protokoll"

    static func view(_ page: Page<AuditLine>, _ query: FormData, _ users: [User], _ visit: Visit) -> AuditPage {
        let words = visit.words
        let isFiltered = ["person", "deed", "subject", "id"].contains { !query[$0].isEmpty }
        return AuditPage(
            lead: words("audit.lead"),
            filters: filters(query, users, words),
            subjectID: query["id"],
            rows: page.items.map { row($0, visit) },
            isEmpty: page.items.isEmpty,
            empty: words(isFiltered ? "audit.empty_filtered" : "audit.empty"),
            allPath: isFiltered ? path : nil,
            olderPath: page.next.map { older($0, query) }
        )
    }

    private static func filters(_ query: FormData, _ users: [User], _ words: Words) -> [FieldView] {
        let problems = FormProblems(words)
        let any = (value: "", label: words("audit.any"))
        let people = users.map { (value: $0.id.description, label: $0.displayName) }
        let deeds = AuditEntry.Deed.allCases.map { (value: $0.rawValue, label: words("audit.deed." + $0.rawValue)) }
        let subjects = AuditEntry.Subject.allCases.map {
            (value: $0.rawValue, label: words("audit.subject." + $0.rawValue))
        }
        return [
            .select("person", query["person"], problems, [any] + people),
            .select("deed", query["deed"], problems, [any] + deeds),
            .select("subject", query["subject"], problems, [any] + subjects),
        ]
    }

    private static func row(_ line: AuditLine, _ visit: Visit) -> Row {
        let words = visit.words
        let entry = line.entry
        let at = WallTime.of(entry.at, in: visit.practice.timeZone)
        var parts = [words("audit.subject." + entry.subject.rawValue)]
        if !line.patientName.isEmpty { parts.append(line.patientName) }
        if let start = line.appointmentStart { parts.append(words.short(start)) }
        if parts.count == 1, let id = entry.subjectID { parts.append(String(id)) }
        return Row(
            when: words.short(at, today: visit.today),
            who: entry.actor,
            deed: deed(entry, words),
            what: parts.joined(separator: " · "),
            whatPath: entry.deed == .deleted ? nil : place(entry)
        )
    }

    private static func deed(_ entry: AuditEntry, _ words: Words) -> String {
        let deed = words("audit.deed." + entry.deed.rawValue)
        guard let detail = entry.detail else { return deed }
        return words("audit.detail", ["deed": deed, "detail": words("audit.detail." + detail.rawValue)])
    }

    private static func place(_ entry: AuditEntry) -> String? {
        guard let id = entry.subjectID else { return nil }
        switch entry.subject {
        case .patient: return "/patienten/\(id)"
        case .appointment: return "/termine/\(id)"
        case .message: return "/nachrichten/\(id)"
        case .location: return "/einstellungen/standorte/\(id)"
        case .practitioner: return "/einstellungen/therapeuten/\(id)"
        case .provider: return "/einstellungen/versand/\(id)"
        case .mailbox: return "/einstellungen/postfach/\(id)"
        case .practice, .answer, .call, .user, .session, .token, .closingDay, .audit: return nil
        }
    }

    private static func older(_ cursor: String, _ query: FormData) -> String {
        let names = ["person", "deed", "subject", "id"].filter { !query[$0].isEmpty }
        let kept = names.map { $0 + "=" + QueryText.encoded(query[$0]) }
        return path + "?" + (kept + ["cursor=" + QueryText.encoded(cursor)]).joined(separator: "&")
    }
}
