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
        reminder = desk.sql("SELECT MIN(id) FROM reminders WHERE appointment_id = ?", appointment["id"])[0][0]
        self.of = {
            "/termine": appointment["id"],
            "/kalender/termin": appointment["id"],
            "/patienten": patient["id"],
            "/nachrichten": self._message(desk, reminder),
            "/anrufe": reminder,
            "/antworten": desk.answer("Komme etwas später", patient),
            "/antworten/link": self._told(desk, appointment),
            "/einstellungen/standorte": practice.location["id"],
            "/einstellungen/therapeuten": practice.practitioner["id"],
            "/einstellungen/schliesstage": self._closing_day(desk),
            "/einstellungen/e-mail-texte": practice.location["id"],
            "/einstellungen/versand": provider,
            "/einstellungen/postfach": mailbox,
            "/einstellungen/konten": self._user(desk),
            "/einstellungen/schluessel": desk.sql("SELECT MIN(id) FROM tokens")[0][0],
        }
        self.words = {":kind": "smpp", ":topic": "erste-schritte"}

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
    def _message(desk: Desk, reminder: int) -> int:
        found = desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id)"
            " VALUES (?, 'sms', '+436641234500', '00436641234567', 'Terminerinnerung 04.03.2099, 10:00. Bis bald!', 1,"
            " 'undeliverable', 0, 0, 1, 0, 1772000000000, 1772000000000, ?)",
            desk.practice.id, reminder,
        )[0][0]
        desk.sql("UPDATE reminders SET state = 'started' WHERE id = ?", reminder)
        return found

    @staticmethod
    def _told(desk: Desk, appointment: dict) -> int:
        """What a patient said on the page behind the link."""
        return desk.sql(
            "INSERT INTO link_answers (practice_id, appointment_id, patient_id, generation, kind, received_at, seen)"
            " SELECT ?, id, patient_id, generation, 'cancel_asked', 1772000000000, start_wall || '@' || location_id"
            " FROM appointments WHERE id = ?",
            desk.practice.id, appointment["id"],
        )[0][0]

    @staticmethod
    def _closing_day(desk: Desk) -> int:
        return desk.sql(
            "INSERT INTO closing_days (practice_id, first_day, last_day, name)"
            " VALUES (?, '2099-03-02', '2099-03-03', 'Betriebsausflug')",
            desk.practice.id,
        )[0][0]

    @staticmethod
    def _user(desk: Desk) -> int:
        """Somebody whom the tests may change and take away."""
        desk.program(
            "user", "add", "--practice", desk.practice.id, "--email", "vertretung@example.org", "--role", "staff",
            stdin="ein-gutes-wort\n",
        )
        return desk.sql("SELECT id FROM users WHERE email = 'vertretung@example.org'")[0][0]

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
