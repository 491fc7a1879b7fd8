import Domain
import Foundation
import Transfer

extension SendOutcome {
    /// There was no whole answer.
    init(_ failure: HTTPFailure) {
        self =
            switch failure.progress {
            case .notSent: .unreachable(detail: failure.description)
            case .unknown: .unknown(detail: failure.description)
            case .answered(let status): Self.unread(status: status)
            }
    }

    /// An answer whose body says nothing that is documented. Only where the status alone says so (RFC 9110 §15, RFC 6585
    /// §4) was the message surely not taken.
    static func unread(status: Int) -> SendOutcome {
        let detail = "HTTP \(status)"
        switch status {
        case 200..<300: return .unknown(detail: detail + ", unreadable answer")
        // The request was answered by somebody else, and belongs elsewhere: the address is wrong. After the other
        // redirects it may have been processed.
        case 301, 307, 308: return .unreachable(detail: detail + ", a redirect: is the address right?")
        case 401, 402, 403: return .accountRefused(detail: detail)
        case 404, 405, 410: return .accountRefused(detail: detail + ": is the address right?")
        case 407, 408, 421: return .unreachable(detail: detail)
        case 425, 429: return .throttled(detail: detail)
        case 400..<500: return .refused(.providerError, detail: detail)
        // Sent by whatever stands in front of the provider's own servers, before they saw the request. After 502 and 504
        // they may have seen it.
        case 503: return .unreachable(detail: detail)
        default: return .unknown(detail: detail)
        }
    }

}

extension HTTPResponse {
    var isSuccess: Bool { (200..<300).contains(status) }

    /// How long the server wants to be left alone (RFC 9110 §10.2.3), 1 second to 10 minutes; nil where it does not say.
    /// A date is compared with the server's own.
    var retryAfter: Duration? {
        guard let text = headers["retry-after"] else { return nil }
        let seconds: Double
        if let number = Double(text), number.isFinite {
            seconds = number
        } else {
            guard let until = InternetDate.parse(text), let now = headers["date"].flatMap(InternetDate.parse) else {
                return nil
            }
            seconds = until.timeIntervalSince(now)
        }
        return .seconds(min(max(seconds, 1), 600))
    }
}
