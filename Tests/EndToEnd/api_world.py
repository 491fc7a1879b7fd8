"""A practice on a running server, as the tests of the JSON interface need it."""

from dataclasses import dataclass
from itertools import count

from harness.api import Api
from harness.program import Program
from harness.server import Server

# A Monday morning in winter; every instant of these tests is told from here.
CLOCK = "2027-03-01T06:00:00+01:00"
# 76 hours later: its reminder is due on 3 March at 07:00.
LATER = "2027-03-04T10:00:00+01:00"
MOBILE = "+43 664 1234500"
_names = count(1)


@dataclass
class World:
    """One practice, with a token that writes and one that reads."""

    program: Program
    server: Server
    practice: str
    token: str
    read_token: str
    clock: str

    @property
    def api(self) -> Api:
        return self.server.api(self.token)

    @property
    def reading(self) -> Api:
        return self.server.api(self.read_token)

    def switch_on(self, **more) -> dict:
        """SMS and e-mail on, with a sender."""
        return self.api.patch("/practice", {"senderId": "PraxisPark", "smsEnabled": True, "emailEnabled": True} | more)

    def location(self, **fields) -> dict:
        return self.api.post("/locations", {"name": "Am Park"} | fields)

    def patient(self, **fields) -> dict:
        return self.api.post("/patients", {"firstName": "Anna", "lastName": "Muster"} | fields)

    def appointment(self, **fields) -> dict:
        """With a patient who has a number, and the only location unless another is named."""
        if "patientId" not in fields:
            fields["patientId"] = self.patient(mobile=MOBILE)["id"]
        return self.api.post("/appointments", {"start": LATER} | fields)


def open_world(program: Program, server: Server, clock: str = CLOCK) -> World:
    """Adds a practice and its tokens."""
    name = f"Praxis {next(_names)}"
    practice = program("practice", "add", "--name", name, clock=clock).last_word

    def token(scope: str) -> str:
        return program(
            "token", "add", "--practice", practice, "--name", scope, "--scope", scope, clock=clock
        ).last_word

    return World(program, server, practice, token("write"), token("read"), clock)


def web(program: Program, clock: str = CLOCK) -> Server:
    """A migrated database and a server that delivers nothing."""
    program("migrate", clock=clock)
    return program.serve("--role", "web", clock=clock)
