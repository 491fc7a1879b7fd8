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
        } catch StorageError.notFound {
            return try page(.notFound, "not_found", context)
        } catch StorageError.stale {
            return try page(.conflict, "stale", context)
        } catch let error as HTTPError where error.status == .notFound {
            return try page(.notFound, "not_found", context)
        } catch let error as HTTPError where error.status == .forbidden {
            return try page(.forbidden, "forbidden", context)
        } catch let error as HTTPError where error.status == .tooManyRequests {
            return try page(.tooManyRequests, "too_often", context)
        }
    }

    private func page(_ status: HTTPResponse.Status, _ key: String, _ context: WebContext) throws -> Response {
        let words = pages.words(context.session?.user.language ?? .german)
        let fault = FaultPage(
            heading: words("fault.\(key).heading"),
            advice: words("fault.\(key).advice"),
            back: words("fault.back")
        )
        return try pages.page("fault", fault, Frame(pages, words, title: fault.heading), status: status)
    }
}

/// A page that could not be shown, and what to do.
struct FaultPage: Sendable {
    let heading: String
    let advice: String
    let back: String
}
