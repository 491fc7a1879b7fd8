"""The program's own table of its pages, and a practice in which each of them has something to show."""

from desk import Desk

ROLES = ["reader", "staff", "admin"]
# Files, not pages.
FILES = {"/assets/**", "/favicon.ico"}


class EveryPage:
    """A desk with a record of each kind, and each page's address with that record's id in it."""

    def __init__(self, folder):
        self.desk = Desk(folder, role="web")
        self.ids = Records(self.desk)
        printed = self.desk.program("pages").out
        self.table = [tuple(line.split()) for line in printed.splitlines()]

    def address(self, path: str) -> str:
        """`/termine/:id` with the id of this practice's record."""
        return self.ids.fill(path)

    def guarded(self, method: str) -> list[tuple[str, str]]:
        """Path and role of each page of a method that asks who somebody is."""
        return [(path, access) for verb, path, access in self.table if verb == method and access != "everyone"]

    def close(self):
        self.desk.close()


class Records:
    """One record of each kind that an address may name, by the beginning of the address."""

    def __init__(self, desk: Desk):
        practice = desk.practice
        patient = practice.patient()
        appointment = practice.appointment(patient, "2099-03-04T10:00:00+01:00", "2099-03-04T11:00:00+01:00")
        # Answers come by a provider, so there is one first.
        provider, mailbox = self._provider(desk), self._mailbox(desk)
        self.of = {
            "/termine": appointment["id"],
            "/patienten": patient["id"],
            "/einstellungen/standorte": practice.location["id"],
            "/einstellungen/therapeuten": practice.practitioner["id"],
            "/antworten": desk.answer("Komme etwas später", patient),
            "/nachrichten": self._message(desk, patient, appointment),
            "/einstellungen/e-mail-texte": practice.location["id"],
            "/einstellungen/versand": provider,
            "/einstellungen/postfach": mailbox,
        }
        self.words = {":kind": "smpp", ":thema": "erste-schritte", ":topic": "erste-schritte"}

    def fill(self, path: str) -> str:
        for word, value in self.words.items():
            path = path.replace(word, value)
        if ":id" in path:
            beginning = path.split("/:id")[0]
            assert beginning in self.of, f"no record is known for {path}: add one to Records"
            path = path.replace(":id", str(self.of[beginning]))
        assert ":" not in path and "*" not in path, f"nothing is known to stand in {path}: add it to Records"
        return path

    @staticmethod
    def _message(desk: Desk, patient: dict, appointment: dict) -> int:
        reminder = desk.sql("SELECT MIN(id) FROM reminders WHERE appointment_id = ?", appointment["id"])[0][0]
        return desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id)"
            " VALUES (?, 'sms', '+436641234500', '00436641234567', 'Terminerinnerung 04.03.2099, 10:00. Bis bald!', 1,"
            " 'undeliverable', 0, 0, 1, 0, 1772000000000, 1772000000000, ?)",
            desk.practice.id, reminder,
        )[0][0]

    @staticmethod
    def _provider(desk: Desk) -> int:
        """One that calls us, so that its page has an address to show, with a test message that went wrong."""
        secret = desk.program.folder / "secret"
        secret.write_text("geheim")
        desk.program(
            "provider", "add", "eigener", "--kind", "seven", "--url", "https://gateway.example.org",
            "--secret-file", str(secret), "--practice", desk.practice.id,
        )
        found = desk.sql("SELECT id FROM providers WHERE name = 'eigener'")[0][0]
        Records._trial(desk, found, "+436641234500")
        return found

    @staticmethod
    def _mailbox(desk: Desk) -> int:
        desk.program(
            "mailbox", "add", "--practice", desk.practice.id, "--address", "praxis@example.org",
            "--smtp", "smtp://127.0.0.1:2525",
        )
        found = desk.sql("SELECT MAX(provider_id) FROM mailboxes")[0][0]
        Records._trial(desk, found, "jemand@example.org")
        return found

    @staticmethod
    def _trial(desk: Desk, provider: int, recipient: str):
        desk.sql(
            "INSERT INTO trials (provider_id, recipient, sender, step, detail, created_at, ended_at)"
            " VALUES (?, ?, '', 'failed', 'connection refused', 1772000000000, 1772000001000)",
            provider, recipient,
        )
