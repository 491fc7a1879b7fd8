import Hummingbird

/// Sends the browser on after a form was taken (RFC 9110 §15.4.4).
enum SeeOther {
    /// For a request of a script the header says it, since the script would follow a redirection by itself.
    static func response(_ path: String, to request: Request) -> Response {
        guard request.isForPart, let redirect = HeaderName("HX-Redirect") else {
            return .redirect(to: path, type: .normal)
        }
        return Response(status: .ok, headers: [redirect: path])
    }
}
