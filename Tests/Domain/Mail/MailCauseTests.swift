import Domain
import Testing

@Suite("Why a mail server did not do what it was asked for")
struct MailCauseTests {
    @Test(
        "A server's words are read for what is to be done",
        arguments: [
            ("the account is refused: 535 5.7.8 Error: authentication failed", .credentials),
            ("A1 NO [AUTHENTICATIONFAILED] Authentication failed.", .credentials),
            ("the account is refused: 530 5.7.0 Must issue a STARTTLS command first", .credentials),
            ("534-5.7.9 Application-specific password required", .appPassword),
            ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", .programsOff),
            ("refused: 553 5.7.1 <praxis@example.at>: Sender address rejected: not owned by user eva", .sender),
            ("refused: 550 5.7.60 SMTP; Client does not have permissions to send as this sender", .sender),
            ("refused: 550 5.1.1 <a@example.org>: Recipient address rejected: User unknown", .recipient),
            ("refused: 550 5.1.10 RESOLVER.ADR.RecipientNotFound", .recipient),
            ("takes no more at present: 451 4.3.0 later", .notNow), ("takes no more: 452 4.5.3 Too many", .limit),
            ("refused: 554 5.7.1 Spam message rejected", .unwanted), ("refused: 554 no", .unwanted),
            ("NO [OVERQUOTA] Quota exceeded (mailbox for user is full)", .full),
            ("NO [TRYCREATE] Mailbox doesn't exist: Gesendet", .sentFolder),
            ("no answer: no answer in time after the message had left", .unanswered),
            ("not reached: connection lost before the message had left", .notNow), ("interrupted", .interrupted),
            ("no copy in the Sent folder: IMAP: the mailbox is full; make room in it", .full),
            ("no copy in the Sent folder: IMAP: the answer is larger than allowed (append)", .copy),
            ("the mailbox cannot be read: IMAP: the answer cannot be read (fetch)", .unread),
            ("not reached: whatever", .unreachable), ("--url: write it otherwise", .other), ("", .other),
        ] as [(String, MailCause)]
    )
    func servers(words: String, cause: MailCause) {
        #expect(MailCause(words) == cause)
    }

    @Test(
        "What our own channels say of a connection is read before what a server adds",
        arguments: [
            ("the server's certificate has expired; its operator has to renew it", .certificateExpired),
            ("the server's certificate is not valid yet; check the clocks", .certificateExpired),
            (
                "the server's certificate comes from no authority that is trusted here; check the name or give ca-file",
                .certificateUntrusted
            ), ("the server's certificate is for another name; check the server's name", .certificateName),
            ("the server offers no STARTTLS on this port; try smtps:// on 465 or imaps:// on 993", .noEncryption),
            ("no protected connection; check the port and whether smtps:// or smtp:// fits it", .noEncryption),
            ("the server's name was not found; check its spelling", .unknownHost),
            ("the server does not take the connection; check name and port", .unreachable),
            (
                "no copy in the Sent folder: IMAP: the server does not take the connection; check name and port",
                .incoming
            ),
            ("the server refuses user and password; check both, or make an app password", .credentials),
            ("the server refuses user and password; check both, or make an app password (534 5.7.9 x)", .appPassword),
            ("the server offers no sign-in that fits; check the port", .noSignIn),
            ("the server cannot check user and password at present", .notNow),
            ("the server's address is not allowed on this installation", .outOfReach),
            ("IMAP: no Sent folder was found; make one in the mailbox, or name yours by sent-folder", .sentFolder),
            ("IMAP: the folder is not there; make it, or name yours by the option sent-folder", .sentFolder),
            ("IMAP: the mailbox is full; make room in it", .full),
            ("IMAP: the server's limits are reached (append); it is tried again", .limit),
            ("IMAP: no answer in time (append); it is tried again", .notNow),
            ("IMAP: the server closed the connection (fetch); it is tried again", .notNow),
            ("IMAP: the server refuses this (append); it is tried again", .notNow),
            ("IMAP: the server's certificate has expired; its operator has to renew it", .certificateExpired),
        ] as [(String, MailCause)]
    )
    func connections(words: String, cause: MailCause) {
        #expect(MailCause("not reached: " + words) == cause)
    }
}
