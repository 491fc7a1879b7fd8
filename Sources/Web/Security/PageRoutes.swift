import Domain
import Hummingbird
import Storage

/// Who may come in by a route.
public enum PageAccess: Hashable, Sendable {
    /// Whoever asks, signed in or not.
    case everyone
    /// Who is signed in with this role, or with one that may do more.
    case role(User.Role)

    /// Looks.
    static let reader = PageAccess.role(.reader)
    /// Changes appointments and patients.
    static let staff = PageAccess.role(.staff)
    /// Changes settings.
    static let admin = PageAccess.role(.admin)

    /// `everyone`, or the role.
    public var word: String {
        switch self {
        case .everyone: "everyone"
        case .role(let role): role.rawValue
        }
    }
}

/// One route of the pages, as the table of who may come in where holds it.
public struct PageRoute: Hashable, Sendable {
    /// `GET` or `POST`.
    public let method: String
    /// `/termine/:id`
    public let path: String
    public let access: PageAccess
}

/// Where the pages' routes are added. None can be added without saying for whom it is, and nobody else gets in: the
/// handler is not asked.
final class PageRoutes {
    typealias Handler = @Sendable (Request, WebContext) async throws -> Response

    /// The routes of all groups, in the order in which they were added.
    private final class Table {
        var routes: [PageRoute] = []
    }

    private let group: RouterGroup<WebContext>
    private let all: Table
    /// Who the request comes from, as it stands now.
    private let session: @Sendable (Request) async throws -> Session?

    /// Every route that was added, here or on a group beside.
    var table: [PageRoute] { all.routes }

    init(_ group: RouterGroup<WebContext>, session: @escaping @Sendable (Request) async throws -> Session?) {
        self.group = group
        self.session = session
        all = Table()
    }

    private init(_ group: RouterGroup<WebContext>, beside other: PageRoutes) {
        self.group = group
        session = other.session
        all = other.all
    }

    /// Routes behind other middleware, in the same table.
    func on(_ other: RouterGroup<WebContext>) -> PageRoutes { PageRoutes(other, beside: self) }

    func get(_ path: String, for access: PageAccess, use handler: @escaping Handler) {
        all.routes.append(PageRoute(method: "GET", path: path, access: access))
        group.get(RouterPath(path), use: Self.guarded(access, handler))
    }

    func post(_ path: String, for access: PageAccess, use handler: @escaping Handler) {
        all.routes.append(PageRoute(method: "POST", path: path, access: access))
        group.post(RouterPath(path), use: Self.guarded(access, handler, onceRead: session))
    }

    /// Sends those who are not signed in to the sign-in page, and refuses those whose role may not come in.
    ///
    /// - Parameter onceRead: asked again behind the body, which comes as slowly as the sender likes: a session that ended
    ///   or a role that was taken away meanwhile changes nothing any more.
    private static func guarded(
        _ access: PageAccess,
        _ handler: @escaping Handler,
        onceRead: (@Sendable (Request) async throws -> Session?)? = nil
    ) -> Handler {
        guard case .role(let role) = access else { return handler }
        return { request, context in
            var (request, context) = (request, context)
            if let onceRead, context.session != nil {
                _ = try await request.collectBody(upTo: FormData.largest)
                context.session = try await onceRead(request)
            }
            guard let session = context.session else { return SeeOther.response("/anmelden", to: request) }
            guard session.user.role.covers(role) else { throw HTTPError(.forbidden) }
            return try await handler(request, context)
        }
    }
}
