import Domain
import Hummingbird
import Storage

/// `/nachrichten` and what lies below it.
func addMessages(to routes: PageRoutes, _ pages: PageServices) {
    routes.get(LogQuery.page, for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let form = FormData(query: request)
        let query = LogQuery(form)
        let contents = try await LogContents(query, visit)
        if let only = contents.only { return .redirect(to: query.with { $0.take(only) }.path(), type: .normal) }
        // Who turns the pages of the log looks on.
        if let patient = contents.patient, query.tasks || query.cursor == nil {
            try await visit.note(.looked, .patient, patient.id.rawValue)
        }
        return try logPage(MessagesPage(contents, query, ticked: Reminder.ID(form["erledigt"]), visit), visit)
    }
    routes.get(LogExport.path, for: .staff) { request, context in
        let visit = try await Visit(pages, context)
        var query = LogQuery(FormData(query: request))
        query.tasks = false
        let contents = try await LogContents(query, visit)
        guard contents.faults.isEmpty else {
            return try logPage(MessagesPage(contents, query, visit), visit, .unprocessableContent)
        }
        if let only = contents.only { query.take(only) }
        try await visit.note(.exported, .message)
        return LogExport(query: query, visit: visit).response()
    }
    routes.get("/nachrichten/:id", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        let model = try await MessagePage.read(context.id(), visit)
        return try pages.page("messages/message", model, Frame(visit, title: model.lead, current: .messages))
    }
    routes.get("/nachrichten/:id/verlauf", for: .reader) { _, context in
        let visit = try await Visit(pages, context)
        return try pages.fragment("messages/history", try await MessagePage.read(context.id(), visit), visit)
    }
    addStream(to: routes, pages)
}

private func logPage(_ model: MessagesPage, _ visit: Visit, _ status: HTTPResponse.Status = .ok) throws -> Response {
    let frame = Frame(visit, title: visit.words("messages.title"), current: .messages)
    return try visit.pages.page("messages/list", model, frame, status: status)
}

private func addStream(to routes: PageRoutes, _ pages: PageServices) {
    let gate = StreamGate()
    routes.get(LogStream.path, for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        guard let token = pages.cookie.token(of: request), let place = gate.enter(visit.session.user) else {
            return Response(status: .tooManyRequests, headers: [.retryAfter: "30"])
        }
        let form = FormData(query: request)
        let query = LogQuery(form)
        guard query.faults.isEmpty else { return Response(status: .unprocessableContent) }
        if let patient = query.patient { try await visit.note(.looked, .patient, patient.rawValue) }
        let stream = LogStream(visit: visit, query: query, token: token)
        let seen = HeaderName("Last-Event-ID").flatMap { request.headers[$0] } ?? form["stand"]
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        // A proxy in between must not gather what is to arrive at once.
        if let unbuffered = HeaderName("X-Accel-Buffering") { headers[unbuffered] = "no" }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { writer in
                try await stream.run(seen: seen, &writer)
                withExtendedLifetime(place) {}
            }
        )
    }
}

extension LogContents {
    /// The only one who is called as was typed.
    fileprivate var only: Patient.ID? { found?.count == 1 ? found?.first?.id : nil }
}

extension LogQuery {
    fileprivate mutating func take(_ found: Patient.ID) {
        patient = found
        name = ""
    }
}
