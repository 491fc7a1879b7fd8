import Domain
import Hummingbird
import Storage

/// `/nachrichten`
func addMessages(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/nachrichten") { request, context in
        let visit = try await Visit(pages, context)
        let query = FormData(query: request)
        let filter = MessageFilter(
            channel: Channel(rawValue: query["channel"]),
            status: MessageStatus(rawValue: query["status"])
        )
        let cursor = query["cursor"].isEmpty ? nil : query["cursor"]
        let page = try await visit.storage.messages.list(
            visit.practiceID,
            filter,
            PageRequest(limit: 50, cursor: cursor)
        )
        let frame = Frame(visit, title: visit.words("messages.title"), current: .messages)
        return try pages.page("messages", MessagesPage.view(page, query, visit), frame)
    }
}
