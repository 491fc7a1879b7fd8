import Domain
import Foundation
import Testing

@testable import Channels

/// Reports in the forms that mail servers write; the messages lie in Tests/Fuzz/Corpus/bounce.
@Suite struct BounceReaderTests {
    private static func message(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fuzz/Corpus/bounce")
        return Array(try Data(contentsOf: folder.standardized.appending(path: name + ".txt")))
    }

    struct Expected: Sendable {
        let message: String
        let reason: BounceReason
        var isFinal = true
        var recipient: String? = "anna@example.org"
        var name: String? = "7.abc@example.at"
        let detail: String
    }

    @Test(arguments: [
        Expected(
            message: "postfix-unknown",
            reason: .unknownRecipient,
            detail: "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"
        ),
        Expected(message: "postfix-headers", reason: .mailboxFull, detail: "552 5.2.2 full"),
        Expected(
            message: "postfix-delay",
            reason: .notReached,
            isFinal: false,
            detail: "4.4.1 connect to mx.example.org[192.0.2.1]:25: Connection timed out"
        ),
        Expected(
            message: "postfix-expired",
            reason: .notReached,
            detail: "4.4.1 connect to mx.example.org[192.0.2.1]:25: Connection timed out"
        ),
        Expected(
            message: "postfix-no-domain",
            reason: .unknownDomain,
            detail: "5.4.4 Host or domain name not found. Name service error for name=example.org type=A: "
                + "Host not found"
        ),
        Expected(
            message: "forwarded",
            reason: .unknownRecipient,
            detail: "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"
        ),
        Expected(message: "exim", reason: .unknownDomain, detail: "5.0.0"),
        Expected(
            message: "exim-diagnostic",
            reason: .unknownRecipient,
            detail: "550-5.1.1 The email account that you tried to reach does 550-5.1.1 not exist. "
                + "https://support.example/?p=NoSuchUser"
        ),
        Expected(
            message: "gmail-spam",
            reason: .refused,
            detail: "550-5.7.1 [192.0.2.1 12] Our system has detected that this message is 550-5.7.1 likely "
                + "unsolicited mail."
        ),
        Expected(
            message: "exchange",
            reason: .unknownRecipient,
            detail: "550 5.4.1 Recipient address rejected: Access denied. [AM0.example.outlook.com]"
        ),
        Expected(
            message: "exchange-x-status",
            reason: .unknownRecipient,
            detail: "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"
        ),
        Expected(
            message: "global",
            reason: .unknownRecipient,
            recipient: "jörg@example.org",
            detail: "5.1.1"
        ),
        Expected(message: "base64", reason: .mailboxFull, detail: "5.2.2"),
        Expected(message: "no-status", reason: .mailboxFull, detail: "552 Mailbox size limit exceeded"),
        Expected(message: "no-action", reason: .unknownRecipient, detail: "5.2.1"),
        Expected(message: "soft-final", reason: .mailboxFull, detail: "452 4.2.2 The email account is over quota"),
        Expected(message: "no-original", reason: .unknownRecipient, name: nil, detail: "5.1.1"),
        Expected(message: "html-words", reason: .mailboxFull, detail: "5.0.0"),
        Expected(
            message: "qmail",
            reason: .unknownRecipient,
            detail: "Sorry, no mailbox here by that name. (#5.1.1)"
        ),
        Expected(
            message: "exim-text",
            reason: .mailboxFull,
            detail: "SMTP error from remote mail server after RCPT TO:: host mx.example.org [192.0.2.1]: 552 mailbox "
                + "over quota"
        ),
        Expected(
            message: "exim-delay",
            reason: .notReached,
            isFinal: false,
            name: nil,
            detail: "Delay reason: connection timed out"
        ),
        Expected(
            message: "sendmail-text",
            reason: .unknownRecipient,
            name: nil,
            detail: "(reason: 550 5.1.1 ... User unknown)"
        ),
        Expected(
            message: "exchange-text",
            reason: .unknownRecipient,
            name: nil,
            detail: "5.1.1 on 01.03.2027 07:00 The e-mail account does not exist at the organization this message was "
                + "sent to."
        ),
        Expected(
            message: "crlf",
            reason: .unknownRecipient,
            detail: "550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table"
        ),
    ])
    func aReportIsUnderstood(_ expected: Expected) throws {
        let message = try Self.message(expected.message)
        let reports = BounceReader.reports(in: message)
        try #require(reports.count == 1)
        #expect(reports[0].name == expected.name)
        #expect(reports[0].recipient?.value == expected.recipient)
        #expect(reports[0].reason == expected.reason)
        #expect(reports[0].isFinal == expected.isFinal)
        #expect(reports[0].detail == expected.detail)
        #expect(ReportFields.mayBeReport(message))
    }

    @Test func eachRecipientWhomItDidNotReachIsTold() throws {
        let reports = BounceReader.reports(in: try Self.message("several"))
        #expect(reports.map { $0.recipient?.value } == ["one@example.org", "three@example.org"])
        #expect(reports.map(\.isFinal) == [true, false])
        #expect(reports.map(\.reason) == [.unknownRecipient, .mailboxFull])
    }

    @Test(arguments: ["postfix-success", "away", "read", "complaint", "passed-on", "letter"])
    func whatReportsNoFailureIsNone(_ name: String) throws {
        #expect(BounceReader.reports(in: try Self.message(name)).isEmpty)
    }

    @Test(arguments: ["away", "read", "complaint", "passed-on", "letter"])
    func whatPeopleWriteIsNotEvenOpened(_ name: String) throws {
        #expect(!ReportFields.mayBeReport(try Self.message(name)))
    }

    @Test(arguments: [
        ("Content-Type: multipart/report;\r\n report-type=\"delivery-status\"; boundary=x\r\n\r\n", true),
        ("Content-Type: multipart/report; boundary=x\r\n", true),
        ("Content-Type: multipart/report; report-type=disposition-notification\r\n", false),
        ("X-Failed-Recipients: anna@example.org\r\n", true), ("X-Failed-Recipients: \r\n", false),
        ("From: MAILER-DAEMON (Mail Delivery System)\r\n", true), ("From: Mailer-Daemon@mx.example.at\r\n", true),
        ("From: <postmaster@example.org>\r\nContent-Type: text/plain\r\n", true),
        ("From: \"postmaster@example.org\" <anna@example.org>\r\n", false),
        ("Return-Path: <>\r\nFrom: robot@example.org\r\n", true),
        ("Return-Path: <>\r\nAuto-Submitted: auto-replied\r\nFrom: Anna <anna@example.org>\r\n", false),
        ("Return-Path: <>\r\nAuto-Submitted: auto-replied (vacation)\r\nFrom: Mailer-Daemon@example.org\r\n", true),
        (
            "From: Anna <anna@example.org>\r\nContent-Type: multipart/mixed; boundary=report-type=delivery-status\r\n",
            false
        ),
        ("", false), (":\r\n \r\n", false),
    ])
    func theHeaderTellsWhetherAMessageIsWorthOpening(_ header: String, _ expected: Bool) {
        #expect(ReportFields.mayBeReport(Array(header.utf8)) == expected)
    }

    @Test func onlySoMuchOfAMessageIsReadAndItsDepthIsBounded() throws {
        let report = try Self.message("postfix-unknown")
        let padded = Array("Subject: x\n".utf8) + Array("X-Padding: y\n".utf8.prefix(13)) + report
        #expect(BounceReader.reports(in: padded).count == 1)
        let cut = Array(("X-Padding: " + String(repeating: "y", count: BounceReader.limit) + "\n").utf8) + report
        #expect(BounceReader.reports(in: cut).isEmpty)
        let deep = String(repeating: "Content-Type: message/rfc822\n\n", count: 20_000)
        #expect(BounceReader.reports(in: Array(deep.utf8)).isEmpty)
        let nested = (0..<3000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
        #expect(BounceReader.reports(in: Array(nested.utf8)).isEmpty)
        let many = (0..<5000).map { "Final-Recipient: rfc822; a\($0)@example.org\nAction: failed\n\n" }.joined()
        let all =
            "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\(many)--b--\n"
        #expect(BounceReader.reports(in: Array(all.utf8)).count == BounceReader.mostRecipients)
    }

    @Test(
        arguments: [
            ("5.1.1", "x", .unknownRecipient), ("5.1.1", "mailbox full", .unknownRecipient),
            ("5.2.2", "x", .mailboxFull),
            ("5.0.0", "user unknown", .unknownRecipient), ("5.0.0", "550 listed in a block list", .refused),
            ("5.4.1", "Recipient address rejected: Access denied", .unknownRecipient),
            ("4.1.1", "user unknown", .notReached),
            ("5.4.4", "Host not found", .unknownDomain), ("5.4.4", "no answer", .notReached),
            ("5.7.1", "user unknown", .refused),
            ("5.5.0", "Requested action not taken: mailbox unavailable", .unknownRecipient), ("5.6.0", "x", .other),
            ("", "552 too much", .mailboxFull), ("", "553 sorry", .unknownRecipient), ("", "451 later", .notReached),
            ("", "554 no", .other), ("", "", .other), ("5.1.10", "x", .unknownDomain),
            ("5.1.10", "Recipient not found", .unknownRecipient), ("5.3.4", "x", .tooLarge),
            ("", "450 4.2.0 mailbox unavailable", .notReached),
        ] as [(String, String, BounceReason)]
    )
    func theReasonComesFromTheCodeAndWhereThatIsVagueFromTheWords(
        _ enhanced: String,
        _ words: String,
        _ expected: BounceReason
    ) {
        #expect(BounceWords.reason(StatusCode(in: "\(enhanced) \(words)"), words) == expected)
    }

    @Test(
        arguments: [
            ("550 5.1.1 x", 550, "5.1.1"), ("550-5.1.1 x", 550, "5.1.1"), ("(#5.7.1)", nil, "5.7.1"),
            ("connect to 5.1.1.4", nil, nil), ("version 5.1", nil, nil), ("5500 451", 451, nil),
            ("25.11.2026 9.1.1", nil, nil),
            ("5.1.1:", nil, "5.1.1"), ("4.7.1234", nil, nil), ("552.", 552, nil), ("", nil, nil),
        ] as [(String, Int?, String?)]
    )
    func codesAreFoundAndNothingElseIsTakenForOne(_ text: String, _ basic: Int?, _ enhanced: String?) {
        let code = StatusCode(in: text)
        #expect(code.basic == basic && code.enhanced == enhanced)
    }
}
