import Domain
import Foundation
import Hummingbird
import Storage

/// A fault as the interface tells it (RFC 9457), on its way out of a handler.
struct Problem: Error {
    var status: HTTPResponse.Status
    /// Last part of the type's address; nil: `about:blank`, where the status says all there is (RFC 9457 §4.2.1).
    var kind: String?
    var title: String
    var detail: String?
    var headers: HTTPFields = [:]
    var errors: [FieldProblem] = []
    /// More members of the document (RFC 9457 §3.2).
    var more: [JSONValue.Member] = []

    init(_ status: HTTPResponse.Status, _ detail: String? = nil, headers: HTTPFields = [:]) {
        self.status = status
        self.title = status.reasonPhrase
        self.detail = detail
        self.headers = headers
    }

    /// RFC 6750 §3: says how to authenticate; no error code where no token came (§3.1).
    static func unauthorized(tokenCame: Bool) -> Problem {
        let challenge = "Bearer realm=\"vortag\"" + (tokenCame ? ", error=\"invalid_token\"" : "")
        let detail = tokenCame ? "The token is unknown or was revoked." : "Send the header Authorization: Bearer TOKEN."
        return Problem(.unauthorized, detail, headers: [.wwwAuthenticate: challenge])
    }

    /// RFC 6750 §3.1, insufficient_scope.
    static var readOnly: Problem {
        let challenge = "Bearer realm=\"vortag\", error=\"insufficient_scope\", scope=\"write\""
        return Problem(.forbidden, "The token may read only.", headers: [.wwwAuthenticate: challenge])
    }

    /// Broken rules, all of them.
    static func broken(_ list: ProblemList) -> Problem {
        var problem = Problem(.unprocessableContent, "Nothing was changed; see errors.")
        problem.kind = "validation"
        problem.title = "The request breaks rules"
        problem.errors = list.problems
        return problem
    }

    /// Rule 11: the patient may already have the reminder.
    static func late(_ change: LateChange, zone: TimeZone) -> Problem {
        let sentAt = RFC3339.format(change.sentAt, in: zone)
        let code = ProblemCode.reminderAlreadySent
        var problem = Problem(.conflict, "Send acknowledgeSent true, and sendCorrection true or false.")
        problem.kind = code.rawValue
        problem.title = "The patient may already have the reminder"
        problem.errors = [FieldProblem("acknowledgeSent", code, ["sentAt": sentAt])]
        problem.more = [
            .init(name: "code", value: .string(code.rawValue)), .init(name: "sentAt", value: .string(sentAt)),
        ]
        return problem
    }

    /// The problem that an error of the lower rooms is for the caller; nil: one of the server's own, to be logged.
    init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let list as ProblemList: self = .broken(list)
        case let problem as FieldProblem: self = .broken(ProblemList(problem))
        case StorageError.notFound: self.init(.notFound, "There is nothing of this id.")
        case StorageError.stale: self.init(.preconditionFailed, "It was changed since it was read; read it again.")
        case let error as any HTTPResponseError where error.status.code < 500: self.init(error.status)
        default: return nil
        }
    }

    /// The document, its sentences by `sentence`.
    func document(_ sentence: (FieldProblem) -> String) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "type", value: .string(kind.map { "/problems/" + $0 } ?? "about:blank")),
            .init(name: "title", value: .string(title)),
            .init(name: "status", value: .integer(Int64(status.code))),
        ]
        if let detail { members.append(.init(name: "detail", value: .string(detail))) }
        members += more
        if !errors.isEmpty {
            members.append(.init(name: "errors", value: .array(errors.map { $0.json(sentence) })))
        }
        return .object(members)
    }
}

extension FieldProblem {
    /// `{"field", "code", "message"}`, and what a program can use of the arguments.
    func json(_ sentence: (FieldProblem) -> String) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "field", value: .string(field)),
            .init(name: "code", value: .string(code.rawValue)),
            .init(name: "message", value: .string(sentence(self))),
        ]
        let reasons = code == .correctionNotSent ? ["reason"] : []
        for name in ["channel", "character", "suggestion"] + reasons {
            if let value = arguments[name] { members.append(.init(name: name, value: .string(value))) }
        }
        return .object(members)
    }
}
