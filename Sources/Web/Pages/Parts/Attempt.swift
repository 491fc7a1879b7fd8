import Domain
import Storage

/// What became of a form: taken, or refused with everything that is wrong with it.
enum Attempt<Value: Sendable>: Sendable {
    case done(Value)
    case refused(FormProblems)

    /// Broken rules and a change by someone else are answers; whatever else is thrown is not.
    static func of(_ words: Words, _ work: () async throws -> Value) async throws -> Attempt {
        do {
            return .done(try await work())
        } catch let list as ProblemList {
            return .refused(FormProblems(words, list.problems))
        } catch StorageError.stale {
            return .refused(FormProblems(words, isStale: true))
        }
    }
}

/// What every page with a form shows beside its fields.
struct FormFrame: Sendable {
    /// Where the form goes to.
    let action: String
    let summary: ProblemSummary?
    /// The version that the form was made from; empty for something new.
    let version: String
    /// Whether the person may only look.
    let isLocked: Bool
    /// "Saved", after a redirection.
    let saved: String?

    init(
        action: String,
        problems: FormProblems,
        version: Int64? = nil,
        mayWrite: Bool = true,
        saved: Bool = false
    ) {
        self.action = action
        summary = problems.summary
        self.version = version.map(String.init) ?? ""
        isLocked = !mayWrite
        self.saved = saved ? problems.words("form.saved") : nil
    }
}

extension FormData {
    /// The version that the form was made from.
    var version: Int64? { Int64(self["version"]) }

    func isOn(_ name: String) -> Bool { self[name] == "on" }
}
