// Everything that is reached by HTTP: pages, forms, the JSON interface, health.
// A handler parses, calls one function of the storage, and renders.
// No business rule, no SQL, no clock and no randomness of its own lives here; nothing of Delivery is called.

import Domain
import Foundation
import Hummingbird
import Logging
import Storage

/// What the handlers need, composed once.
public struct WebServices: Sendable {
    public let storage: Storage
    public let catalogue: Catalogue
    /// The present, or what VORTAG_CLOCK made of it.
    public let now: @Sendable () -> Date
    /// So many unpredictable bytes.
    public let random: @Sendable (Int) -> [UInt8]
    public let logger: Logger
    /// Address under which browsers reach this server, without a slash at its end; nil: the request's own.
    public let publicURL: String?
    /// Whether the clock was set for a demonstration: the pages say so.
    public let clockIsSet: Bool
    /// Whom to turn to when a provider refuses: a telephone number, an e-mail address or a page; may be empty.
    public let support: String
    /// The folder with locales, templates, styles, scripts and the description of the interface.
    public let resources: URL
    /// What the channels say of providers.
    public let providers: ProviderJudges
    /// What the channels say of mailboxes.
    public let mailboxes: MailboxJudges

    public init(
        storage: Storage,
        catalogue: Catalogue,
        now: @escaping @Sendable () -> Date,
        random: @escaping @Sendable (Int) -> [UInt8],
        logger: Logger,
        publicURL: String?,
        clockIsSet: Bool,
        support: String,
        resources: URL,
        providers: ProviderJudges,
        mailboxes: MailboxJudges
    ) {
        self.storage = storage
        self.catalogue = catalogue
        self.now = now
        self.random = random
        self.logger = logger
        self.publicURL = publicURL
        self.clockIsSet = clockIsSet
        self.support = support
        self.resources = resources
        self.providers = providers
        self.mailboxes = mailboxes
    }
}

/// What only those know who speak with providers.
public struct ProviderJudges: Sendable {
    /// Throws `ProblemList` where URL or options make no sense for the provider's kind.
    public let check: @Sendable (Provider, _ secret: String?) throws -> Void
    public let verifyHook: HookVerifier

    public init(check: @escaping @Sendable (Provider, String?) throws -> Void, verifyHook: @escaping HookVerifier) {
        self.check = check
        self.verifyHook = verifyHook
    }
}

/// All the routes of the server.
///
/// - Throws: where a file of the resources is missing or cannot be read.
public func buildRouter(_ services: WebServices) throws -> Router<WebContext> {
    let router = Router(context: WebContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: AccessLog())
    router.add(middleware: LastResort())
    addHealth(to: router, services)
    addHooks(to: router, services)
    try addAPI(to: router, services)
    _ = try addPages(to: router, services)
    return router
}

/// Every page, and who may open it.
public func pageTable(_ services: WebServices) throws -> [PageRoute] {
    try addPages(to: Router(context: WebContext.self), services)
}
