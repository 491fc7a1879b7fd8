"""The start page: what became of this morning, what goes out next, and the report about it."""

import pytest

import mornings
from mornings import NOW, answered, corrected, reminded


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = mornings.practice(tmp_path_factory.mktemp("today"))
    yield desk
    desk.close()


@pytest.fixture
def fresh(desk):
    return mornings.emptied(desk)


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
        (["email submitted", "submitted", "delivered", "expired"],
         "3 von 4 Erinnerungen sind angekommen oder übergeben."),
    ],
)
def test_the_first_sentence_answers_whether_everybody_got_theirs(fresh, window, sent, sentence):
    reminded(fresh, "Fern", "planned", day=9)
    for number, status in enumerate(sent):
        channel, _, rest = status.rpartition(" ")
        reminded(fresh, f"Huber {number}", rest, channel=channel or "sms")
    person = window("reader")
    assert heading(person) == sentence


def test_what_patients_said_by_their_links_stands_beside_the_first_sentence(fresh, window):
    for name, kind in (("Ab", "cancel_asked"), ("Weg", "cancel_asked"), ("Fremd", "wrong_number"), ("Ja", "confirmed")):
        answered(fresh, reminded(fresh, name, "delivered"), kind)
    answered(fresh, reminded(fresh, "Unklar", "unclear"), "confirmed")
    person = window("staff")
    person.open("/")
    page = person.page
    assert heading(person) == "4 von 5 Erinnerungen sind angekommen."
    assert page.locator(".answered").inner_text() == (
        "2 möchten absagen und 1 Nummer ist falsch: Antworten ansehen")
    assert page.locator(".answered a").get_attribute("href") == "/antworten"
    assert "bestätigt" in page.locator(".day li", has_text="Ja, Marie").inner_text()
    calls = page.locator("#anrufe li")
    assert calls.count() == 1 and "Fremd, Marie" in calls.inner_text()
    assert "falsche Nummer" in calls.inner_text() and "Die Nummer ist falsch" in calls.inner_text()
    assert calls.locator("a[href^='tel:']").count() == 0, "that number is somebody else's"
    person.open("/anrufe/drucken")
    assert "Fremd, Marie" in page.locator(".sheet").inner_text()
    assert "0664 1234500" not in page.locator(".sheet").inner_text()


def test_the_page_ends_with_tomorrow_and_names_nobody_twice_above(fresh, window):
    reminded(fresh, "Leitner", "undeliverable")
    reminded(fresh, "Fern", "planned", day=9)
    person = window("staff")
    person.open("/")
    page = person.page
    assert page.locator(".sent .rows li").count() == 0, "the call list tells it"
    assert page.locator(".day").count() == 1 and "Fern" not in page.locator(".day").inner_text()
    assert page.get_by_role("link", name="Zur Anrufliste").count() == 1
    page.emulate_media(media="print")
    assert page.locator("#anrufe a[href^='tel:']").is_visible(), "without the number nobody can be called"


def test_what_went_out_is_shown_by_what_became_of_it(fresh, window):
    for name, status in [("Auer", "delivered"), ("Berger", "delivered"), ("Czerny", "submitted"), ("Dorn", "expired")]:
        reminded(fresh, name, status)
    person = window("reader")
    sent = person.page.locator("section.sent")
    assert sent.get_by_role("img").get_attribute("aria-label") == "2 zugestellt, 1 übergeben und 1 nicht zugestellt"
    assert "4 Nachrichten" in sent.inner_text()
    shown = [row.inner_text().split("\n")[0] for row in sent.locator("> .rows > li").all()]
    assert shown == ["Czerny, Marie"], "what is open; what failed is on the call list above, the rest is folded"
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


def test_the_next_sending_is_told_with_what_cannot_leave_though_days_without_any_lie_before(fresh, window):
    reminded(fresh, "Auer", "planned", day=5)
    reminded(fresh, "Berger", "planned", day=5, smsConsent="withdrawn")
    gone = reminded(fresh, "Cerny", "planned", day=5)
    fresh.sql("UPDATE patients SET mobile = NULL WHERE id = ?", gone["patient"]["id"])
    card = window("reader").page.locator("section.next")
    assert card.locator("h2").inner_text() == "Do 04.03. um 07:00"
    assert "Eine Erinnerung geht hinaus" in card.inner_text()
    assert [row.locator("b").inner_text() for row in card.locator("li").all()] == ["Berger, Marie", "Cerny, Marie"]


def test_a_correction_that_failed_says_what_the_patient_still_believes(fresh, window):
    corrected(fresh, reminded(fresh, "Leitner", "delivered"), "undeliverable")
    person = window("staff")
    page = person.page
    assert heading(person) == "Die Erinnerungen von heute gingen hinaus, aber nicht alle wissen Bescheid."
    row = page.locator("#anrufe > .calls > li").inner_text()
    told = "Die Nachricht über die Änderung kam nicht an. Bekannt ist noch: Di 02.03., 10:30."
    assert told in row and "Di 02.03., 13:30" in row
    sent = page.locator("section.sent")
    assert "2 Nachrichten" in sent.inner_text() and "1 zugestellt" in sent.inner_text()
    assert sent.get_by_role("img").get_attribute("aria-label") == "1 zugestellt und 1 nicht zugestellt"
    page.get_by_role("button", name="Erreicht").click()
    page.locator("#anrufe .ticked").wait_for()
    assert heading(person) == "Die Erinnerung von heute ist angekommen."
    fresh.sql("DELETE FROM calls")
    fresh.sql("UPDATE appointments SET status = 'cancelled'")
    person.open("/anrufe/drucken")
    assert "Die Nachricht über die Absage kam nicht an." in page.locator(".sheet").inner_text()


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
