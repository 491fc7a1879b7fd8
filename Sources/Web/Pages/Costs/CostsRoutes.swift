import Domain
import Hummingbird
import Storage

/// `/einstellungen/kosten`, as a page and as a file.
func addCosts(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/kosten", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let lines = try await visit.storage.usage.months(visit.practiceID, now: visit.now)
        let standing = try await visit.storage.usage.standing(visit.practiceID, now: visit.now)
        let frame = Frame(visit, title: visit.words("costs.title"), current: .settings, place: .costs)
        return try pages.page("costs", CostsPage.view(lines, standing, visit), frame)
    }
    routes.get("/einstellungen/kosten.csv", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let lines = try await visit.storage.usage.months(visit.practiceID, now: visit.now)
        try await visit.note(.exported, .practice, visit.practiceID.rawValue)
        let name = visit.words("costs.file")
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .contentDisposition: "attachment; filename=\"\(name).csv\"",
            ],
            body: .init(byteBuffer: ByteBuffer(string: CostsTable.text(lines, visit.words)))
        )
    }
}
