import Domain
import Hummingbird

/// The help on one page.
struct HelpPage: Sendable {
    struct Entry: Sendable {
        let look: String
        let status: String
        let meaning: String
    }

    let entries: [Entry]
    let support: SupportView?

    static func view(_ visit: Visit) -> HelpPage {
        let words = visit.words
        let entries = MessageStatus.allCases.filter { $0 != .bounced }.map { status in
            Entry(
                look: Look(Message.State(status: status)).rawValue,
                status: words("status." + status.rawValue),
                meaning: words("help.status." + status.rawValue)
            )
        }
        return HelpPage(entries: entries, support: SupportView(visit.pages.support, words))
    }
}

/// `/hilfe`
func addHelp(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/hilfe") { _, context in
        let visit = try await Visit(pages, context)
        return try pages.page(
            "help",
            HelpPage.view(visit),
            Frame(visit, title: visit.words("help.title"), current: .help)
        )
    }
}
