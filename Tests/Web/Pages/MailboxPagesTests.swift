import Domain
import Foundation
import Testing

@testable import Storage
@testable import Web

@Suite("The pages about mailboxes")
struct MailboxPagesTests {
    private func mailbox(
        _ address: String = "praxis@example.at",
        of practitioner: Practitioner.ID? = nil,
        smtp: String = "smtps://smtp.example.at:465",
        imap: String = "imaps://imap.example.at:993",
        options: [String: String] = [:]
    ) throws -> Mailbox {
        Mailbox(
            account: Provider(
                id: .init(1),
                practiceID: .init(1),
                name: "1/" + address,
                kind: .mailbox,
                url: smtp,
                options: options
            ),
            practitionerID: practitioner,
            address: try #require(EmailAddress(stored: address)),
            imapURL: imap
        )
    }

    @Test(
        "A server is a host and a kind of encryption; the usual port is not shown",
        arguments: [
            ("smtps://smtp.example.at:465", .smtp, "smtp.example.at", .tls),
            ("smtp://smtp.example.at:587", .smtp, "smtp.example.at", .startTLS),
            ("smtp://127.0.0.1:2525", .smtp, "127.0.0.1:2525", .startTLS),
            ("imaps://imap.example.at:993", .imap, "imap.example.at", .tls),
            ("imap://imap.example.at:993", .imap, "imap.example.at:993", .startTLS),
        ] as [(String, MailServerText.Kind, String, MailServerText.Security)]
    )
    func servers(url: String, kind: MailServerText.Kind, host: String, security: MailServerText.Security) {
        let text = MailServerText(url, kind)
        #expect(text == MailServerText(host: host, security: security))
        #expect(text.url(kind) == url)
    }

    @Test("Nothing is no server, and whoever pastes a whole address has it taken as it is")
    func odd() {
        #expect(MailServerText(host: " ", security: .tls).url(.imap).isEmpty)
        #expect(MailServerText(host: "smtp://a.example:25", security: .tls).url(.smtp) == "smtp://a.example:25")
    }

    @Test("A server that nobody touched stays to the letter, so that the password stays, too")
    func untouched() throws {
        let known = try mailbox(smtp: "smtp://smtp.example.at", imap: "")
        let form = FormData(encoded: "address=praxis%40example.at&smtp=smtp.example.at&smtpSecurity=starttls&imap=")
        #expect(try MailboxEntry(existing: known).with(form).finished().smtp == "smtp://smtp.example.at")
        let moved = FormData(encoded: "address=praxis%40example.at&smtp=other.example.at&smtpSecurity=starttls")
        #expect(try MailboxEntry(existing: known).with(moved).finished().smtp == "smtp://other.example.at:587")
    }

    @Test("Options that the form does not have stay, those it has are changed or go")
    func options() throws {
        let known = try mailbox(options: ["ca-file": "/etc/ca.pem", "per-hour": "50", "sent-copy": "server"])
        let form = FormData(encoded: "address=praxis%40example.at&smtp=a&imap=b&perHour=&perDay=200&sentCopy=append")
        let options = try MailboxEntry(existing: known).with(form).finished().options
        #expect(options == ["ca-file": "/etc/ca.pem", "per-day": "200", "sent-copy": "append"])
    }

    @Test("A limit is a whole number from 1 on", arguments: ["0", "-1", "viele", "1.5", "9999999"])
    func limits(text: String) throws {
        let form = FormData(encoded: "address=a%40example.at&smtp=a&perHour=" + text)
        #expect(throws: ProblemList(FieldProblem("perHour", .fieldInvalid, ["reason": "mail_limit"]))) {
            try MailboxEntry(address: "").with(form).finished()
        }
    }

    @Test("The user is the address where nothing else stands, so that it follows the address")
    func user() throws {
        let form = FormData(encoded: "address=neu%40example.at&user=neu%40example.at&smtp=a&imap=")
        #expect(try MailboxEntry(existing: try mailbox()).with(form).finished().user.isEmpty)
        #expect(MailboxEntry(existing: try mailbox()).draft.user == "praxis@example.at")
    }

    @Test("What was found stands in the form, and something new is switched off")
    func offer() throws {
        let offer = MailServerCandidate(
            smtpURL: "smtp://smtp.a.example:587",
            imapURL: "imaps://imap.a.example",
            user: "eva",
            signIn: .oauth,
            sentCopy: .server,
            perDay: 500,
            source: .known(vendor: "A")
        )
        let draft = try MailboxEntry(address: "eva@a.example", offer, displayName: "Praxis").finished()
        #expect(draft.smtp == offer.smtpURL && draft.imap == "imaps://imap.a.example:993")
        #expect(draft.user == "eva" && draft.displayName == "Praxis" && !draft.isEnabled)
        #expect(draft.options == ["sent-copy": "server", "auth": "xoauth2", "per-day": "500"])
    }

    @Test(
        "What was found says whose it is and what is to be done before",
        arguments: MailServerCandidate.SignIn.allCases
    )
    func found(signIn: MailServerCandidate.SignIn) throws {
        let problems = FormProblems(try RealResources.words())
        let page = { (source: MailServerCandidate.Source) in
            MailboxAccountPage.view(
                MailboxEntry(address: "eva@a.example"),
                MailServerCandidate(
                    smtpURL: "smtps://a.example",
                    imapURL: "",
                    user: "eva",
                    signIn: signIn,
                    source: source,
                    page: "https://a.example/help"
                ),
                isFirst: true,
                practitioners: [],
                problems
            )
        }
        let known = page(.known(vendor: "A"))
        #expect(known.about.contains("gefunden (A)") && known.help == "https://a.example/help")
        #expect((known.note == nil) == (signIn == .password) && known.note?.hasPrefix("mailbox.") != true)
        let told = page(.autoconfig(url: "https://a.example/help"))
        #expect(told.about.hasPrefix("Die Einstellungen sind gefunden.") && told.help == nil)
    }

    @Test("Problems of channels come under the names of the form's fields, in the form's own words")
    func fields() {
        let list = ProblemList([
            FieldProblem("option.per-hour", .providerUnusable), FieldProblem("option.ca-file", .providerUnusable),
            FieldProblem("imap", .fieldInvalid, ["reason": "mail_url"]),
        ]).ofMailboxForm
        #expect(list.problems.map(\.field) == ["perHour", "smtp", "imap"])
        #expect(list.problems.last?.arguments["reason"] == "mail_server")
    }

    @Test("The list says first from where e-mails leave")
    func lead() throws {
        let words = try RealResources.words()
        let common = try mailbox()
        let own = try mailbox("eva@example.at", of: .init(3))
        let leads = [
            ([common], false), ([common, own], false), ([own], false), ([], false), ([], true),
        ].map { MailboxListPage.lead($0, isEmpty: $1, words) }
        #expect(leads[0] == "Deine E-Mails gehen von praxis@example.at hinaus.")
        #expect(leads[1].contains("einer Therapeut:in") && leads[2].contains("Nur für einzelne"))
        #expect(leads[3].contains("eingeschaltet") && leads[4].contains("Noch gehört kein Postfach"))
    }

    private func trial(_ step: Trial.Step, bound: Bool = true, accepted: Bool = true, copied: Bool = true, isOver: Bool)
        -> Trial
    {
        let now = Date(timeIntervalSince1970: 1_803_891_600)
        return Trial(
            id: .init(1),
            providerID: .init(1),
            recipient: "",
            sender: "",
            step: step,
            detail: "",
            createdAt: now,
            boundAt: bound ? now : nil,
            acceptedAt: accepted ? now : nil,
            copiedAt: copied ? now : nil,
            endedAt: isOver ? now : nil
        )
    }

    @Test(
        "Each step of a test has its shape: done, under way, to come, failed, left out",
        arguments: [
            (.connecting, 0, "append", ["planned", "planned", "planned", "planned"]),
            (.bound, 1, "append", ["delivered", "planned", "planned", "planned"]),
            (.accepted, 2, "append", ["delivered", "delivered", "planned", "planned"]),
            (.accepted, 2, "server", ["delivered", "delivered", "none", "planned"]),
            (.failed, 0, "append", ["failed", "none", "none", "none"]),
            (.failed, 1, "append", ["delivered", "failed", "none", "none"]),
            (.failed, 2, "append", ["delivered", "delivered", "failed", "none"]),
            (.failed, 3, "append", ["delivered", "delivered", "delivered", "failed"]),
            (.copied, 4, "append", ["delivered", "delivered", "delivered", "delivered"]),
        ] as [(Trial.Step, Int, String, [String])]
    )
    func steps(step: Trial.Step, reached: Int, copy: String, looks: [String]) throws {
        let trial = trial(
            step,
            bound: reached > 0,
            accepted: reached > 1,
            copied: reached > 2,
            isOver: step == .failed || reached == 4
        )
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let steps = MailTrialView.steps(
            trial,
            try mailbox(options: ["sent-copy": copy]),
            try RealResources.words(),
            zone
        )
        #expect(steps.map(\.look) == looks)
    }

    @Test("Without an incoming server there is no copy and nothing to read")
    func sendingOnly() throws {
        let zone = try #require(TimeZone(identifier: "Europe/Vienna"))
        let trial = trial(.accepted, copied: false, isOver: true)
        let steps = MailTrialView.steps(trial, try mailbox(imap: ""), try RealResources.words(), zone)
        #expect(steps.map(\.look) == ["delivered", "delivered", "none", "none"])
    }

    @Test(
        "What a server said is shown without the engine's words before it",
        arguments: [
            ("the account is refused: 535 no", "535 no"), ("not reached", nil), ("550 refused: no", "550 refused: no"),
        ]
    )
    func said(detail: String, words: String?) {
        #expect(MailCauseView.said(detail) == words)
    }

    @Test("Every state, step and cause has its words in both languages", arguments: Language.allCases)
    func languages(language: Language) throws {
        let words = try RealResources.words(language)
        var keys = MailCause.allCases.flatMap {
            ["mailbox.cause.\($0.rawValue)", "mailbox.cause.\($0.rawValue)_advice"]
        }
        let states = ["off", "on", "well", "resting", "unread", "limited"]
        keys += states.flatMap { ["mailbox.state." + $0, "mailbox.lead." + $0] }
        let steps = ["waiting", "connecting", "bound", "accepted", "copied", "done", "unattended"]
        keys += steps.flatMap { ["mailbox.trial.word." + $0, "mailbox.trial.sentence." + $0] }
        keys += ["signed_in", "accepted", "copied", "readable", "failed", "skipped", "open", "under_way"].map {
            "mailbox.step." + $0
        }
        keys += Mailbox.SentCopy.allCases.map { "mailbox.copy." + $0.rawValue }
        keys += MailServerText.Security.allCases.map { "mailbox.security." + $0.rawValue }
        keys += ["auto", "plain", "login", "xoauth2"].map { "mailbox.auth." + $0 }
        keys += MailboxEntry.fields.keys.map { "mailbox.field." + $0 }
        #expect(keys.filter { !words.catalogue.has($0) } == [])
    }
}
