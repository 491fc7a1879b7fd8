// The patient's own page behind the link of a message, its answers as the practice reads them, and its switch.
// The code in the address is all the authority there is: no cookie is read, nobody is signed in.
// Opening shows, only a button acts: what scans messages follows their links.

import Domain
import Foundation
import Hummingbird
import Interchange
import Storage

/// The patients' side, and the practice's.
func addPatientLinks(to routes: PageRoutes, hidden: PageRoutes, _ pages: PageServices) {
    addPatientPages(to: hidden, pages)
    addLinkAnswers(to: routes, pages)
    addLinkSettings(to: routes, pages)
}

/// `/t` and what lies below it.
private func addPatientPages(to routes: PageRoutes, _ pages: PageServices) {
    let desk = PatientLinkDesk(pages)
    routes.get("/t", for: .everyone) { request, _ in try desk.page(.unknown(desk.words(request)), request) }
    routes.post("/t", for: .everyone) { request, _ in try await desk.goOn(request) }
    routes.get("/t/:code", for: .everyone) { request, context in
        try await desk.answer(request, context) { found, code, words in
            try desk.page(.of(found, code.text, now: pages.now(), words), request)
        }
    }
    routes.get("/t/:code/termin.ics", for: .everyone) { request, context in
        try await desk.answer(request, context) { found, code, words in
            guard !found.isCancelled, !found.isStrange else {
                return try desk.page(.of(found, code.text, now: pages.now(), words), request, .notFound)
            }
            return try desk.calendar(found.entry(words("link.calendar.summary")))
        }
    }
    for deed in LinkDeed.allCases {
        routes.get("/t/:code/" + deed.rawValue, for: .everyone) { request, context in
            try await desk.answer(request, context) { found, code, words in
                guard found.isOpen(at: pages.now()) else { return .redirect(to: "/t/" + code.text, type: .normal) }
                return try desk.page(.asking(deed, found, code.text, words), request)
            }
        }
        routes.post("/t/:code/" + deed.rawValue, for: .everyone) { request, context in
            if FormOrigin.isForeign(request, publicURL: pages.publicURL) {
                return try desk.page(.plain("elsewhere", desk.words(request)), request, .forbidden)
            }
            let saying = Saying(kind: deed.kind, seen: try await FormData(request)["stand"])
            return try await desk.answer(request, context, saying) { _, code, _ in
                .redirect(to: "/t/" + code.text, type: .normal)
            }
        }
    }
}

/// What a person says, and about what they saw; empty where their form did not tell.
private struct Saying: Sendable {
    let kind: LinkAnswer.Kind
    let seen: String
}

/// Looks codes up, and holds off who guesses them.
private struct PatientLinkDesk: Sendable {
    private let pages: PageServices
    /// By network address. Whoever has a right code is never held: behind one address stand many of a mobile network.
    private let peers = WordBrake()
    /// By the half that names the appointment: whoever has that one and tries the other is held off. The right one is
    /// never held, so that nobody keeps a patient out by wrong ones.
    private let halves = WordBrake(free: 10, span: 3_600)

    init(_ pages: PageServices) { self.pages = pages }

    func words(_ request: Request) -> Words { pages.words(PreferredLanguage.of(request)) }

    /// - Parameter saying: what the person says; nil: only looks.
    func answer(
        _ request: Request,
        _ context: WebContext,
        _ saying: Saying? = nil,
        _ show: (LinkedAppointment, PatientLinkCode, Words) throws -> Response
    ) async throws -> Response {
        let words = words(request)
        let now = pages.now()
        let peer = ClientAddress.of(request, context).map(ClientAddress.network)
        guard let code = PatientLinkCode(context.parameters.get("code") ?? "") else {
            return try await missed(peer, half: nil, request, now)
        }
        let links = pages.storage.links
        let finding =
            if let saying {
                try await links.answer(saying.kind, code, seen: saying.seen.isEmpty ? nil : saying.seen, now: now)
            } else {
                try await links.find(code, now: now)
            }
        switch finding {
        case .appointment(let found): return try show(found, code, words)
        case .changed(let found):
            let model = PatientLinkPage.of(found, code.text, now: now, words, isChanged: true)
            return try page(model, request, .conflict)
        case .ended(let place): return try page(.ended(place, words), request, .gone)
        case .unknown:
            return try await missed(peer, half: String(code.name), request, now)
        }
    }

    /// What is no code of ours, and makes whoever tries more of them wait.
    private func missed(_ peer: String?, half: String?, _ request: Request, _ now: Date) async throws -> Response {
        var isHeld = false
        if let peer {
            isHeld = await peers.isHeld(peer, now: now)
            // A wait is not prolonged by what is tried during it.
            if !isHeld { await peers.missed(peer, now: now) }
        }
        if let half, !isHeld {
            isHeld = await halves.isHeld(half, now: now)
            await halves.missed(half, now: now)
        }
        let words = words(request)
        return isHeld ? try held(request, words) : try page(.unknown(words), request, .notFound)
    }

    /// Takes a code that was typed to its page.
    func goOn(_ request: Request) async throws -> Response {
        let form = try await FormData(request)
        guard let code = PatientLinkCode(form["code"]) else {
            let words = words(request)
            let problem = words("link.code.problem", ["length": String(PatientLinkCode.length)])
            return try page(.unknown(words, problem: problem), request, .unprocessableContent)
        }
        return .redirect(to: "/t/" + code.text, type: .normal)
    }

    func page(
        _ model: PatientLinkPage,
        _ request: Request,
        _ status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try pages.page("link/page", model, Frame(pages, words(request), title: model.title), status: status)
    }

    func calendar(_ entry: CalendarEntry) throws -> Response {
        let text = try CalendarWriter.file(entry, stamp: pages.now())
        var headers: HTTPFields = [.contentType: "text/calendar; charset=utf-8"]
        headers[.contentDisposition] = #"inline; filename="termin.ics""#
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func held(_ request: Request, _ words: Words) throws -> Response {
        var response = try page(.plain("wait", words), request, .tooManyRequests)
        response.headers[.retryAfter] = String(Int(peers.seconds))
        return response
    }
}
