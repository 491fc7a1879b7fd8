import Domain
import Hummingbird
import Storage

/// `/einstellungen/morgenbericht`
func addMorningReport(to routes: PageRoutes, _ pages: PageServices) {
    routes.get("/einstellungen/morgenbericht", for: .reader) { request, context in
        let visit = try await Visit(pages, context)
        let saved = FormData(query: request).has("gespeichert")
        let address = visit.practice.reportTo?.value ?? ""
        return try await reportPage(address, FormProblems(visit.words), visit, saved: saved)
    }
    routes.post("/einstellungen/morgenbericht", for: .admin) { request, context in
        let sent = try await Submission(pages, request, context)
        let visit = sent.visit
        let attempt = try await Attempt.of(visit.words) {
            try await visit.storage.practices.change(
                visit.practiceID,
                expecting: sent.form.version,
                now: visit.now,
                edit: { $0.reportTo = sent.form["reportTo"] }
            )
        }
        if case .refused(let problems) = attempt {
            return try await reportPage(sent.form["reportTo"], problems, visit, .unprocessableContent)
        }
        try await visit.note(.changed, .practice)
        return SeeOther.response("/einstellungen/morgenbericht?gespeichert=1", to: request)
    }
    routes.post("/einstellungen/morgenbericht/probe", for: .admin) { request, context in
        let visit = try await Submission(pages, request, context).visit
        if try await visit.storage.letters.askTrialReport(visit.practice, now: visit.now) {
            try await visit.note(.sent, .practice)
        }
        return SeeOther.response("/einstellungen/morgenbericht#probe", to: request)
    }
}

private func reportPage(
    _ address: String,
    _ problems: FormProblems,
    _ visit: Visit,
    saved: Bool = false,
    _ status: HTTPResponse.Status = .ok
) async throws -> Response {
    let letters = visit.storage.letters
    let house = ReportPage.House(
        hasMailbox: try await letters.mailbox(of: visit.practiceID) != nil,
        latest: try await letters.latest(.morningReport, of: visit.practiceID)
    )
    let model = ReportPage.view(address, house, problems, visit, saved: saved)
    let frame = Frame(visit, title: visit.words("report.title"), current: .settings)
    return try visit.pages.page("start/report", model, frame, status: status)
}
