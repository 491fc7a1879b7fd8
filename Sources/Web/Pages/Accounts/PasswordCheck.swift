import Domain
import Hummingbird
import Storage

/// Asks for the password once more before something that only its owner may do: whoever finds an open page may not.
enum PasswordCheck {
    /// The match where it is the person's own.
    ///
    /// - Parameter field: of the form.
    /// - Throws: `ProblemList` on the field
    @discardableResult
    static func demand(
        _ form: FormData,
        field: String = "currentPassword",
        _ visit: Visit,
        _ request: Request,
        _ context: WebContext
    ) async throws -> PasswordMatch {
        func problem(_ reason: String, _ arguments: [String: String] = [:]) -> ProblemList {
            let all = arguments.merging(["reason": reason]) { given, _ in given }
            return ProblemList(FieldProblem(field, .fieldInvalid, all))
        }
        let password = form[field]
        guard !password.isEmpty else { throw problem("password_missing") }
        let pages = visit.pages
        let user = visit.session.user
        let counts = SignIn.counts("own \(user.id)", request, context)
        let wait = await pages.brake.enter(counts, now: visit.now)
        if wait > 0 {
            throw problem("wait", ["seconds": visit.words.number(max(1, Int(wait.rounded(.up))))])
        }
        let isWrong: @Sendable (SignInOutcome) -> Bool = { if case .wrong = $0 { true } else { false } }
        let outcome = try await pages.patiently(isRight: { !isWrong($0) }) {
            let outcome = try await pages.storage.users.matches(user.id, password: password)
            if isWrong(outcome) { try await visit.note(.refused, .user, user.id.rawValue) }
            return outcome
        }
        switch outcome {
        case .matched(let match):
            await pages.brake.succeeded(counts)
            return match
        case .wrong: throw problem("password_wrong")
        case .busy:
            await pages.brake.withdraw(counts)
            throw problem("busy")
        }
    }
}
