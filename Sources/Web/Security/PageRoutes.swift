import Domain
import Hummingbird
import Storage

/// Who may come in by a route.
enum PageAccess: Hashable, Sendable {
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
}

/// One route of the pages, as the table of who may come in where holds it.
struct PageRoute: Hashable, Sendable {
    let method: HTTPRequest.Method
    let path: String
    let access: PageAccess
}

/// Where the pages' routes are added. None can be added without saying for whom it is, and nobody else gets in: the
/// handler is not asked.
final class PageRoutes {
    typealias Handler = @Sendable (Request, WebContext) async throws -> Response

    private let group: RouterGroup<WebContext>
    /// Every route that was added, in that order.
    private(set) var table: [PageRoute] = []

    init(_ group: RouterGroup<WebContext>) { self.group = group }

    func get(_ path: String, for access: PageAccess, use handler: @escaping Handler) {
        table.append(PageRoute(method: .get, path: path, access: access))
        group.get(RouterPath(path), use: Self.guarded(access, handler))
    }

    func post(_ path: String, for access: PageAccess, use handler: @escaping Handler) {
        table.append(PageRoute(method: .post, path: path, access: access))
        group.post(RouterPath(path), use: Self.guarded(access, handler))
    }

    /// Sends those who are not signed in to the sign-in page, and refuses those whose role may not come in.
    private static func guarded(_ access: PageAccess, _ handler: @escaping Handler) -> Handler {
        guard case .role(let role) = access else { return handler }
        return { request, context in
            guard let session = context.session else { return SeeOther.response("/anmelden", to: request) }
            guard session.user.role.covers(role) else { throw HTTPError(.forbidden) }
            return try await handler(request, context)
        }
    }
}
