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
    /// What the e-mail log says.
    let mails: [Entry]
    /// Why an e-mail comes back, and what to do.
    let bounces: [Entry]
    let support: SupportView?

    static func view(_ visit: Visit) -> HelpPage {
        let words = visit.words
        return HelpPage(
            entries: entries(.sms, words),
            mails: entries(.email, words),
            bounces: BounceReason.allCases.map { reason in
                Entry(
                    look: Look.failed.rawValue,
                    status: words("bounce.\(reason.rawValue).word"),
                    meaning: words("bounce.\(reason.rawValue).sentence") + " "
                        + words("bounce.\(reason.rawValue).advice")
                )
            },
            support: SupportView(visit.pages.support, words)
        )
    }

    private static func entries(_ channel: Channel, _ words: Words) -> [Entry] {
        MessageStatus.all(of: channel).map { status in
            let exact = "help.status.\(channel.rawValue)." + status.rawValue
            return Entry(
                look: Look(Message.State(status: status)).rawValue,
                status: words.catalogue.status(status, channel, words.language),
                meaning: words(words.catalogue.has(exact) ? exact : "help.status." + status.rawValue)
            )
        }
    }
}

/// `/hilfe`
func addHelp(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/hilfe", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        return try pages.page(
            "help",
            HelpPage.view(visit),
            Frame(visit, title: visit.words("help.title"), current: .help)
        )
    }
}
