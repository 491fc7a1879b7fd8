import Domain
import Hummingbird
import Storage

/// `/einstellungen/protokoll`
func addAudit(to routes: PageRoutes, _ pages: PageServices) {
    routes.get(AuditPage.path, for: .admin) { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let filter = AuditFilter(
            userID: User.ID(query["person"]),
            deed: AuditEntry.Deed(rawValue: query["deed"]),
            subject: AuditEntry.Subject(rawValue: query["subject"]),
            subjectID: Int64(query["id"])
        )
        let page = try await visit.storage.audit.list(
            visit.practiceID,
            filter,
            PageRequest(limit: 50, cursor: query["cursor"].isEmpty ? nil : query["cursor"])
        )
        try await visit.note(.looked, .audit)
        let users = try await visit.storage.users.all(visit.practiceID)
        let frame = Frame(visit, title: visit.words("audit.title"), current: .settings, place: .audit)
        return try pages.page("audit/list", AuditPage.view(page, query, users, visit), frame)
    }
}
