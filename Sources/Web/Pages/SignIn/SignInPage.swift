import Domain
import Hummingbird

/// The page where one signs in.
struct SignInPage: Sendable {
    let email: String
    let problem: String?
    /// What was just done that leads here.
    let done: String?

    static func view(
        _ words: Words,
        email: String = "",
        failure: SignInFailure? = nil,
        done: String? = nil
    ) -> SignInPage {
        SignInPage(email: email, problem: failure.map { $0.sentence(words) }, done: done)
    }
}

/// Why nobody is signed in, or nothing was sent; which of address and password was wrong is not told.
enum SignInFailure: Hashable, Sendable {
    case wrong
    case wrongCode(triesLeft: Int)
    /// The password has to be entered once more.
    case codeOver
    case tooOften(seconds: Double)
    case busy

    var status: HTTPResponse.Status {
        switch self {
        case .wrong, .wrongCode, .codeOver: .unprocessableContent
        case .tooOften: .tooManyRequests
        case .busy: .serviceUnavailable
        }
    }

    func sentence(_ words: Words) -> String {
        switch self {
        case .wrong: words("signin.wrong")
        case .wrongCode(let left): words.counted("signin.code.wrong", left)
        case .codeOver: words("signin.code.over")
        case .tooOften(let seconds): words.counted("signin.wait", max(1, Int(seconds.rounded(.up))))
        case .busy: words("signin.busy")
        }
    }
}

/// Where the second factor's code is asked for, or one of the codes for the day when it is lost.
struct CodePage: Sendable {
    let problem: String?
    /// Whether a recovery code is asked for.
    let isRecovery: Bool
    let action: String
}

/// Where a link for a new password is asked for.
struct ForgottenPage: Sendable {
    enum Stage: Sendable {
        case asking, sent, impossible
    }

    let heading: String
    let sentences: [String]
    let asks: Bool
    let problem: String?
    let email: String

    static func view(
        _ stage: Stage,
        _ words: Words,
        email: String = "",
        failure: SignInFailure? = nil
    ) -> ForgottenPage {
        switch stage {
        case .asking:
            ForgottenPage(
                heading: words("forgotten.heading"),
                sentences: [words("forgotten.advice")],
                asks: true,
                problem: failure.map { $0.sentence(words) },
                email: email
            )
        case .sent:
            ForgottenPage(
                heading: words("forgotten.sent"),
                sentences: [words("forgotten.sent_advice"), words("forgotten.nothing_came")],
                asks: false,
                problem: nil,
                email: ""
            )
        case .impossible:
            ForgottenPage(
                heading: words("forgotten.heading"),
                sentences: [words("forgotten.ask_admin")],
                asks: false,
                problem: nil,
                email: ""
            )
        }
    }
}

/// Where a link's holder sets a new password; without a field the link is good for nothing any more.
struct NewPasswordPage: Sendable {
    let email: String?
    let forWhom: String
    let action: String
    let field: FieldView?
}
