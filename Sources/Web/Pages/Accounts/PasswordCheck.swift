import Domain
import Hummingbird
import Storage

/// Asks for the password once more before something that only its owner may do: whoever finds an open page may not.
enum PasswordCheck {
    /// Does nothing where it is the person's own.
    ///
    /// - Throws: `ProblemList` on `currentPassword`
    static func demand(
        _ password: String,
        _ visit: Visit,
        _ request: Request,
        _ context: WebContext
    ) async throws {
        let pages = visit.pages
        let user = visit.session.user
        let counts = SignIn.counts("own \(user.id)", request, context)
        let wait = await pages.brake.enter(counts, now: visit.now)
        if wait > 0 {
            throw problem("wait", ["seconds": visit.words.number(max(1, Int(wait.rounded(.up))))])
        }
        let matches: Bool? = try await pages.patiently(isRight: { $0 != false }) {
            let matches = try await pages.storage.users.matches(user.id, password: password)
            if matches == false { try await visit.note(.refused, .user, user.id.rawValue) }
            return matches
        }
        switch matches {
        case true?: await pages.brake.succeeded(counts)
        case false?: throw problem("password_wrong")
        case nil:
            await pages.brake.withdraw(counts)
            throw problem("busy")
        }
    }

    private static func problem(_ reason: String, _ arguments: [String: String] = [:]) -> ProblemList {
        ProblemList(
            FieldProblem("currentPassword", .fieldInvalid, arguments.merging(["reason": reason]) { given, _ in given })
        )
    }
}
