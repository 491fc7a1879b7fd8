"""Setting up a mailbox: from the address to the test, and who may do it."""

import html
import re
import time

import pytest

from desk import Desk
from forms import Forms, beside

LIST = "/einstellungen/postfach"
SECRET = "streng-geheim-7"
WRONG = "the account is refused: 535 5.7.8 Error: authentication failed"


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """No process takes tests of mailboxes up here: each step is put on record by the test itself."""
    desk = Desk(tmp_path_factory.mktemp("mailboxes"), role="web", VORTAG_PUBLIC_URL="")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def admin(desk):
    return desk.person("admin")


def account(address: str, **fields: str) -> dict:
    given = {"address": address, "displayName": "Praxis", "user": address, "secret": SECRET, "practitionerId": "",
             "smtp": "127.0.0.1:2525", "smtpSecurity": "starttls", "imap": "127.0.0.1:1143",
             "imapSecurity": "starttls"}
    return given | fields


def create(admin: Forms, address: str, **fields: str) -> str:
    """The address of a new mailbox's page."""
    answer = admin.submit(LIST + "/neu/konto", **account(address, **fields))
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"].split("?")[0]


def version(admin: Forms, page: str) -> str:
    return re.search(r'name="version" value="(\d+)"', admin.open(page).text)[1]


def reach(desk: Desk, place: str, step: str, *instants: str, detail: str = ""):
    """Puts on record that a mailbox's test is at a step, with what was reached before."""
    now = int(time.time() * 1000)
    columns = "".join(f", {name} = {now}" for name in instants)
    desk.sql(f"UPDATE trials SET step = ?, detail = ?{columns} WHERE provider_id = ?", step, detail,
             place.split("/")[-1])


@pytest.mark.parametrize("scripts", [True, False])
def test_a_mailbox_is_set_up_tested_and_switched_on(desk, window, scripts):
    # The table knows this domain, so that nobody's name server is asked.
    address = "praxis@gmx.at" if scripts else "ohne-script@gmx.at"
    person = window(scripts=scripts)
    page = person.page
    person.open("/einstellungen")
    page.get_by_role("link", name="Postfächer").click()
    page.get_by_role("link", name="Postfach einrichten").click()
    page.fill("#address", address)
    page.get_by_role("button", name="Weiter").click()
    assert page.locator("h1").inner_text() == f"Zugang für {address}"
    assert page.input_value("#user") == address and page.input_value("#displayName") == "Praxis am Park"
    assert address not in page.url, "logs keep addresses of pages"
    page.fill("#secret", SECRET)
    page.fill("#smtp", "127.0.0.1:2525")
    page.select_option("#smtpSecurity", "starttls")
    page.fill("#imap", "")
    page.get_by_role("button", name="Speichern und weiter zum Test").click()
    assert page.locator("h1").inner_text() == f"{address} ist ausgeschaltet."
    assert page.input_value("#to") == "admin@example.org", "the test goes to whoever is signed in"
    place = re.sub(r"^.*?(/einstellungen/postfach/\d+).*", r"\1", page.url)
    page.get_by_role("button", name="Test-E-Mail senden").click()
    trial = page.locator("#trial")
    trial.get_by_text("Der Test beginnt gleich.").wait_for()
    reach(desk, place, "bound", "bound_at")
    if not scripts:
        trial.get_by_role("link", name="Aktualisieren").click()
    trial.get_by_text("Die Anmeldung hat geklappt.").wait_for(timeout=5_000)
    reach(desk, place, "accepted", "accepted_at", "ended_at")
    if not scripts:
        trial.get_by_role("link", name="Aktualisieren").click()
    trial.get_by_text("Die Test-E-Mail ist unterwegs.").wait_for(timeout=5_000)
    assert "angekommen ist" in trial.inner_text() and "zugestellt" not in trial.inner_text()
    looks = [step.get_attribute("class") for step in trial.locator(".steps .status").all()]
    assert looks == ["status delivered", "status delivered", "status none", "status none"], "nobody reads it"
    trial.get_by_role("button", name="Einschalten").click()
    page.get_by_role("button", name="Ausschalten").wait_for()
    assert "E-Mails sind in den Einstellungen noch ausgeschaltet" in page.content()
    person.open(LIST)
    assert address in page.locator("main").inner_text() and SECRET not in page.content()


def test_whoever_has_none_is_told_what_for(desk):
    other = desk.person("other")
    page = other.open(LIST).text
    assert "Noch gehört kein Postfach zu deiner Praxis." in page and "„Gesendet“" in page
    assert f'href="{LIST}/neu"' in page
    reader = desk.person("reader").open(LIST).text
    assert f'href="{LIST}/neu"' not in reader


def test_what_is_known_of_a_mail_service_stands_in_the_form(window):
    person = window()
    person.open(LIST + "/neu")
    person.page.fill("#address", "anna.huber@gmx.at")
    person.page.get_by_role("button", name="Weiter").click()
    assert "Die Einstellungen sind gefunden (GMX)." in person.page.locator("main").inner_text()
    assert "erst in deinem Konto dort eingeschaltet" in person.page.locator(".banner").inner_text()
    assert person.page.locator(".banner a").get_attribute("href").startswith("https://hilfe.gmx.net/")
    values = {name: person.page.input_value("#" + name) for name in ("smtp", "smtpSecurity", "imap", "user", "address")}
    assert values == {"smtp": "mail.gmx.net", "smtpSecurity": "tls", "imap": "imap.gmx.net",
                      "user": "anna.huber@gmx.at", "address": "anna.huber@gmx.at"}
    assert person.violations() == []


def test_where_nothing_is_known_the_form_is_filled_in_by_hand(tmp_path):
    desk = Desk(tmp_path, role="web", VORTAG_CLOCK="2027-03-01T07:00:00+01:00")
    try:
        admin = desk.person("admin")
        page = html.unescape(admin.submit(LIST + "/neu", address="praxis@example.at").text)
        assert "Zu dieser Adresse kennen wir keine Einstellungen." in page and 'value="praxis@example.at"' in page
        for field in ("smtp", "imap"):
            answer = admin.submit(LIST + "/neu/konto", **account("praxis@example.at", **{field: "mail.example.at"}))
            assert answer.status_code == 422
            assert "nur ein Mailserver auf diesem Rechner" in beside(html.unescape(answer.text), field)
        create(admin, "praxis@example.at")
        create(admin, "eva@example.at")
        assert admin.open(LIST).text.count("schick dir einen Test") == 1, "what is true of the list stands above it alone"
    finally:
        desk.close()


@pytest.mark.parametrize("address", ["", "praxis", "praxis@", "@example.at"])
def test_the_first_step_wants_an_address(admin, address):
    answer = admin.submit(LIST + "/neu", address=address)
    assert answer.status_code == 422 and "keine gültige E-Mail-Adresse" in beside(answer.text, "address")
    assert f'value="{address}"' in answer.text


@pytest.mark.parametrize(
    "fields, field, sentence",
    [
        ({"address": "praxis"}, "address", "keine gültige E-Mail-Adresse"),
        ({"replyTo": "team@"}, "replyTo", "keine gültige E-Mail-Adresse"),
        ({"smtp": ""}, "smtp", "Ohne Postausgangsserver"),
        ({"smtp": "https://smtp.example.at"}, "smtp", "Das ist kein Mailserver"),
        ({"smtp": "smtp.example.at/weg"}, "smtp", "smtp.anbieter.example:587"),
        ({"imap": "user@imap.example.at"}, "imap", "Das ist kein Mailserver"),
        ({"perHour": "viele"}, "perHour", "eine ganze Zahl"),
        ({"perDay": "0"}, "perDay", "eine ganze Zahl"),
        ({"practitionerId": "99"}, "practitionerId", "gibt es in dieser Praxis nicht"),
        ({"displayName": "x" * 101}, "displayName", "zu lang"),
    ],
)
def test_what_makes_no_sense_is_told_beside_its_field(admin, fields, field, sentence):
    answer = admin.submit(LIST + "/neu/konto", **(account("unbrauchbar@example.at") | fields))
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert sentence in beside(page, field) and f'href="#{field}"' in page and f'id="{field}"' in page
    assert SECRET not in page and "noch einmal ein" in beside(page, "secret")
    if field in ("replyTo", "perHour", "perDay"):
        assert '<details class="further" open>' in page, "what is wrong is not folded away"


def test_an_address_is_one_mailbox(admin):
    create(admin, "einmalig@example.at")
    answer = admin.submit(LIST + "/neu/konto", **account("Einmalig@example.at"))
    assert answer.status_code == 422 and "schon als Postfach hinterlegt" in beside(answer.text, "address")


def test_an_account_is_changed_and_its_password_is_never_shown(desk, admin):
    place = create(admin, "konto@example.at")
    page = admin.open(place).text
    assert "Hinterlegt. Leer lassen zum Behalten." in page and SECRET not in page
    assert 'value="127.0.0.1:2525"' in page and 'autocomplete="new-password"' in page
    changed = account("konto@example.at", secret="", displayName="Praxis am Platz", perHour="50", sentCopy="server")
    answer = admin.submit(place, version=version(admin, place), **changed)
    assert answer.headers["Location"] == place + "?gespeichert=1", answer.text
    page = admin.open(place).text
    assert 'value="Praxis am Platz"' in page and re.search(r'name="perHour"[^>]* value="50"', page)
    assert re.search(r'value="server" selected', page) and "Hinterlegt." in page
    assert "ist ausgeschaltet" in page, "a change of the account switches nothing on"
    stale = admin.submit(place, version="1", **changed | {"user": "nochmals"})
    assert stale.status_code == 422 and "Jemand anderes" in stale.text
    moved = admin.submit(place, version=version(admin, place), **changed | {"smtp": "127.0.0.1:2526"})
    assert moved.status_code == 422 and "noch einmal ein" in beside(moved.text, "secret")
    assert SECRET not in desk.server.log.path.read_text() and "konto@" not in desk.server.log.path.read_text()


def test_what_went_wrong_stands_there_with_what_to_do(desk, admin):
    place = create(admin, "gescheitert@example.at")
    admin.submit(place + "/test", to="eva@example.org")
    reach(desk, place, "failed", "ended_at", detail=WRONG)
    page = html.unescape(admin.open(place).text)
    assert "nimmt Benutzer oder Passwort nicht an" in page and "Gib das Passwort noch einmal ein." in page
    assert "535 5.7.8 Error: authentication failed" in page and "account is refused" not in page
    assert page.count("nicht mehr versucht") == 3 and page.count("hier ging es nicht weiter") == 1
    assert page.count(">Einschalten<") == 1, "it is not offered beside a test that failed"


def test_a_test_wants_an_address_and_waits_for_whoever_sends(desk, admin):
    place = create(admin, "wartet@example.at")
    assert admin.open(place + "/test").status_code == 404, "nothing was tested yet"
    refused = admin.submit(place + "/test", to="eva")
    assert refused.status_code == 422 and "keine gültige E-Mail-Adresse" in beside(refused.text, "to")
    sent = admin.submit(place + "/test", to="eva@example.org")
    assert sent.headers["Location"] == place + "?getestet=1#test"
    assert admin.open(place + "/test?stand=waiting").status_code == 204
    desk.sql("UPDATE trials SET created_at = created_at - 20000 WHERE step = 'waiting'")
    late = admin.open(place + "/test?stand=waiting")
    assert late.status_code == 200 and "weil sich der Versand auf dem Server nicht meldet" in late.text


def test_a_practice_without_a_mailbox_or_with_an_ill_one_is_led_to_it(desk, admin):
    desk.sql("UPDATE practices SET email_enabled = 1")
    other = desk.person("other")
    place = create(admin, "krank@example.at")
    admin.submit(place + "/schalter", version=version(admin, place), enabled="on")
    desk.sql("UPDATE mailboxes SET read_trouble = 'NO [AUTHENTICATIONFAILED] no' WHERE address = 'krank@example.at'")
    first_steps = re.search(r'class="card padded start-steps".*?</section>', other.open("/").text, re.DOTALL)[0]
    assert f'href="{LIST}"' in first_steps, "who begins is led to it among the first steps"
    banners = re.findall(r'<p class="banner urgent">(.*?)</p>', other.open("/einstellungen").text)
    assert any(f'href="{LIST}"' in banner and "Postfach einrichten" in banner for banner in banners), banners
    for path in ("/", "/einstellungen"):
        banners = re.findall(r'<p class="banner urgent">(.*?)</p>', admin.open(path).text)
        assert any(f'href="{place}"' in banner and "krank@example.at" in banner for banner in banners), banners
    assert "krank@example.at sendet, kann aber nicht gelesen werden." in admin.open(place).text
    desk.sql("UPDATE mailboxes SET read_trouble = ''")
    desk.sql("UPDATE practices SET email_enabled = 0")


def test_nobody_else_sees_or_changes_an_account(desk, admin):
    place = create(admin, "nur-unseres@example.at")
    people = {name: desk.person(name) for name in ("staff", "reader", "other")}
    paths = [("", {}), ("/schalter", {"enabled": "on"}), ("/test", {"to": "eva@example.org"})]
    for name, status in (("staff", 403), ("reader", 403), ("other", 404)):
        assert people[name].open(place).status_code == status
        assert people[name].open(place + "/test").status_code == status
        for path, fields in paths:
            assert people[name].submit(place + path, **fields).status_code == status, (name, path)
    listed = people["reader"].open(LIST).text
    assert "nur-unseres@example.at" in listed and place not in listed
    assert "nur-unseres" not in people["other"].open(LIST).text
    assert people["staff"].submit(LIST + "/neu/konto", **account("x@example.at")).status_code == 403
    assert Forms(desk.server.url).open(place).headers["Location"] == "/anmelden"
    for path, fields in paths + [("/../neu/konto", {}), ("/../neu", {"address": "x@example.at"})]:
        assert admin.send(place + path, **fields).status_code == 403, "a form needs its token"
    assert "ist ausgeschaltet" in admin.open(place).text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_pages_about_mailboxes_are_accessible(desk, admin, window, width, scheme):
    place = create(admin, f"zugang-{width}-{scheme}@example.at")
    admin.submit(place + "/test", to="eva@example.org")
    person = window(width=width, scheme=scheme)
    faults = {}

    def look(name: str):
        for summary in person.page.locator("main summary").all():
            summary.click()
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[name] = found
        for target in person.page.locator("main .button:visible, main input:visible, main select:visible").all():
            assert target.bounding_box()["height"] >= 44, (name, target.inner_html())

    for path in (LIST, LIST + "/neu"):
        assert person.open(path).status == 200
        look(path)
    person.page.fill("#address", "neu@gmx.at")
    person.page.get_by_role("button", name="Weiter").click()
    look("account")
    for step, instants in (("bound", ["bound_at"]), ("failed", ["ended_at"])):
        reach(desk, place, step, *instants, detail=WRONG if step == "failed" else "")
        person.open(place)
        look(step)
    assert faults == {}
