#!/usr/bin/env python3
"""Reads messages as somebody else's program does: with Python's `email`, and their calendar entries with `icalendar`.

    read_mail.py FILE...    says PORT 0, then one line of JSON for each file

A message that breaks a rule of RFC 5322 or 2045 that can be told from its octets alone has it in `faults`.
"""

import email
import json
import re
import sys
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from pathlib import Path

import icalendar

PARTS_OF_EVENT = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "STATUS", "CLASS", "TRANSP")


def faults_of(octets: bytes) -> list[str]:
    head = octets.split(b"\r\n\r\n")[0]
    lines = octets.split(b"\r\n")
    found = [
        ("a line that does not end in CRLF", any(b"\n" in line or b"\r" in line for line in lines)),
        ("a line of more than 998 octets", any(len(line) > 998 for line in lines)),
        ("a NUL", b"\0" in octets),
        ("no end of line at the end", not octets.endswith(b"\r\n")),
        ("eight bits", any(octet > 127 for octet in octets)),
        ("a line of the body with more than 76 octets", any(len(line) > 76 for line in lines[head.count(b"\r\n") + 1 :])),
        ("an encoded word of more than 75 characters", any(len(word) > 75 for word in re.findall(rb"=\?\S*", head))),
        ("encoded words on a line of more than 76", any(b"=?" in line and len(line) > 76 for line in head.split(b"\r\n"))),
        ("a field that is not one of ours", any(not is_ours(line) for line in head.split(b"\r\n"))),
    ]
    return [name for name, is_there in found if is_there]


def is_ours(line: bytes) -> bool:
    """Whether a line of the header begins a field that we write, or goes on with one."""
    ours = (
        b"from", b"to", b"reply-to", b"subject", b"date", b"message-id", b"mime-version", b"content-type",
        b"auto-submitted", b"x-auto-response-suppress", b"content-language", b"list-unsubscribe",
        b"list-unsubscribe-post",
    )
    return line[:1] in (b" ", b"\t") or line.split(b":")[0].lower() in ours


def people(fields: list[str]) -> list[list[str]]:
    """Names and addresses. The newer reader of Python 3.11 puts spaces between encoded words, which RFC 2047 §6.2 forbids."""
    return [[str(make_header(decode_header(name))), address] for name, address in getaddresses(fields)]


def event_of(text: str) -> dict:
    calendar = icalendar.Calendar.from_ical(text)
    (event,) = calendar.walk("VEVENT")
    values = {name: event[name].to_ical().decode() for name in PARTS_OF_EVENT if name in event}
    for name in ("SUMMARY", "LOCATION"):
        if name in event:
            values[name] = str(event[name])
    for name in ("ORGANIZER", "ATTENDEE"):
        values[name] = str(event[name])
        values |= {f"{name};{key}": str(value) for key, value in event[name].params.items()}
    values |= {name: str(calendar[name]) for name in ("METHOD", "VERSION", "PRODID")}
    values["components"] = ",".join(component.name for component in calendar.walk())
    values["longest"] = str(max(len(line.encode()) for line in text.split("\r\n")))
    values["errors"] = str([*calendar.errors, *event.errors])
    return values


def read(octets: bytes) -> dict:
    message = email.message_from_bytes(octets, policy=policy.default)
    parts = []
    for part in message.walk():
        if part.is_multipart():
            continue
        # What the transfer encoding hides, exactly, and the text in it as it is shown.
        exact = part.get_payload(decode=True).decode(part.get_content_charset())
        parts.append({
            "type": part.get_content_type(),
            "charset": part.get_content_charset(),
            "encoding": part["Content-Transfer-Encoding"],
            "method": part.get_param("method"),
            "text": exact.replace("\r\n", "\n"),
            "event": event_of(exact) if part.get_content_type() == "text/calendar" else None,
        })
    plain = email.message_from_bytes(octets)
    return {
        "faults": faults_of(octets),
        "defects": [str(defect) for part in message.walk() for defect in part.defects]
        + [str(defect) for value in message.values() for defect in value.defects],
        "type": message.get_content_type(),
        "fields": {name.lower(): str(value) for name, value in message.items()},
        "names": [name.lower() for name in message.keys()],
        "from": people([str(field) for field in plain.get_all("From", [])]),
        "to": people([str(field) for field in plain.get_all("To", [])]),
        "replyTo": people([str(field) for field in plain.get_all("Reply-To", [])]),
        "parts": parts,
    }


if __name__ == "__main__":
    print("PORT 0", flush=True)
    for file in sys.argv[1:]:
        line = json.dumps(read(Path(file).read_bytes()), ensure_ascii=False)
        # What has eight bits in a header comes as surrogates.
        sys.stdout.buffer.write(line.encode("utf-8", "surrogateescape") + b"\n")
        sys.stdout.buffer.flush()
