"""What patients said on their pages, as the practice reads it, and the switch of the links."""

import pytest

from desk import Desk
from forms import beside
from lines import Lines
from links import code
from mails import Mails

ADDRESS = "http://127.0.0.1:8080"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("link-answers"), "web", VORTAG_PUBLIC_URL=ADDRESS)
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    desk.practice.api.patch("/practice", {"linksEnabled": True})
    desk.mails = Mails(desk)
    yield desk
    desk.close()


@pytest.fixture
def fresh(desk):
    desk.sql("DELETE FROM link_answers")
    desk.sql("DELETE FROM inbound")
    desk.sql("UPDATE locations SET closing_text = 'Bis bald!'")
    desk.practice.api.patch("/practice", {"linksEnabled": True})
    return desk


def say(desk, *deeds: str, name: str = "Auer") -> dict:
    """Somebody presses buttons on the page of a new appointment. Returns the appointment."""
    appointment = desk.mails.appointment(desk.practice.patient(lastName=name), kind="sms")
    word = code(desk.program, appointment)
    nobody = desk.person("admin")
    for deed in deeds:
        assert nobody.send(f"/t/{word}/{deed}").status_code == 303
    return appointment


def test_what_was_said_stands_beside_the_appointment_in_the_lists(fresh, window):
    appointment = say(fresh, "kommen", name="Zusage")
    page = (person := window("staff")).page
    day = appointment["start"][:10]
    person.open(f"/kalender?ansicht=liste&tag={day}")
    row = page.locator("li", has_text="Zusage").filter(has=page.locator(".reminders")).first
    assert "bestätigt" in row.inner_text()


def test_a_correction_is_shown_with_what_follows_it(fresh):
    appointment = fresh.mails.appointment(fresh.practice.patient(lastName="Kurz"), kind="sms")
    Lines(fresh).message("delivered", appointment)
    person, link = fresh.person("staff"), "Diese SMS geht hinaus, dahinter der Link zur Terminseite"
    path = f"/termine/{appointment['id']}"
    assert link in person.submit(path + "/verschieben", start=appointment["start"][:10], startTime="15:00").text
    cancelling = person.open(path + "/absagen").text
    assert "Diese SMS geht hinaus:" in cancelling and link not in cancelling


@pytest.mark.parametrize("scripts", [True, False])
def test_what_asks_for_action_is_counted_closed_and_opened_again(fresh, window, scripts):
    say(fresh, "kommen", name="Sicher")
    appointment = say(fresh, "kommen", "absagen", name="Auer")
    say(fresh, "nicht-ich", name="Fremd")
    fresh.answer("Ich komme später")
    page = (person := window("staff", scripts=scripts)).page
    person.open("/antworten")
    assert page.locator("h1").inner_text() == "3 Antworten warten auf dich."
    assert page.locator("nav.side .count").inner_text().split()[0] == "3", "a confirmation waits for nobody"
    assert page.locator("#terminseite .who b").all_inner_texts() == ["Fremd, Maria", "Auer, Maria"]
    row = page.locator(".answer", has_text="Auer")
    assert "möchte absagen" in row.inner_text() and "Der Termin gilt noch." in row.inner_text()
    cancel = row.get_by_role("link", name="Termin absagen")
    assert cancel.get_attribute("href") == f"/termine/{appointment['id']}/absagen"
    row.get_by_role("button", name="Erledigt").click()
    assert page.locator(".answer", has_text="Auer").count() == 0
    assert "Antwort von Auer, Maria erledigt." in page.locator(".undo").inner_text()
    page.locator(".undo").get_by_role("button", name="Wieder öffnen").click()
    assert page.locator(".answer", has_text="Auer").count() == 1
    person.open("/antworten?alle=1")
    assert "bestätigt" in page.locator(".answer", has_text="Sicher").inner_text()
    assert page.locator(".answer", has_text="Sicher").get_by_role("button").count() == 0
    assert "Danach kam die Bitte um Absage." in page.locator(".answer", has_text="Auer").nth(1).inner_text()
    page.locator(".answer", has_text="Fremd").get_by_role("button", name="Erledigt").click()
    assert "alle=1" in page.url
    noted = fresh.sql("SELECT deed, subject FROM audit WHERE subject = 'answer'")
    assert len(noted) >= 3 and set(noted) == {("changed", "answer")}


def test_the_appointments_page_says_it_and_leads_back(fresh, window):
    appointment = say(fresh, "kommen", "absagen")
    page = (person := window("staff")).page
    person.open(f"/termine/{appointment['id']}")
    assert page.locator("#antworten .what .status").all_inner_texts() == ["möchte absagen", "bestätigt"]
    page.locator("#antworten").get_by_role("button", name="Erledigt").click()
    page.locator("#antworten").get_by_role("button", name="Wieder öffnen").wait_for()
    assert page.url.endswith(f"/termine/{appointment['id']}#antworten")


def test_a_wrong_number_is_warned_of_and_cleared(fresh, window):
    appointment = say(fresh, "nicht-ich", name="Fremd")
    path = f"/patienten/{appointment['patientId']}"
    page = (person := window("staff")).page
    person.open("/antworten")
    page.locator(".answer", has_text="Fremd").get_by_role("link", name="Nummer prüfen").click()
    warning = page.locator("#falsche-nummer")
    assert "nicht Maria Fremd zu sein" in warning.inner_text() and "0664 1234500" in warning.inner_text()
    assert person.violations() == []
    warning.get_by_role("button", name="Nummer 0664 1234500 löschen").click()
    page.wait_for_url("**?gespeichert=1")
    assert fresh.practice.api.get(f"/patients/{appointment['patientId']}")["mobile"] is None
    assert page.locator("#falsche-nummer").count() == 0
    again = say(fresh, "nicht-ich", name="Doch")
    person.open(f"/patienten/{again['patientId']}")
    page.locator("#falsche-nummer").get_by_role("button", name="Stimmt doch").click()
    page.locator("#antworten").get_by_role("button", name="Wieder öffnen").wait_for()
    assert page.locator("#falsche-nummer").count() == 0
    assert fresh.practice.api.get(f"/patients/{again['patientId']}")["mobile"] == "+436641234500"
    assert path


def test_the_button_deletes_the_number_that_it_names_and_no_other(fresh, window):
    appointment = say(fresh, "nicht-ich", name="Fremd")
    path = f"/patienten/{appointment['patientId']}"
    page = (person := window("staff")).page
    person.open(path)
    fresh.practice.api.patch(f"/patients/{appointment['patientId']}", {"mobile": "06647654321"})
    page.get_by_role("button", name="Nummer 0664 1234500 löschen").click()
    assert "Inzwischen" in page.locator("h1").inner_text() or "inzwischen" in page.locator("main").inner_text()
    assert fresh.practice.api.get(f"/patients/{appointment['patientId']}")["mobile"] == "+436647654321"
    person.open(path)
    assert page.locator("#falsche-nummer").count() == 0, "another number settled it"
    page.locator("#antworten").get_by_role("button", name="Wieder öffnen").click()
    warning = page.locator("#falsche-nummer")
    assert "löschen" not in warning.inner_text(), "of this number nobody said anything"
    person.wrong.clear()


def test_a_cancellation_settles_the_wish_for_it(fresh, window):
    appointment = say(fresh, "absagen", name="Auer")
    fresh.practice.api.delete(f"/appointments/{appointment['id']}")
    page = (person := window("staff")).page
    person.open("/antworten")
    assert page.locator("h1").inner_text() == "Keine Antwort wartet auf dich."
    person.open("/antworten?alle=1")
    assert "Der Termin ist inzwischen abgesagt." in page.locator(".answer", has_text="Auer").inner_text()


def test_those_who_only_look_change_nothing_and_strangers_see_nothing(fresh):
    appointment = say(fresh, "absagen", "nicht-ich")
    one = fresh.sql("SELECT MIN(id) FROM link_answers")[0][0]
    clear = f"/patienten/{appointment['patientId']}/nummer-loeschen"
    staff, reader, other = (fresh.person(name) for name in ("staff", "reader", "other"))
    page = reader.open("/antworten").text
    assert "Auer" in page and "Erledigt</button>" not in page
    for path in (f"/antworten/link/{one}", clear):
        assert reader.submit(path, done="on").status_code == 403
        assert staff.send(path, done="on").status_code == 403, "a form needs its token"
        assert other.submit(path, done="on").status_code == 404
    assert "Auer" not in other.open("/antworten?alle=1").text
    assert "Auer" not in other.open(f"/antworten?link={one}").text
    assert fresh.practice.api.get(f"/patients/{appointment['patientId']}")["mobile"]
    assert reader.submit("/einstellungen/terminseite").status_code == 403
    assert staff.submit("/einstellungen/terminseite").status_code == 403
    assert fresh.practice.api.get("/practice")["linksEnabled"] is True


@pytest.mark.parametrize("scripts", [True, False])
def test_the_switch_says_what_it_costs_and_shows_it(fresh, window, scripts):
    page = (person := window("admin", scripts=scripts)).page
    person.open("/einstellungen")
    page.get_by_role("link", name="Terminseite").click()
    assert page.locator("h1").inner_text() == "Nachrichten tragen einen Link zur Terminseite."
    length = len(ADDRESS + "/t/") + 15 + 1
    assert f"Der Link braucht {length} der 124 Zeichen" in page.locator("form.card").inner_text()
    assert f"{124 - length} bleiben" in page.locator("form.card").inner_text()
    assert page.locator("#phone .link").inner_text().strip() == ADDRESS + "/t/7k3m9qx2b4hn8wz"
    assert "1 SMS" in page.locator("#phone .meter").inner_text()
    page.get_by_label("Link zur Terminseite in jede Nachricht").uncheck()
    page.get_by_role("button", name="Einstellungen speichern").click()
    page.wait_for_url("**?gespeichert=1")
    assert page.locator("h1").inner_text() == "Nachrichten tragen keinen Link zur Terminseite."
    assert fresh.practice.api.get("/practice")["linksEnabled"] is False


def test_a_text_that_is_too_long_beside_the_link_is_named(fresh, window):
    fresh.practice.api.patch("/practice", {"linksEnabled": False})
    location = fresh.practice.location["id"]
    fresh.practice.api.patch(f"/locations/{location}", {"closingText": "x" * 124})
    assert fresh.practice.api.codes("PATCH", "/practice", {"linksEnabled": True}) == {"links.text_too_long"}
    page = (person := window("admin")).page
    person.open("/einstellungen/terminseite")
    page.get_by_label("Link zur Terminseite in jede Nachricht").check()
    page.get_by_role("button", name="Einstellungen speichern").click()
    left = 124 - len(ADDRESS + "/t/") - 16
    note = page.locator("#linksEnabled-note")
    assert f"zu lang: Hauptplatz. Kürze ihn dort auf {left} Zeichen" in note.inner_text()
    assert page.get_by_label("Link zur Terminseite in jede Nachricht").is_checked(), "nothing typed is lost"
    assert person.violations() == []


def test_the_locations_form_and_the_interface_know_the_room(fresh, window):
    left = 124 - len(ADDRESS + "/t/") - 16
    location = fresh.practice.location["id"]
    api, admin = fresh.practice.api, fresh.person("admin")
    page = (person := window("admin")).page
    person.open(f"/einstellungen/standorte/{location}")
    assert f"124 Zeichen, davon braucht der Link {124 - left}: Dir bleiben {left}." in \
        page.locator("#closingText-note").inner_text()
    page.get_by_label("Freitext nach den Termindaten").fill("y" * left)
    page.locator("#phone .meter", has_text="noch 0 Zeichen").wait_for()
    assert page.locator("#phone .link").inner_text().strip().startswith(ADDRESS + "/t/")
    page.get_by_label("Freitext nach den Termindaten").fill("y" * (left + 2))
    page.locator("#phone .problem").wait_for()
    assert f"Neben dem Link ist Platz für {left} Zeichen." in page.locator("#phone .problem").inner_text()
    person.open("/")
    refused = admin.submit(f"/einstellungen/standorte/{location}", name="Hauptplatz", closingText="y" * (left + 1))
    assert refused.status_code == 422 and f"Platz für {left} Zeichen" in beside(refused.text, "closingText")
    assert api.codes("PATCH", f"/locations/{location}", {"closingText": "y" * (left + 1)}) == {"text.too_long"}
    preview = api.post("/sms/preview", {"locationId": location, "closingText": "y" * left}, expect=200)
    assert preview["septets"] == 160 and preview["segments"] == 1 and preview["problems"] == []
    assert preview["text"].endswith(f"y {ADDRESS}/t/7k3m9qx2b4hn8wz")
    over = api.post("/sms/preview", {"locationId": location, "closingText": "y" * (left + 1)}, expect=200)
    assert over["problems"][0]["code"] == "text.too_long"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_pages_are_accessible(fresh, window, width, scheme):
    appointment = say(fresh, "kommen", "absagen", "nicht-ich")
    fresh.answer("Ich komme später")
    person = window("admin", width=width, scheme=scheme)
    for path in ("/antworten", "/antworten?alle=1", f"/termine/{appointment['id']}", "/einstellungen/terminseite",
                 f"/patienten/{appointment['patientId']}", f"/einstellungen/standorte/{fresh.practice.location['id']}"):
        person.open(path)
        assert person.violations() == [], path
        assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path
        for target in person.page.locator("main .button:visible").all():
            assert target.bounding_box()["height"] >= 44, target.inner_html()


def test_without_an_address_it_cannot_be_switched_on_and_says_who_mends_it(tmp_path, chromium):
    desk = Desk(tmp_path, "web")
    try:
        admin = desk.person("admin")
        page = admin.open("/einstellungen/terminseite").text
        assert "VORTAG_PUBLIC_URL" in page and '<fieldset class="whole" disabled>' in page
        assert admin.submit("/einstellungen/terminseite", linksEnabled="on").status_code == 422
        assert desk.practice.api.codes("PATCH", "/practice", {"linksEnabled": True}) == {"links.unavailable"}
        assert desk.practice.api.get("/practice")["linksEnabled"] is False
    finally:
        desk.close()
