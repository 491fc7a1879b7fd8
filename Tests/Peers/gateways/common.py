"""What the gateways have in common: a request, a reply, and what they keep."""

import dataclasses
import itertools
import json
import threading
import urllib.parse

# The last two digits of a number choose what becomes of a message, as in the built-in simulator.
FATES = {"91": "undeliverable", "92": "expired", "93": "rejected", "94": "unreachable", "95": "error", "96": "account",
         "97": "silent", "98": "early", "99": "hang"}


@dataclasses.dataclass
class Request:
    method: str
    path: str
    query: dict
    headers: dict
    body: bytes

    def form(self) -> dict:
        """The body's fields; a field that comes twice, or is not UTF-8, is a fault."""
        pairs = urllib.parse.parse_qsl(self.body.decode("ascii"), keep_blank_values=True, strict_parsing=True,
                                       errors="strict")
        if len({name for name, _ in pairs}) != len(pairs):
            raise Fault("a field comes twice")
        return dict(pairs)


@dataclasses.dataclass
class Reply:
    status: int
    body: bytes = b""
    headers: dict = dataclasses.field(default_factory=dict)

    @classmethod
    def json(cls, status, value, **headers):
        return cls(status, json.dumps(value).encode(), {"Content-Type": "application/json", **headers})


@dataclasses.dataclass
class Message:
    id: str
    to: str
    sender: str
    text: str
    reference: str | None
    validity: int | None
    callback: str | None
    segments: int
    created: float
    state: str = "submitted"
    fields: dict = dataclasses.field(default_factory=dict)


@dataclasses.dataclass
class Call:
    """A call of the gateway to its customer."""

    url: str
    method: str
    headers: dict
    body: bytes


class Fault(Exception):
    """The request is not of the documented form."""


class Gateway:
    """One provider; subclasses speak its dialect."""

    name = ""
    # State in our words → state in the provider's.
    states: dict = {}

    def __init__(self, options):
        self.options = options
        self.messages: dict[str, Message] = {}
        self.numbers = itertools.count(1)
        self.lock = threading.Lock()

    def is_send(self, request: Request) -> bool:
        raise NotImplementedError

    def read(self, request: Request, now: float) -> Message:
        """The message that is to be sent; raises Fault."""
        raise NotImplementedError

    def accepted(self, message: Message) -> Reply:
        raise NotImplementedError

    def refused(self, code: str, message: Message | None) -> Reply:
        """A documented refusal."""
        raise NotImplementedError

    def asked(self, request: Request) -> Reply:
        """Whatever is no submission."""
        return Reply(404)

    def call(self, message: Message, state: str, url: str, now: float) -> Call:
        """A receipt; `state` in the provider's words, or in ours."""
        raise NotImplementedError

    def keep(self, message: Message):
        with self.lock:
            self.messages[message.id] = message


def require(condition, what):
    if not condition:
        raise Fault(what)


def segments(text: str) -> int:
    """By size alone; good enough for a price."""
    unit = 160 if text.isascii() else 70
    return max(1, -(-len(text) // unit))
