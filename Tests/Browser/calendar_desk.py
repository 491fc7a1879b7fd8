"""A practice whose clock stands at Monday, 1 March 2027, 10:00, and the hands that drag in its calendar."""

from desk import Desk

CLOCK = "2027-03-01T10:00:00+01:00"


class CalendarDesk(Desk):
    """Nothing is sent here: what the engine would write is written by hand."""

    def __init__(self, folder):
        super().__init__(folder, role="web", VORTAG_CLOCK=CLOCK)
        self.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
        self.people = 0

    def book(self, start: str, minutes: int = 60, name: str = "Auer", **fields) -> dict:
        """An appointment in Vienna's winter time, `2027-03-08T10:30`."""
        self.people += 1
        patient = self.practice.patient(mobile=f"+4366412345{self.people % 80:02d}", lastName=name)
        hour, minute = divmod(int(start[11:13]) * 60 + int(start[14:16]) + minutes, 60)
        end = f"{start[:11]}{hour:02d}:{minute:02d}"
        return self.practice.appointment(patient, f"{start}:00+01:00", f"{end}:00+01:00", **fields)

    def empty(self):
        """Takes all appointments away, with what belongs to them."""
        for table in ("link_answers", "attempts", "messages", "reminders", "undos", "appointments"):
            self.sql(f"DELETE FROM {table}")

    def send(self, appointment: dict, at: str = "2027-03-01T07:00:00+01:00"):
        """The appointment's reminder, as it is once the provider took it."""
        reminder = self.sql("SELECT id FROM reminders WHERE appointment_id = ? AND purpose = 'reminder'", appointment["id"])[0][0]
        instant = f"CAST(unixepoch('{at}') AS INTEGER) * 1000"
        message = self.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id, says_start)"
            f" VALUES (?, 'sms', '+436641234500', '00436641234567', 'T', 1, 'submitted', 0, 0, 1, 0, {instant}, {instant}, ?,"
            " (SELECT start_wall FROM appointments WHERE id = ?))",
            self.practice.id, reminder, appointment["id"],
        )[0][0]
        self.sql(
            "INSERT INTO attempts (message_id, number, worker, started_at, outcome, detail)"
            f" VALUES (?, 1, 't', {instant}, 'accepted', '')", message,
        )
        self.sql("UPDATE reminders SET state = 'started' WHERE id = ?", reminder)

    def week(self) -> dict:
        """Nothing but one appointment for each way a reminder can look, by the way's name."""
        self.empty()
        booked = {
            "planned": self.book("2027-03-10T09:00", name="Planer"),
            "sent": self.book("2027-03-10T10:15", 30, name="Sender"),
            "none": self.book("2027-03-10T11:00", name="Niemand", reminderKind="none"),
            "failed": self.book("2027-03-11T09:00", 45, name="Fehler", practitionerId=None),
        }
        for name in ("sent", "failed"):
            self.send(booked[name])
        self.sql(
            "UPDATE messages SET status = 'undeliverable' WHERE reminder_id IN"
            " (SELECT id FROM reminders WHERE appointment_id = ?)", booked["failed"]["id"],
        )
        return booked

    def tell(self, appointment: dict, kind: str):
        """What the patient says on the page behind the link."""
        self.sql(
            "INSERT INTO link_answers (practice_id, appointment_id, patient_id, generation, kind, received_at, seen)"
            " SELECT practice_id, id, patient_id, generation, ?, 1772000000000, start_wall || '@' || location_id"
            " FROM appointments WHERE id = ?",
            kind, appointment["id"],
        )

    def row(self, appointment: dict) -> tuple:
        """What the database says: wall start, minutes, status, kind, version."""
        return self.sql(
            "SELECT start_wall, (end_at - start_at) / 60000, status, reminder_kind, version FROM appointments WHERE id = ?",
            appointment["id"],
        )[0]

    def reminders(self, appointment: dict) -> list[str]:
        return [
            " ".join(map(str, row)) for row in self.sql(
                "SELECT purpose, state FROM reminders WHERE appointment_id = ? ORDER BY id", appointment["id"],
            )
        ]


class Grid:
    """The grid in somebody's window."""

    def __init__(self, person, view: str, day: str, more: str = ""):
        self.person, self.page = person, person.page
        self.page.set_default_timeout(20000)
        width = self.page.viewport_size["width"]
        # The whole working day at once.
        self.page.set_viewport_size({"width": width, "height": 1600})
        person.open(f"/kalender?ansicht={view}&tag={day}{more}")
        self.wait()

    def wait(self):
        self.page.locator("#calendar[data-ready]").wait_for(state="attached")
        return self

    def event(self, appointment: dict):
        return self.page.locator(f"#calendar .fc-event[data-id='{appointment['id']}']")

    def signs_outside(self) -> list[str]:
        """What is wrong with the signs of the reminders: that an entry has none, or one that cannot be seen in whole."""
        return self.page.evaluate("""() => [...document.querySelectorAll("#calendar .fc-timegrid-event")].flatMap((entry) => {
            const name = entry.getAttribute("aria-label");
            const signs = [...entry.querySelectorAll(".status svg")];
            const isSeen = (sign) => {
                const box = sign.getBoundingClientRect();
                if (box.width < 8 || box.height < 8) return false;
                for (let within = sign.parentElement; within !== entry.parentElement; within = within.parentElement) {
                    const edge = within.getBoundingClientRect();
                    const holds = box.left >= edge.left - 1 && box.right <= edge.right + 1 && box.top >= edge.top - 1 && box.bottom <= edge.bottom + 1;
                    if (!holds && !["visible", "clip visible"].includes(getComputedStyle(within).overflow)) return false;
                    if (!holds && within === entry) return false;
                }
                const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
                return entry.contains(top);
            };
            return signs.length && signs.every(isSeen) ? [] : [name];
        })""")

    def point(self, day: str, time: str) -> tuple[float, float]:
        """A point in a day's column, a little below a time."""
        column = self.page.locator(f"td.fc-timegrid-col[data-date='{day}']").bounding_box()
        line = self.page.locator(f"td.fc-timegrid-slot-lane[data-time='{time}:00']").bounding_box()
        return column["x"] + column["width"] / 2, line["y"] + 3

    def drag(self, source: tuple[float, float], target: tuple[float, float]):
        mouse = self.page.mouse
        mouse.move(*source)
        mouse.down()
        mouse.move(source[0] + 3, source[1] + 8)
        mouse.move(*target, steps=8)
        mouse.up()

    def move(self, appointment: dict, day: str, time: str):
        """Takes an event just below its upper edge and lets it go at another time."""
        box = self.event(appointment).bounding_box()
        self.drag((box["x"] + box["width"] / 2, box["y"] + 5), self.point(day, time))

    def stretch(self, appointment: dict, day: str, end: str):
        """Takes an event by its lower edge; its last quarter begins at `end`."""
        event = self.event(appointment)
        event.hover()
        box = event.locator(".fc-event-resizer-end").bounding_box()
        self.drag((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2), self.point(day, end))
