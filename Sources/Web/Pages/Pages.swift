// The pages: for each a model (a plain struct), a view that makes it from what the storage knows, and its routes.
// A handler parses, calls one function of the storage, and renders a template with the model.
// No business rule is decided here, and no sentence is written here: rules are Domain's, words are the catalogue's.

import Foundation
import Hummingbird
import Storage

/// The routes of all pages, and of the files that they load.
///
/// - Throws: where a template, a style or a script cannot be read.
func addPages(to router: Router<WebContext>, _ services: WebServices) throws {
    let assets = try Assets(services.resources)
    let pages = PageServices(
        storage: services.storage,
        catalogue: services.catalogue,
        templates: try Templates.load(services.resources.appendingPathComponent("templates")),
        now: services.now,
        cookie: SessionCookie(publicURL: services.publicURL),
        brake: SignInBrake(),
        clockIsSet: services.clockIsSet,
        support: services.support,
        publicURL: services.publicURL,
        providers: services.providers,
        mailboxes: services.mailboxes,
        assetVersion: assets.version
    )

    let open = router.group().add(middleware: SecurityHeaders()).add(middleware: SessionReader(pages: pages))
        .add(middleware: PageErrors(pages: pages))
    open.get("/assets/**") { request, context in
        try assets.response(to: request, context.parameters.getCatchAll().joined(separator: "/"))
    }
    open.get("/favicon.ico") { request, _ in try assets.response(to: request, "icons/vortag.svg") }
    addUnsubscribing(to: router, pages)
    addSignIn(to: open, pages)

    let signedIn = open.group().add(middleware: SignedInOnly())
    addStart(to: signedIn, pages)
    addAppointments(to: signedIn, pages)
    addPatients(to: signedIn, pages)
    addSettings(to: signedIn, pages)
    addMailTexts(to: signedIn, pages)
    addProviders(to: signedIn, pages)
    addMailboxes(to: signedIn, pages)
    addCosts(to: signedIn, pages)
    addAnswers(to: signedIn, pages)
    addMessages(to: signedIn, pages)
    addHelp(to: signedIn, pages)
    addHolds(to: signedIn, pages)
}

/// The routes of one page are added to this.
typealias PageRoutes = RouterGroup<WebContext>
