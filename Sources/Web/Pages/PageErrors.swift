import Domain
import Hummingbird
import Storage

/// Turns what a handler could not do into a page that says so.
struct PageErrors: RouterMiddleware {
    let pages: PageServices

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            guard let fault = Fault(error) else { throw error }
            var response = try await page(fault, request, context)
            response.headers[.retryAfter] = (error as? HTTPError)?.headers[.retryAfter]
            return response
        }
    }

    private func page(_ fault: Fault, _ request: Request, _ context: WebContext) async throws -> Response {
        let words = pages.words(context.session?.user.language ?? PreferredLanguage.of(request))
        let model = FaultPage(
            heading: words("fault.\(fault.rawValue).heading"),
            advice: words("fault.\(fault.rawValue).advice"),
            back: words("fault.back")
        )
        // Who is signed in finds the way on where it always is.
        let visit = context.session == nil ? nil : try await Visit(pages, context)
        let frame =
            visit.map { Frame($0, title: model.heading, current: .none) } ?? Frame(pages, words, title: model.heading)
        return try pages.page("fault", model, frame, status: fault.status)
    }
}

/// Why a page could not be shown, as far as the person before it can do something about it.
private enum Fault: String {
    case notFound = "not_found"
    case stale
    case forbidden
    case tooOften = "too_often"
    case tooLarge = "too_large"
    /// The address or the form says what nothing can be done with: a cursor that somebody cut off.
    case notUnderstood = "not_understood"

    /// nil for what no person before a page can change, and for what sends them to sign in.
    init?(_ error: any Error) {
        switch error {
        case StorageError.notFound: self = .notFound
        case StorageError.stale: self = .stale
        case is ProblemList: self = .notUnderstood
        case let error as any HTTPResponseError:
            switch error.status {
            case .notFound: self = .notFound
            case .forbidden: self = .forbidden
            case .tooManyRequests: self = .tooOften
            case .contentTooLarge: self = .tooLarge
            case .unauthorized: return nil
            case let status where status.kind == .clientError: self = .notUnderstood
            default: return nil
            }
        default: return nil
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .notFound: .notFound
        case .stale: .conflict
        case .forbidden: .forbidden
        case .tooOften: .tooManyRequests
        case .tooLarge: .contentTooLarge
        case .notUnderstood: .unprocessableContent
        }
    }
}

/// Does for addresses that no route has what is done for those of the pages; callers of the interface are left alone.
struct ForUnknownAddresses<Wrapped: RouterMiddleware>: RouterMiddleware where Wrapped.Context == WebContext {
    let wrapped: Wrapped

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let isForPrograms = ["/api", "/hooks"].contains {
            request.uri.path == $0 || request.uri.path.hasPrefix($0 + "/")
        }
        return isForPrograms
            ? try await next(request, context) : try await wrapped.handle(request, context: context, next: next)
    }
}

/// A page that could not be shown, and what to do.
struct FaultPage: Sendable {
    let heading: String
    let advice: String
    let back: String
}
