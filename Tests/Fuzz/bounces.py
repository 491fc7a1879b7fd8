"""Reports of mail servers in the forms that are seen in the wild, each with the fields and words that its program writes.

All of them are about the message `<7.abc@example.at>` to anna@example.org unless they say otherwise.
"""

ORIGINAL = """Return-Path: <praxis@example.at>
Received: from localhost (unknown [127.0.0.1]) by mx.example.at (Postfix) with ESMTPSA id 4F1
From: "Praxis Huber, Dr. med." <praxis@example.at>
To: Anna Huber <anna@example.org>
Subject: Terminerinnerung
Message-ID: <7.abc@example.at>
Auto-Submitted: auto-generated
"""


def message(head: str, body: str) -> str:
    return head.strip("\n") + "\n\n" + body.lstrip("\n")


def head(sender: str, subject: str, kind: str, more: str = "") -> str:
    return f"Return-Path: <>\nFrom: {sender}\nTo: praxis@example.at\nSubject: {subject}\n" \
        f"Message-ID: <report@mx.example.at>\nMIME-Version: 1.0\nContent-Type: {kind}\n{more}"


def report(sender: str, subject: str, text: str, status: str, returned: str = ORIGINAL + "\nx\n", kind: str = "message/rfc822",
           more: str = "", status_kind: str = "message/delivery-status", report_type: str = "delivery-status") -> str:
    parts = [("text/plain; charset=utf-8", text), (status_kind, status), (kind, returned)]
    body = "".join(f"--=_r/1\nContent-Type: {type}\n\n{content.strip(chr(10))}\n\n" for type, content in parts if content)
    return message(
        head(sender, subject, f'multipart/report; report-type={report_type};\n\tboundary="=_r/1"', more), body + "--=_r/1--\n"
    )


POSTFIX = "MAILER-DAEMON@mx.example.at (Mail Delivery System)"
EXIM = "Mail Delivery System <Mailer-Daemon@mx.example.at>"
EXCHANGE = "<postmaster@example.onmicrosoft.com>"
OF_MESSAGE = "Reporting-MTA: dns; mx.example.at\nX-Postfix-Queue-ID: 4F1\nArrival-Date: Mon,  1 Mar 2027 07:00:00 +0100 (CET)\n\n"


def status(action: str | None, code: str | None, diagnostic: str = "", recipient: str = "rfc822; anna@example.org",
           original: str = "") -> str:
    lines = [
        f"Final-Recipient: {recipient}", f"Original-Recipient: {original}" if original else "",
        f"Action: {action}" if action else "", f"Status: {code}" if code else "",
        f"Diagnostic-Code: {diagnostic}" if diagnostic else "",
    ]
    return "\n".join(line for line in lines if line) + "\n"


def standard() -> dict[str, str]:
    """RFC 3464 as Postfix, Exim, Exchange and Gmail write it."""
    text = "This is the mail system at host mx.example.at.\n\nI'm sorry to have to inform you that your message could not\n" \
        "be delivered to one or more recipients.\n\n<anna@example.org>: host mx.example.org said: 550 5.1.1\n"
    unknown = "smtp; 550 5.1.1 <anna@example.org>:\n    Recipient address rejected: User unknown in virtual mailbox table"
    return {
        "postfix-unknown": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text,
            OF_MESSAGE + status("failed", "5.1.1", unknown, original="rfc822;anna@example.org"),
        ),
        "postfix-headers": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text, OF_MESSAGE + status("failed", "5.2.2", "smtp; 552 5.2.2 full"),
            ORIGINAL, "text/rfc822-headers",
        ),
        "postfix-delay": report(
            POSTFIX, "Delayed Mail (still being retried)", "THIS IS A WARNING ONLY. YOU DO NOT NEED TO RESEND YOUR MESSAGE.",
            OF_MESSAGE + status("delayed", "4.4.1", "X-Postfix; connect to mx.example.org[192.0.2.1]:25: Connection timed out")
            + "Will-Retry-Until: Sat,  6 Mar 2027 07:00:00 +0100 (CET)\n", ORIGINAL, "text/rfc822-headers",
        ),
        "postfix-expired": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text,
            OF_MESSAGE + status("failed", "4.4.1", "X-Postfix; connect to mx.example.org[192.0.2.1]:25: Connection timed out"),
        ),
        "postfix-no-domain": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text, OF_MESSAGE + status(
                "failed", "5.4.4", "X-Postfix; Host or domain name not found. Name service error for\n"
                "    name=example.org type=A: Host not found"),
        ),
        "postfix-success": report(
            POSTFIX, "Successful Mail Delivery Report", "Your message was successfully delivered.",
            OF_MESSAGE + status("relayed", "2.0.0", "smtp; 250 2.0.0 Ok"),
        ),
        "several": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text,
            OF_MESSAGE + status("failed", "5.1.1", recipient="rfc822; one@example.org") + "\n"
            + status("delivered", "2.0.0", recipient="rfc822; two@example.org") + "\n\n"
            + status("delayed", "4.2.2", recipient="rfc822; three@example.org"),
        ),
        "forwarded": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text, OF_MESSAGE + status(
                "failed", "5.1.1", unknown, "rfc822; other@example.net", "rfc822;anna@example.org"),
        ),
        "exim": report(
            EXIM, "Mail delivery failed: returning message to sender",
            "This message was created automatically by mail delivery software.\n\n  anna@example.org\n    Unrouteable address\n",
            "Reporting-MTA: dns; mx.example.at\n\nAction: failed\nFinal-Recipient: rfc822;anna@example.org\nStatus: 5.0.0\n",
            more="X-Failed-Recipients: anna@example.org\nAuto-Submitted: auto-replied\n",
        ),
        "exim-diagnostic": report(
            EXIM, "Mail delivery failed: returning message to sender", "x",
            "Reporting-MTA: dns; mx.example.at\n\nAction: failed\nFinal-Recipient: rfc822;anna@example.org\nStatus: 5.0.0\n"
            "Remote-MTA: dns; mx.example.org\nDiagnostic-Code: smtp; 550-5.1.1 The email account that you tried to reach does\n"
            " 550-5.1.1 not exist. https://support.example/?p=NoSuchUser\n", more="X-Failed-Recipients: anna@example.org\n",
        ),
        "gmail-spam": report(
            "Mail Delivery Subsystem <mailer-daemon@googlemail.com>", "Delivery Status Notification (Failure)",
            "** Message blocked **", "Reporting-MTA: dns; googlemail.com\nArrival-Date: x\n\n" + status(
                "failed", "5.7.1", "smtp; 550-5.7.1 [192.0.2.1 12] Our system has detected that this message is\n"
                " 550-5.7.1 likely unsolicited mail.") + "Last-Attempt-Date: x\n", more="X-Failed-Recipients: anna@example.org\n",
        ),
        "exchange": report(
            EXCHANGE, "Undeliverable: Terminerinnerung", "Your message to anna@example.org couldn't be delivered.",
            "Reporting-MTA: dns;AM0.example.outlook.com\nX-MS-Exchange-Message-Is-Ndr:\n\n" + status(
                "failed", "5.4.1", "smtp;550 5.4.1 Recipient address rejected: Access denied. [AM0.example.outlook.com]",
                "rfc822;anna@example.org") + "X-Display-Name: Anna Huber\n", ORIGINAL, "text/rfc822-headers",
        ),
        "exchange-x-status": report(
            EXCHANGE, "Undeliverable: Terminerinnerung", "x", "Reporting-MTA: dns;mail.example.org\n\n"
            "Final-recipient: RFC822;\n anna@example.org\nAction: failed\nX-Supplementary-Info: <x #5.1.1 smtp;550>\n"
            "Diagnostic-code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup\n",
        ),
        "global": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text,
            OF_MESSAGE + status("failed", "5.1.1", recipient="utf-8; j\\x{F6}rg@example.org"), ORIGINAL,
            "message/global-headers", status_kind="message/global-delivery-status",
        ),
        "base64": report(
            POSTFIX, "Undelivered Mail Returned to Sender", text,
            "RmluYWwtUmVjaXBpZW50OiByZmM4MjI7IGFubmFAZXhhbXBsZS5vcmcKQWN0aW9uOiBmYWls\nZWQKU3RhdHVzOiA1LjIuMgo=\n",
            status_kind="message/delivery-status\nContent-Transfer-Encoding: base64",
        ),
        "no-status": report(POSTFIX, "x", "x", status("failed", None, "smtp; 552 Mailbox size limit exceeded")),
        "no-action": report(POSTFIX, "x", "x", status(None, "5.2.1 (disabled)")),
        "soft-final": report(POSTFIX, "x", "x", status("failed", "4.2.2", "smtp; 452 4.2.2 The email account is over quota")),
        "no-original": report(POSTFIX, "x", "x", status("failed", "5.1.1"), ""),
        "html-words": report(
            "Mail Delivery <postmaster@mx.example.org>", "x", "Das Postfach ist voll: mailbox full", status("failed", "5.0.0"),
        ),
    }


def plain() -> dict[str, str]:
    """Reports that are text."""
    qmail = "Hi. This is the qmail-send program at mx.example.org.\nI'm afraid I wasn't able to deliver your message to the " \
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<anna@example.org>:\n" \
        "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + ORIGINAL + "\nx\n"
    exim = "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered " \
        "to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  anna@example.org\n" \
        "    SMTP error from remote mail server after RCPT TO:<anna@example.org>:\n    host mx.example.org [192.0.2.1]: 552 " \
        "mailbox over quota\n\n------ This is a copy of the message, including all the headers. ------\n\n" + ORIGINAL + "\nx\n"
    delay = "This message was created automatically by mail delivery software.\nA message that you sent has not yet been " \
        "delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.at.\n\nThe address to " \
        "which the message has not yet been delivered is:\n\n  anna@example.org\n    Delay reason: connection timed out\n"
    sendmail = "The original message was received at Mon, 1 Mar 2027 07:00:00 +0100\n\n   ----- The following addresses had " \
        "permanent fatal errors -----\n<anna@example.org>\n    (reason: 550 5.1.1 <anna@example.org>... User unknown)\n"
    exchange = "Your message did not reach some or all of the intended recipients.\n\n      Subject: Terminerinnerung\n\nThe " \
        "following recipient(s) could not be reached:\n\n      anna@example.org on 01.03.2027 07:00\n            The e-mail " \
        "account does not exist at the organization this message was sent to. <mx.example.org #5.1.1>\n"
    text = "text/plain; charset=us-ascii"
    return {
        "qmail": message(head("MAILER-DAEMON@mx.example.org", "failure notice", text), qmail),
        "exim-text": message(head(EXIM, "Mail delivery failed", text, "X-Failed-Recipients: anna@example.org\n"), exim),
        "exim-delay": message(head(EXIM, "Warning: message 1x delayed 24 hours", text), delay),
        "sendmail-text": message(head("Mail Delivery Subsystem <MAILER-DAEMON@mx.example.org>", "Returned mail", text), sendmail),
        "exchange-text": message(head("System Administrator <x@example.org>", "Undeliverable: Termin", text), exchange),
    }


def others() -> dict[str, str]:
    """What is no report of a message that could not be delivered, though it looks a little like one."""
    away = message(
        head("Anna Huber <anna@example.org>", "Abwesend: Terminerinnerung", "text/plain", "Auto-Submitted: auto-replied\n"),
        "Ich bin bis 5.3. nicht da. Ihre Nachricht <7.abc@example.at> wird nicht weitergeleitet.\nUser unknown 550 5.1.1\n",
    )
    read = report(
        "Anna Huber <anna@example.org>", "Gelesen: Terminerinnerung", "Gelesen.",
        "Final-Recipient: rfc822;anna@example.org\nOriginal-Message-ID: <7.abc@example.at>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n",
        status_kind="message/disposition-notification", report_type="disposition-notification",
    )
    complaint = report(
        "<feedback@example.net>", "Complaint", "x", "Feedback-Type: abuse\nVersion: 1\nOriginal-Rcpt-To: anna@example.org\n",
        status_kind="message/feedback-report", report_type="feedback-report",
    )
    passed_on = message(
        "From: Eva <eva@example.at>\nTo: praxis@example.at\nSubject: Fwd: Undelivered\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="m"',
        "--m\nContent-Type: text/plain\n\nSiehe unten.\n\n--m\nContent-Type: message/rfc822\n\n"
        + standard()["postfix-unknown"] + "\n--m--\n",
    )
    letter = message(
        "From: Anna Huber <anna@example.org>\nTo: praxis@example.at\nSubject: Re: Termin\nContent-Type: text/plain",
        "Meine Nachricht kam zurueck: mail delivery failed, user unknown (550 5.1.1).\n\n> anna@example.org\n",
    )
    return {"away": away, "read": read, "complaint": complaint, "passed-on": passed_on, "letter": letter}


def broken() -> dict[str, bytes]:
    """What no program should write."""
    good = standard()["postfix-unknown"]
    deep = "Content-Type: message/rfc822\n\n" * 400 + "x"
    return {
        "empty-parts": report(POSTFIX, "x", "", "", "").encode(), "cut": good[: len(good) // 2].encode(),
        "no-boundary": good.replace("boundary", "bound").encode(), "deep": ("From: x\n" + deep).encode(),
        "no-head": b"\n\n\n", "nul": good.replace("failed", "fai\0led").encode(),
        "latin": good.replace("User unknown", "Empf\u00e4nger unbekannt").encode("latin-1"),
        "cr": good.replace("\n", "\r").encode(), "crlf": good.replace("\n", "\r\n").encode(),
    }


def bounces() -> dict[str, bytes]:
    return {name: text.encode() for name, text in (standard() | plain() | others()).items()} | broken()
