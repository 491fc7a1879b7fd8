import Domain
import Testing
import Transfer

@testable import Channels

@Suite("What a mail server's refusal means") struct SMTPOutcomeTests {
    private static func outcome(_ verb: SMTPVerb, _ line: String) throws -> SendOutcome {
        SendOutcome(.refused(verb, try #require(SMTPReply(line: line))), name: "1@example.at")
    }

    @Test(
        "each reply has its meaning",
        arguments: [
            (.mail, "550 5.7.1 Sender address rejected", .account), (.mail, "553 5.1.8 no such domain", .account),
            (.mail, "530 5.7.0 Authentication required", .account), (.mail, "501 5.1.7 bad sender", .account),
            (.mail, "552 5.3.4 message too big", .message), (.mail, "451 4.3.0 later", .throttled),
            (.mail, "421 4.7.0 too many connections", .throttled), (.mail, "452 4.3.1 no room", .throttled),
            (.mail, "450 Mail send limit exceeded.", .limited(.hour)),
            (.mail, "550 5.4.5 Daily user sending limit exceeded. - gsmtp", .limited(.day)),
            (.mail, "421 4.7.28 Gmail has detected an unusual rate of mail", .limited(.hour)),
            (.recipient, "450 4.2.0 <a@example.org>: Greylisted, see http://postgrey", .deferred),
            (.recipient, "451 4.7.1 Greylisting in action, try later", .deferred),
            (.recipient, "450 4.1.1 unverified", .deferred), (.recipient, "450 later", .deferred),
            (.recipient, "452 4.2.2 over quota", .deferred), (.recipient, "452 4.5.3 too many recipients", .throttled),
            (.recipient, "450 4.7.1 Error: too much mail from 192.0.2.1", .throttled),
            (.recipient, "450 4.2.1 The user is receiving mail too quickly.", .deferred),
            (.recipient, "550 5.1.1 User unknown", .address), (.recipient, "550 5.1.10 null MX", .address),
            (.recipient, "550 5.2.1 disabled", .address), (.recipient, "552 5.2.2 mailbox full", .address),
            (.recipient, "550 No such user here", .address), (.recipient, "551 moved", .address),
            (.recipient, "553 mailbox name not allowed", .address),
            (.recipient, "554 5.7.1 Relay access denied", .message), (.recipient, "550 relay not permitted", .message),
            (.recipient, "550 5.7.1 rejected by policy", .message), (.recipient, "554 no", .message),
            // Postfix asks about the sender when it hears of the recipient.
            (.recipient, "553 5.7.1 <p@example.at>: Sender address rejected: not owned by user x", .account),
            (.recipient, "550 5.1.90 reached your daily limit for message recipients", .limited(.day)),
            (
                .recipient, "550 Domain example.at has exceeded the max emails per hour (100/100 (100%)) allowed.",
                .limited(.hour)
            ),
            (.recipient, "550 5.7.1 Your mail limit has been reached.", .limited(.hour)),
            (.recipient, "450 4.7.1 message count quota exceeded", .limited(.hour)),
            (.data, "451 4.3.0 later", .throttled), (.data, "554 5.5.1 no valid recipients", .message),
            (.end, "451 4.3.0 later", .throttled), (.end, "554 5.7.1 spam", .message), (.end, "550 no", .message),
            (.end, "550 5.1.1 unknown", .address), (.end, "552 5.3.4 too big", .message),
            (.end, "432 4.3.2 Concurrent connections limit exceeded.", .throttled),
            (.end, "554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException", .limited(.day)),
            (.end, "554 5.2.252 SendAsDenied", .account), (.end, "554 5.2.2 mailbox full", .account),
            (.end, "550 5.2.252 Sender throttled due to continuous send as denied errors.", .limited(.hour)),
        ] as [(SMTPVerb, String, SMTPOutcomeTable.Meaning)]
    )
    func meaning(_ verb: SMTPVerb, _ line: String, _ meaning: SMTPOutcomeTable.Meaning) throws {
        let reply = try #require(SMTPReply(line: line))
        #expect(SMTPOutcomeTable.meaning(reply, of: verb) == meaning)
    }

    @Test("every refusal has a meaning, and what is temporary is never final")
    func everything() {
        for verb in [SMTPVerb.mail, .recipient, .data, .end] {
            for code in 400...599 {
                let meaning = SMTPOutcomeTable.meaning(SMTPReply(code: code), of: verb)
                if code < 500 { #expect(meaning != .address && meaning != .message, "\(verb) \(code)") }
                if code >= 500 { #expect(meaning != .deferred && meaning != .throttled, "\(verb) \(code)") }
            }
        }
        for row in SMTPOutcomeTable.rows { #expect(!row.source.isEmpty) }
    }

    @Test("a detail holds code and words, at most 200 characters, and no address")
    func details() throws {
        #expect(
            try Self.outcome(.recipient, "550 5.1.1 <anna@example.org>: unknown").detail
                == "550 5.1.1 <(address)>: unknown"
        )
        #expect(
            try Self.outcome(.end, "554 see https://x.example/why?a=anna%40example.org, Anna@Example.Org;").detail
                == "554 see (address), (address);"
        )
        let long = try Self.outcome(.end, "554 " + String(repeating: "wörter ", count: 60)).detail
        #expect(long.count == 200 && long.hasSuffix("…"))
    }

    @Test("what is kept of an acceptance are the server's words, under the message's own name")
    func acceptance() throws {
        let reply = try #require(SMTPReply(line: "250 2.0.0 Ok: queued as 4F2A"))
        let outcome = SendOutcome(.accepted(reply), name: "1.2@example.at")
        #expect(
            outcome == .accepted(ProviderReference(raw: "250 2.0.0 Ok: queued as 4F2A", spellings: ["1.2@example.at"]))
        )
    }

    @Test(
        "without a connection nothing is sent, and only what somebody has to change concerns the account",
        arguments: [
            (.name, false), (.connect, false), (.certificateExpired, false), (.certificateForAnotherName, false),
            (.certificateUntrusted, false), (.tls, false), (.startTLSMissing, false), (.greeting, false),
            (.timeOut, false), (.connectionLost, false), (.authenticationTemporary, false), (.refusedAddress, false),
            (.authenticationRefused, true), (.authenticationMissing, true),
        ] as [(MailFailure.Cause, Bool)]
    )
    func noConnection(_ cause: MailFailure.Cause, _ isAccount: Bool) {
        let failure = MailFailure(cause, stage: .signIn, line: "535 5.7.8 anna@example.at is wrong")
        let outcome = SendOutcome.noConnection(failure)
        switch outcome {
        case .unreachable(let detail): #expect(!isAccount && detail.hasPrefix(failure.description))
        case .accountRefused(let detail): #expect(isAccount && detail.contains("(535 5.7.8 (address) is wrong)"))
        default: Issue.record("\(outcome)")
        }
        #expect(!outcome.detail.contains("anna"))
    }

    @Test("the dot decides what silence means")
    func silence() {
        for end in [MailEnd.timeOut, .lost, .cancelled] {
            guard case .unreachable = SendOutcome(.notSent(.ended(end)), name: "x"),
                case .unknown = SendOutcome(.unknown(.ended(end)), name: "x")
            else {
                Issue.record("\(end)")
                continue
            }
        }
    }
}
