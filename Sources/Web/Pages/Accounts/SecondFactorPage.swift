import Domain
import Storage

/// Setting up the second factor, and what there is to do with one that is on.
struct SecondFactorPage: Sendable {
    struct Enrolment: Sendable {
        let picture: QRPicture?
        /// In groups of four, for those who type it.
        let groups: String
        let uri: String
        let codeField: FieldView
    }

    let lead: String
    let about: String
    let form: FormFrame
    /// A new secret that waits for its first code; nil where none does.
    let enrolment: Enrolment?
    let isActive: Bool
    /// What is missing on the server; nil where nothing is.
    let lack: String?
    let passwordField: FieldView?
    let accountEmail: String

    static func view(
        _ waiting: SecondFactorSecret?,
        codesLeft: Int,
        _ problems: FormProblems,
        _ visit: Visit
    ) -> SecondFactorPage {
        let words = visit.words
        let isOn = visit.session.user.secondFactorSince != nil
        let isPossible = visit.storage.secondFactor.isPossible
        let key = isOn ? "factor.lead.on" : waiting == nil ? "factor.lead.off" : "factor.lead.waiting"
        let about =
            isOn ? words.counted("factor.on", codesLeft) : words(waiting == nil ? "factor.about" : "factor.steps")
        return SecondFactorPage(
            lead: words(key),
            about: about,
            form: FormFrame(action: "/konto/zweiter-faktor", problems: problems),
            enrolment: waiting.map { enrolment($0, problems) },
            isActive: isOn,
            lack: isPossible || isOn ? nil : words("factor.no_key"),
            passwordField: isPossible && waiting == nil || isOn ? .currentPassword(problems) : nil,
            accountEmail: visit.session.user.email.value
        )
    }

    private static func enrolment(_ secret: SecondFactorSecret, _ problems: FormProblems) -> Enrolment {
        Enrolment(
            picture: QRPicture(secret.uri),
            groups: stride(from: 0, to: secret.text.count, by: 4)
                .map { String(secret.text.dropFirst($0).prefix(4)) }.joined(separator: " "),
            uri: secret.uri,
            codeField: .make("code", "", problems, autocomplete: "one-time-code", inputMode: "numeric")
        )
    }
}

/// The codes for the day when the telephone is lost, shown this once.
struct RecoveryCodesPage: Sendable {
    let lead: String
    let about: String
    let codes: [String]
}
