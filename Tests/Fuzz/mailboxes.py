"""What IMAP servers say, and files of settings for mail programs; see MailboxText.swift."""

LIST = r'* LIST (\HasNoChildren \Sent) "/" "Gesendete Objekte"'
FETCH = "* 3 FETCH (UID 9 BODY[HEADER.FIELDS (FROM TO)] {12}\r\nFrom: a@b\r\n\r\n FLAGS ())"


def mailboxes() -> dict[str, bytes]:
    """The first octet says what it is: i, an IMAP server; x, a file of settings."""
    said = {
        "greeting": "* OK [CAPABILITY IMAP4rev1 LITERAL+] ready",
        "list": f"{LIST}\r\n* LIST () NIL {{4}}\r\nSent\r\nV1 OK done",
        "utf7": r'* LIST (\Sent) "." "INBOX.Gel&APY-scht &- &2D3eAA-"',
        "examine": "* 3 EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY 1795642906] .\r\n* OK [UIDNEXT 9] .\r\nV1 OK [READ-ONLY] .",
        "search": "* SEARCH 4 17 4294967295\r\nV2 OK done",
        "fetch": FETCH + "\r\nV3 OK done",
        "no": "V4 NO [OVERQUOTA] full {3}",
        "bye": "* BYE gone",
        "go-on": "+ say it",
        "lists": "* 1 FETCH (" + "(" * 15 + ")" * 15 + ")",
        "huge": "* 1 FETCH (UID 1 BODY[] {99999999}",
        "quoted": r'* LIST () "\\" "a\"b"',
    }
    server = '<outgoingServer type="smtp"><hostname>s.%EMAILDOMAIN%</hostname><port>465</port><socketType>SSL</socketType>'
    files = {
        "file": f"<?xml version='1.0'?><clientConfig version='1.1'><emailProvider id='x'>{server}"
        "<username>%EMAILLOCALPART%</username></outgoingServer></emailProvider></clientConfig>",
        "entities": "<a b='&lt;&#65;&#x1F600;'>&amp;<!-- c --><![CDATA[<d>]]></a>",
        "type": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "deep": "<a>" * 15 + "</a>" * 15,
    }
    made = {f"said-{name}": b"i" + text.encode() + b"\r\n" for name, text in said.items()}
    return made | {f"file-{name}": b"x" + text.encode() for name, text in files.items()}
