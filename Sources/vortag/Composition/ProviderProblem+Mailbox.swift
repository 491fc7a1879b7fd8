import Channels
import Domain

extension ProviderProblem {
    /// As a problem of a mailbox's field, for a form and for the command line alike.
    var ofMailbox: FieldProblem {
        switch self {
        case .url: FieldProblem("smtp", .fieldInvalid, ["reason": "mail_url"])
        case .mailServer(let field, _): FieldProblem(field, .fieldInvalid, ["reason": "mail_url"])
        case .mailReach(let field, let loopback):
            FieldProblem(field, .providerUnusable, ["reason": loopback ? "mail_loopback" : "mail_public"])
        case .tlsNeeded: FieldProblem("smtp", .providerUnusable, ["reason": "mail_tls"])
        case .loopbackOnly: FieldProblem("smtp", .providerUnusable, ["reason": "mail_loopback"])
        case .publicOnly: FieldProblem("smtp", .providerUnusable, ["reason": "mail_public"])
        case .user: FieldProblem("user", .providerUnusable, ["reason": "mail_user"])
        case .secret: FieldProblem("secret", .providerUnusable, ["reason": "mail_secret"])
        case .tooLong(let field, let limit): FieldProblem(field, .fieldTooLong, ["maximum": String(limit)])
        case .option(let name, let allowed):
            FieldProblem(
                "option." + name,
                .providerUnusable,
                ["reason": "mail_option", "name": name, "allowed": allowed]
            )
        case .optionUnknown(let name, _): FieldProblem("option." + name, .fieldUnknown, ["name": name])
        }
    }
}
