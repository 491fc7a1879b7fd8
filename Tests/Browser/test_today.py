"""The start page and the call list: what became of this morning, whom to call, and who was called."""

from datetime import datetime, timedelta

import pytest

from desk import Desk

CLOCK = "2027-03-01T10:00:00+01:00"
NOW = int(datetime.fromisoformat(CLOCK).timestamp() * 1000)
SAVED = int(datetime.fromisoformat("2027-02-25T10:00:00+01:00").timestamp() * 1000)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A practice on Monday, 1 March 2027 at ten; nothing leaves by itself."""
    desk = Desk(tmp_path_factory.mktemp("today"), role="web", VORTAG_CLOCK=CLOCK)
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture
def fresh(desk):
    for table in ("calls", "messages", "reminders", "appointments", "patients"):
        desk.sql(f"DELETE FROM {table}")
    return desk


def reminded(desk, name: str, status: str | None, hour: int = 10, channel: str = "sms", day: int = 2, **fields):
    """A patient with an appointment in March whose reminder left on the day before; nil for one that is planned."""
    patient = desk.practice.patient(lastName=name, firstName="Marie", **({"kind": "none"} | fields))
    start = f"2027-03-{day:02}T{hour:02}:30:00+01:00"
    end = f"2027-03-{day:02}T{hour + 1:02}:00:00+01:00"
    appointment = desk.practice.appointment(patient, start, end)
    due = datetime.fromisoformat(f"2027-03-{day - 1:02}T07:00:00+01:00")
    state = {"planned": "planned", "skipped": "skipped"}.get(status, "settled")
    reminder = desk.sql(
        "INSERT INTO reminders (practice_id, appointment_id, patient_id, channel, purpose, generation, day, time_zone,"
        " due_at, latest_at, next_at, state, reason, turn) VALUES (?, ?, ?, ?, 'reminder', 1, ?, 'Europe/Vienna', ?, ?, ?,"
        " ?, ?, 1)",
        desk.practice.id, appointment["id"], patient["id"], channel, due.date().isoformat(), due.timestamp() * 1000,
        (due + timedelta(hours=13)).timestamp() * 1000, due.timestamp() * 1000, state,
        "too_late_to_send" if state == "skipped" else None,
    )[0][0]
    if state == "settled":
        desk.sql(
            "INSERT INTO messages (practice_id, channel, recipient, sender, text, segments, status, unclear, presumed,"
            " attempts, possibly_twice, created_at, submitted_at, reminder_id) VALUES (?, ?, '+436641234500', 'Praxis',"
            " 'Terminerinnerung', 1, ?, ?, 0, 1, 0, ?, ?, ?)",
            desk.practice.id, channel, None if status == "unclear" else status, int(status == "unclear"), NOW - 10_800_000,
            NOW - 10_799_000, reminder,
        )
    return {"patient": patient, "appointment": appointment, "reminder": reminder}


def heading(person) -> str:
    return person.page.locator("h1").inner_text()


@pytest.mark.parametrize(
    "sent, sentence",
    [
        ([], "Heute ist nichts zu verschicken."),
        (["delivered"], "Die Erinnerung von heute ist angekommen."),
        (["delivered", "delivered"], "Alle 2 Erinnerungen sind angekommen."),
        (["delivered", "submitted"], "Heute ging alles hinaus, eine ist noch unterwegs."),
        (["delivered", "delivered", "undeliverable"], "2 von 3 Erinnerungen sind angekommen."),
        (["delivered", "skipped"], "Eine von 2 Erinnerungen ist angekommen."),
        (["planned"], "Eine Erinnerung ist fällig und noch nicht verschickt."),
        (["email submitted", "email submitted"], "Alle 2 E-Mails sind übergeben, keine kam zurück."),
        (["email submitted", "delivered"], "Heute ging alles hinaus: 1 SMS angekommen, 1 E-Mail übergeben."),
        (["email submitted", "email bounced"], "Eine von 2 E-Mails ist übergeben und kam nicht zurück."),
        (["email submitted", "expired", "delivered"], "2 von 3 Erinnerungen sind angekommen oder übergeben."),
    ],
)
def test_the_first_sentence_answers_whether_everybody_got_theirs(fresh, window, sent, sentence):
    reminded(fresh, "Fern", "planned", day=9)
    for number, status in enumerate(sent):
        channel, _, rest = status.rpartition(" ")
        reminded(fresh, f"Huber {number}", rest, channel=channel or "sms")
    person = window("reader")
    assert heading(person) == sentence


def test_what_went_out_is_shown_by_what_became_of_it(fresh, window):
    for name, status in [("Auer", "delivered"), ("Berger", "delivered"), ("Czerny", "submitted"), ("Dorn", "expired")]:
        reminded(fresh, name, status)
    person = window("reader")
    sent = person.page.locator("section.sent")
    assert sent.get_by_role("img").get_attribute("aria-label") == "2 zugestellt, 1 übergeben und 1 nicht angekommen"
    assert "4 Nachrichten" in sent.inner_text()
    shown = [row.inner_text().split("\n")[0] for row in sent.locator("> .rows > li").all()]
    assert shown == ["Dorn, Marie", "Czerny, Marie"], "what failed, then what is open; the rest is folded"
    sent.locator("summary").click()
    assert sent.locator("details li").count() == 2
    sent.get_by_role("link", name="Alle von heute im Protokoll").click()
    assert "/nachrichten?from=2027-03-01&to=2027-03-01" in person.page.url


def test_what_goes_out_next_and_what_does_not_and_why(fresh, window):
    reminded(fresh, "Auer", "planned", day=3)
    withdrawn = reminded(fresh, "Berger", "planned", day=3, smsConsent="withdrawn")
    person = window("staff")
    card = person.page.locator("section.next")
    assert card.locator("h2").inner_text() == "Morgen um 07:00"
    assert "Eine Erinnerung geht hinaus" in card.inner_text() and "1 SMS" in card.inner_text()
    rows = card.locator("li")
    assert rows.count() == 1 and "Berger, Marie" in rows.inner_text()
    assert rows.get_by_role("link", name="ansehen").get_attribute("href") == (
        f"/patienten/{withdrawn['patient']['id']}#smsConsent")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("path", ["/", "/anrufe"])
def test_a_call_is_ticked_off_and_opened_again(fresh, window, scripts, path):
    reminded(fresh, "Leitner", "undeliverable", mobile="+436641234591")
    reminded(fresh, "Moser", "skipped", hour=12)
    person = window("staff", scripts=scripts)
    person.open(path)
    page = person.page
    count = page.locator("nav.side .count")
    assert count.inner_text().split()[0] == "2"
    rows = page.locator("#anrufe > .calls > li")
    assert [row.locator("b").first.inner_text() for row in rows.all()] == ["Leitner, Marie", "Moser, Marie"]
    assert "Nachricht konnte nicht zugestellt werden" in rows.first.inner_text()
    assert "morgen um 10:30" in page.locator("#anrufe header").inner_text()
    assert rows.first.locator("a.number").get_attribute("href") == "tel:+436641234591"
    rows.first.get_by_role("button", name="Erreicht").click()
    page.locator("#anrufe .ticked", has_text="Leitner, Marie ist erledigt.").wait_for()
    assert rows.count() == 1 and count.inner_text().split()[0] == "1"
    told = "Eine Person solltest du anrufen." if path == "/anrufe" else "eine Person solltest du anrufen"
    assert told in page.locator(".lead").inner_text()
    if scripts:
        assert page.evaluate("document.activeElement.innerText") == "Wieder öffnen"
        assert person.violations() == []
    assert fresh.sql("SELECT note, actor FROM calls") == [("erreicht", "staff@example.org")]
    page.locator("#anrufe .ticked").get_by_role("button", name="Wieder öffnen").click()
    page.locator("#anrufe > .calls > li").nth(1).wait_for()
    assert fresh.sql("SELECT COUNT(*) FROM calls") == [(0,)]
    deeds = fresh.sql("SELECT deed FROM audit WHERE subject = 'call' ORDER BY id DESC LIMIT 2")
    assert deeds == [("deleted",), ("created",)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_of_ones_own_stands_with_who_and_when(fresh, window, scripts):
    reminded(fresh, "Leitner", "undeliverable")
    person = window("staff", scripts=scripts)
    person.open("/anrufe")
    page = person.page
    page.locator("#anrufe summary", has_text="Andere Notiz").click()
    page.get_by_label("Notiz", exact=True).fill("kommt eine Stunde später")
    page.keyboard.press("Enter")
    page.locator("#anrufe .ticked").wait_for()
    assert "Alle sind angerufen." in page.locator("#anrufe").inner_text()
    page.locator("summary", has_text="Erledigt (1)").click()
    done = page.locator(".done-calls li").inner_text()
    assert "kommt eine Stunde später" in done and "angerufen von staff@example.org, Mo 01.03., 10:" in done
    person.open("/anrufe")
    page.locator("summary", has_text="Erledigt (1)").click()
    page.get_by_role("button", name="Wieder öffnen: Leitner, Marie").click()
    page.locator("#anrufe > .calls > li").wait_for()


def test_a_note_that_is_too_long_is_not_lost(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    answer = fresh.person("staff").submit(f"/anrufe/{call['reminder']}", note="a" * 201, place="list")
    assert answer.status_code == 422 and "a" * 201 in answer.text and 'class="problem"' in answer.text


def test_who_may_do_what_with_the_list(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    path = f"/anrufe/{call['reminder']}"
    assert fresh.person("reader").submit(path, said="reached").status_code == 403
    assert "Erreicht" not in fresh.person("reader").open("/anrufe").text
    assert fresh.person("other").submit(path, said="reached").status_code == 404
    assert "Leitner" not in fresh.person("other").open("/anrufe").text
    assert fresh.person("staff").send(path, said="reached").status_code == 403, "without the form's token"
    assert fresh.person("staff").submit("/anrufe/999999", said="reached").status_code == 404
    assert fresh.sql("SELECT COUNT(*) FROM calls") == [(0,)]


def test_the_list_is_printed_without_what_paper_cannot_use(fresh, window):
    reminded(fresh, "Leitner", "undeliverable", mobile="+436641234591")
    person = window("staff")
    person.open("/anrufe")
    person.page.get_by_role("link", name="Liste drucken").click()
    page = person.page
    assert "0664 1234591" in page.locator(".sheet").inner_text()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Drucken").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.locator(".sheet").is_visible() and not page.locator("nav.side").is_visible()
    assert not page.get_by_role("button", name="Drucken").is_visible()
    plain = window("staff", scripts=False)
    plain.open("/anrufe/drucken")
    assert "Strg und P" in plain.page.locator("main").inner_text()
    assert not plain.page.get_by_role("button", name="Drucken").is_visible()
    assert fresh.sql("SELECT deed FROM audit WHERE subject = 'call' ORDER BY id DESC LIMIT 1") == [("exported",)]


def fill(desk):
    reminded(desk, "Leitner", "undeliverable", mobile="+436641234591")
    reminded(desk, "Öztürk-Grabenhofer", "unclear", hour=11)
    reminded(desk, "Bauer", "bounced", channel="email", hour=9)
    gone = reminded(desk, "Huber", "skipped", hour=14)
    desk.sql("UPDATE patients SET mobile = NULL WHERE id = ?", gone["patient"]["id"])
    for number in range(6):
        reminded(desk, f"Gruber {number}", "delivered", hour=8)
    reminded(desk, "Czerny", "submitted", hour=15)
    reminded(desk, "Auer", "planned", day=3)
    reminded(desk, "Berger", "planned", day=3, smsConsent="withdrawn")
    done = reminded(desk, "Moser", "expired", hour=16)
    desk.sql("INSERT INTO calls (reminder_id, practice_id, at, user_id, actor, note) VALUES (?, ?, ?, NULL, ?, ?)",
             done["reminder"], desk.practice.id, NOW, "eva@example.org", "Mailbox")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_are_accessible(fresh, window, width, scheme):
    fill(fresh)
    person = window("admin", width=width, scheme=scheme)
    faults = {}
    for path in ("/", "/anrufe", "/anrufe/drucken", "/einstellungen/morgenbericht"):
        assert person.open(path).status == 200
        for summary in person.page.locator("main summary").all():
            summary.click()
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        small = [target.inner_text() for target in person.page.locator("main .button:visible, main summary:visible").all()
                 if target.bounding_box()["height"] < 44]
        if found := person.violations() + (["wider than the window"] if wide else []) + small:
            faults[path] = found
    assert faults == {}


def test_the_list_is_worked_off_by_keyboard(fresh, window):
    reminded(fresh, "Leitner", "undeliverable")
    person = window("staff")
    person.open("/anrufe")
    person.page.locator("#anrufe a.number").focus()
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.innerText").startswith("Erreicht")
    person.page.keyboard.press("Enter")
    person.page.locator("#anrufe .ticked button:focus").wait_for()
    person.page.keyboard.press("Enter")
    person.page.locator("#anrufe > .calls > li").wait_for()


def test_the_report_is_switched_on_by_its_address(fresh, window):
    person = window("admin")
    person.open("/einstellungen/morgenbericht")
    page = person.page
    assert heading(person) == "Es kommt kein Morgenbericht."
    assert "kein eigenes Postfach" in page.locator(".banner").last.inner_text()
    page.get_by_label("E-Mail-Adresse für den Morgenbericht").fill("keine adresse")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.locator("#summary").wait_for()
    assert page.get_by_label("E-Mail-Adresse für den Morgenbericht").input_value() == "keine adresse"
    page.get_by_label("E-Mail-Adresse für den Morgenbericht").fill("chefin@example.at")
    page.get_by_role("button", name="Speichern", exact=True).click()
    page.get_by_text("Gespeichert.").wait_for()
    assert heading(person) == "Wenn etwas nicht geklappt hat, kommt um 07:30 Uhr ein Bericht."
    assert page.get_by_role("button", name="Probebericht senden").count() == 0, "by no mailbox"
    assert fresh.practice.open(fresh.server).get("/practice")["reportTo"] == "chefin@example.at"
    reader = fresh.person("reader")
    assert "<fieldset class=\"whole\" disabled>" in reader.open("/einstellungen/morgenbericht").text
    assert reader.submit("/einstellungen/morgenbericht", reportTo="").status_code == 403
    fresh.practice.api.patch("/practice", {"reportTo": None})




def test_a_message_tells_that_somebody_called(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    staff = fresh.person("staff")
    assert staff.submit(f"/anrufe/{call['reminder']}", note="kommt später").status_code == 303
    message = fresh.sql("SELECT id FROM messages")[0][0]
    page = staff.open(f"/nachrichten/{message}").text
    assert "staff@example.org hat angerufen." in page and "kommt später" in page
