import Hummingbird

/// `/hilfe` and its topics.
func addHelp(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/hilfe", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let model = HelpPage.view(FormData(query: request)["suche"], visit)
        return try pages.page("help/index", model, Frame(visit, title: visit.words("help.title"), current: .help))
    }
    routes.get("/hilfe/:topic", for: .reader) { _, context in
        guard let topic = HelpTopic(rawValue: try context.parameters.require("topic")) else {
            throw HTTPError(.notFound)
        }
        let visit = try await Visit(pages, context)
        let model = HelpTopicPage.view(topic, visit)
        return try pages.page("help/topic", model, Frame(visit, title: model.lead, current: .help))
    }
}
