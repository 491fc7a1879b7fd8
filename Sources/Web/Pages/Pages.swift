// The pages: for each a model (a plain struct), a view that makes it from what the storage knows, and its routes.
// A handler parses, calls one function of the storage, and renders a template with the model.
// No business rule is decided here, and no sentence is written here: rules are Domain's, words are the catalogue's.

import Foundation
import Hummingbird
import Storage

/// The routes of all pages, and of the files that they load; answers which there are, and for whom.
///
/// - Throws: where a template, a style or a script cannot be read.
func addPages(to router: Router<WebContext>, _ services: WebServices) throws -> [PageRoute] {
    let assets = try Assets(services.resources)
    let pages = PageServices(
        storage: services.storage,
        catalogue: services.catalogue,
        templates: try Templates.load(services.resources.appendingPathComponent("templates")),
        help: try HelpLibrary(services.resources.appendingPathComponent("help"), services.catalogue),
        now: services.now,
        random: services.random,
        cookie: SessionCookie(publicURL: services.publicURL),
        brake: SignInBrake(),
        clockIsSet: services.clockIsSet,
        support: services.support,
        publicURL: services.publicURL,
        providers: services.providers,
        mailboxes: services.mailboxes,
        assetVersion: assets.version
    )

    let headers = SecurityHeaders(random: services.random, isSecure: services.publicURL?.hasPrefix("https:") ?? false)
    let (sessions, errors) = (SessionReader(pages: pages), PageErrors(pages: pages))
    let group = router.group().add(middleware: headers).add(middleware: sessions).add(middleware: errors)
    let routes = PageRoutes(group) { request in try await sessions.session(of: request, keepingAlive: false) }
    routes.get("/assets/**", for: .everyone) { request, context in
        try assets.response(to: request, context.parameters.getCatchAll().joined(separator: "/"))
    }
    routes.get("/favicon.ico", for: .everyone) { request, _ in try assets.response(to: request, "icons/vortag.svg") }
    // Whoever holds a word of a message: no session is looked for, and no search engine keeps the page.
    let hidden = router.group().add(middleware: HiddenPage()).add(middleware: headers).add(middleware: errors)
    let words = routes.on(hidden)
    addUnsubscribing(to: words, pages)
    addPatientLinks(to: routes, hidden: words, pages)
    addSignIn(to: routes, pages)
    addDesk(to: routes, pages)
    addHouse(to: routes, pages)
    // What is added behind all routes is asked where none of them fits.
    router.add(middleware: ForUnknownAddresses(wrapped: headers))
    router.add(middleware: ForUnknownAddresses(wrapped: sessions))
    router.add(middleware: ForUnknownAddresses(wrapped: errors))
    return routes.table
}

/// What the desk works with.
private func addDesk(to routes: PageRoutes, _ pages: PageServices) {
    addStart(to: routes, pages)
    addCalendar(to: routes, pages)
    addAppointments(to: routes, pages)
    addPatients(to: routes, pages)
    addMessages(to: routes, pages)
    addAnswers(to: routes, pages)
    addHolds(to: routes, pages)
    addHelp(to: routes, pages)
}

/// What is set up once: the practice, who works there, and by whom messages leave.
private func addHouse(to routes: PageRoutes, _ pages: PageServices) {
    addSettings(to: routes, pages)
    addAccounts(to: routes, pages)
    addMailTexts(to: routes, pages)
    addProviders(to: routes, pages)
    addMailboxes(to: routes, pages)
    addCosts(to: routes, pages)
    addAudit(to: routes, pages)
}
