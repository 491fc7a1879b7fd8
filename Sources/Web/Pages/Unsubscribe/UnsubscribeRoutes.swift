import Domain
import Foundation
import Hummingbird
import Storage

/// `/abmelden/{word}`: ends e-mails for whoever holds the word of one. Nobody is signed in here and no cookie is read:
/// mail programs send the form by themselves (RFC 8058 §3.1), and the word is what a token against forged forms would be.
func addUnsubscribing(to routes: PageRoutes, _ pages: PageServices) {
    let brake = WordBrake()
    // What scans mails follows their links: reading changes nothing.
    routes.get("/abmelden/:word", for: .everyone) { request, context in
        try await answer(request, context, pages, brake) { try await pages.storage.unsubscribe.find($0) }
    }
    // Whatever the body says, `List-Unsubscribe=One-Click` or the page's own button; answered without a redirection.
    routes.post("/abmelden/:word", for: .everyone) { request, context in
        try await answer(request, context, pages, brake) { word in
            try await pages.storage.unsubscribe.withdraw(word, now: pages.now())
            return try await pages.storage.unsubscribe.find(word)
        }
    }
}

private func answer(
    _ request: Request,
    _ context: WebContext,
    _ pages: PageServices,
    _ brake: WordBrake,
    _ act: (String) async throws -> Unsubscription
) async throws -> Response {
    let words = pages.words(PreferredLanguage.of(request))
    let word = context.parameters.get("word") ?? ""
    let peer = ClientAddress.of(request, context).map(ClientAddress.network)
    if let peer, await brake.isHeld(peer, now: pages.now()) {
        var response = try page(.tooOften(words), pages, words, .tooManyRequests)
        response.headers[.retryAfter] = String(Int(brake.seconds))
        return response
    }
    guard UnsubscribePage.isWord(word), let found = try await known({ try await act(word) }) else {
        if let peer { await brake.missed(peer, now: pages.now()) }
        return try page(.unknown(words), pages, words, .notFound)
    }
    return try page(.of(found, words), pages, words, .ok)
}

private func known(_ act: () async throws -> Unsubscription) async throws -> Unsubscription? {
    do {
        return try await act()
    } catch StorageError.notFound {
        return nil
    }
}

private func page(
    _ model: UnsubscribePage,
    _ pages: PageServices,
    _ words: Words,
    _ status: HTTPResponse.Status
) throws -> Response {
    try pages.page("unsubscribe", model, Frame(pages, words, title: words("unsubscribe.title")), status: status)
}
