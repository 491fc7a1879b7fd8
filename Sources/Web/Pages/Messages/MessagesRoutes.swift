import Domain
import Hummingbird
import Storage

/// `/nachrichten` and what lies below it.
func addMessages(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/nachrichten", for: .reader) { request, context in
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
    routes.get("/nachrichten/:id", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let log = visit.storage.messages
        let id: Message.ID = try context.id()
        let history = MessagePage.History(
            row: try await log.find(id, visit.practiceID),
            attempts: try await log.history(of: id, visit.practiceID),
            reports: try await log.receipts(of: id, visit.practiceID),
            call: try await visit.storage.calls.of(id, visit.practiceID)
        )
        let model = MessagePage(history, visit)
        return try pages.page("message", model, Frame(visit, title: model.lead, current: .messages))
    }
}
