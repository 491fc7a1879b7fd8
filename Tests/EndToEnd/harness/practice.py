"""A practice to test with: added by the command line, furnished by the API."""

from .api import Api
from .program import Program
from .server import Server


class Practice:
    """A practice with a token that may write. `furnish` gives it what an SMS reminder needs."""

    def __init__(self, program: Program, name: str = "Praxis am Park", clock: str | None = None):
        add = ("practice", "add", "--name", name, "--time-zone", "Europe/Vienna", "--country", "AT")
        self.program = program
        self.id = program(*add, clock=clock).last_word
        scope = ("--practice", self.id, "--name", "tests", "--scope", "write")
        self.token = program("token", "add", *scope, clock=clock).last_word
        self.api: Api | None = None
        self.location: dict = {}
        self.practitioner: dict = {}

    def open(self, server: Server) -> Api:
        """The API of this practice on a running server; `furnish`, `patient` and `appointment` use it from now on."""
        self.api = server.api(self.token)
        return self.api

    def furnish(self, closing_text: str = "Bis bald!", sender: str = "00436641234567"):
        """SMS on at 07:00 with a sender, one location, one practitioner."""
        self.api.patch("/practice", {"senderId": sender, "smsEnabled": True, "smsSendTime": "07:00"})
        self.location = self.api.post("/locations", {"name": "Hauptplatz", "closingText": closing_text})
        self.practitioner = self.api.post("/practitioners", {"name": "Eva Berger"})
        return self

    def patient(self, mobile: str = "+436641234500", kind: str = "sms", **fields) -> dict:
        """A new patient. The number's last two digits choose what the simulator does."""
        name = {"firstName": "Maria", "lastName": "Huber"}
        return self.api.post("/patients", name | {"mobile": mobile, "reminderKind": kind} | fields)

    def appointment(self, patient: dict, start: str, end: str, **fields) -> dict:
        """A new appointment, with the patient's kind of reminder unless `reminderKind` says another."""
        ids = {"patientId": patient["id"], "locationId": self.location["id"]}
        ids["practitionerId"] = self.practitioner["id"]
        return self.api.post("/appointments", ids | {"start": start, "end": end} | fields)
