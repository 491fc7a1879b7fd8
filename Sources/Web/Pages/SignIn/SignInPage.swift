import Domain

/// The page where one signs in.
struct SignInPage: Sendable {
    let email: String
    let problem: String?

    static func view(_ words: Words, email: String = "", failure: Failure? = nil) -> SignInPage {
        switch failure {
        case nil: SignInPage(email: email, problem: nil)
        case .wrong: SignInPage(email: email, problem: words("signin.wrong"))
        case .tooOften(let seconds):
            SignInPage(email: email, problem: words.counted("signin.wait", max(1, Int(seconds.rounded(.up)))))
        }
    }

    /// Why nobody is signed in; which of the two was wrong is not told.
    enum Failure: Hashable, Sendable {
        case wrong
        case tooOften(seconds: Double)
    }
}
