"""A mailbox as its owner sees it, over IMAP by Python's own client; looking changes nothing."""

import base64
import imaplib
import re
import ssl

_UID = re.compile(rb"UID (\d+)")


class Reader:
    def __init__(self, port, user, password, authorities=None):
        self.client = imaplib.IMAP4("localhost" if authorities else "127.0.0.1", port)
        if authorities:
            self.client.starttls(ssl.create_default_context(cafile=authorities))
        self.client.login(user, password)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.logout()

    def messages(self, folder, bodies=False):
        """Each message's uid, flags, size, and its bytes as Latin-1 where they are wanted."""
        status, _ = self.client.select(_quoted(folder), readonly=True)
        if status != "OK":
            return None
        found, items = [], "(UID FLAGS RFC822.SIZE INTERNALDATE" + (" BODY.PEEK[])" if bodies else ")")
        _, answers = self.client.uid("FETCH", "1:*", items)
        for answer in answers:
            head, body = answer if isinstance(answer, tuple) else (answer, b"")
            if not head or not (uid := _UID.search(head)):
                continue
            flags = sorted(flag.decode() for flag in imaplib.ParseFlags(head) if flag != b"\\Recent")
            date = re.search(rb'INTERNALDATE "([^"]*)"', head)
            found.append({"uid": int(uid[1]), "flags": flags, "date": date[1].decode() if date else ""})
            if bodies:
                found[-1]["bytes"] = body.decode("latin-1")
        return found

    def folders(self):
        _, lines = self.client.list()
        return [line.decode() for line in lines if line]

    def append(self, folder, text, count=1, flags=""):
        for _ in range(count):
            status, answer = self.client.append(_quoted(folder), flags, None, text.encode("latin-1"))
            if status != "OK":
                raise RuntimeError(f"not appended: {answer}")

    def command(self, name, *arguments):
        """Any command of one line; returns its status and the untagged answers by name."""
        self.client.untagged_responses.clear()
        status, _ = self.client._simple_command(name, *arguments)
        told = {
            key: [part.decode() for part in parts if isinstance(part, bytes)]
            for key, parts in self.client.untagged_responses.items()
        }
        return {"status": status, "answers": told}


def _quoted(folder):
    """A folder's name as commands have it: what is not ASCII in modified UTF-7 (RFC 3501 5.1.3)."""

    def shifted(part):
        return "&" + base64.b64encode(part[0].encode("utf-16-be")).decode().rstrip("=").replace("/", ",") + "-"

    folder = re.sub(r"[^ -~]+", shifted, folder.replace("&", "&-"))
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'
