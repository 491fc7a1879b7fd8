import Hummingbird

extension Request {
    /// Whether a script asks for a part of a page, into which it puts the answer.
    var isForPart: Bool { HeaderName("HX-Request").map { headers[$0] != nil } ?? false }
}
