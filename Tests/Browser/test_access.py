"""Who may open and send what: every route, every role, the records of another practice, forged and hostile forms."""

import pytest

from forms import Forms

READING = ["/", "/kalender", "/kalender/termine", "/kalender/druck", "/termine/1", "/termine/patienten?suche=a",
           "/patienten", "/patienten/1", "/nachrichten",
           "/antworten", "/einstellungen", "/einstellungen/standorte/1", "/einstellungen/therapeuten/1",
           "/einstellungen/versand", "/einstellungen/postfach", "/einstellungen/kosten", "/einstellungen/kosten.csv", "/hilfe"]
WRITING = ["/termine/neu", "/termine/1/absagen", "/termine/1/verschieben", "/patienten/neu", "/patienten/1/loeschen"]
CONFIGURING = ["/einstellungen/standorte/neu", "/einstellungen/therapeuten/neu", "/einstellungen/versand/neu",
               "/einstellungen/versand/neu/seven", "/einstellungen/postfach/neu"]
RECORDS = ["/termine/1", "/termine/1/absagen", "/termine/1/verschieben", "/kalender/termin/1", "/patienten/1",
           "/patienten/1/loeschen",
           "/einstellungen/standorte/1", "/einstellungen/therapeuten/1"]
SENDING = ["/termine/neu", "/termine/erinnerung", "/termine/1", "/termine/1/absagen",
           "/termine/1/verschieben", "/termine/1/rueckgaengig", "/patienten/neu",
           "/patienten/1", "/patienten/1/loeschen", "/versand", "/antworten/1"]
SENDING_SETTINGS = ["/einstellungen", "/einstellungen/pause", "/einstellungen/standorte/neu",
                    "/einstellungen/standorte/vorschau", "/einstellungen/standorte/1",
                    "/einstellungen/standorte/1/loeschen", "/einstellungen/therapeuten/neu",
                    "/einstellungen/therapeuten/1", "/einstellungen/therapeuten/1/loeschen",
                    "/einstellungen/versand/neu/smpp", "/einstellungen/versand/1", "/einstellungen/versand/1/schalter",
                    "/einstellungen/versand/1/adresse", "/einstellungen/versand/1/test",
                    "/einstellungen/postfach/neu", "/einstellungen/postfach/neu/konto", "/einstellungen/postfach/1",
                    "/einstellungen/postfach/1/schalter", "/einstellungen/postfach/1/test"]
HOSTILE = '"><script>alert(1)</script>\'&'


@pytest.fixture(scope="module")
def people(practice):
    """Someone of each role, an admin of another practice, and nobody."""
    other = practice.program("practice", "add", "--name", "Andere").last_word
    found = {"admin": Forms(practice.url, practice.email, practice.password), "nobody": Forms(practice.url)}
    for name, place, role in [("staff", "1", "staff"), ("reader", "1", "reader"), ("other", other, "admin")]:
        practice.program(
            "user", "add", "--practice", place, "--email", f"{name}@example.org", "--role", role,
            stdin="ein-gutes-wort\n",
        )
        found[name] = Forms(practice.url, f"{name}@example.org", "ein-gutes-wort")
    return found


@pytest.mark.parametrize("path", READING + WRITING + CONFIGURING)
def test_pages_open_for_those_who_may(people, path):
    expected = {"admin": 200, "staff": 200, "reader": 200, "nobody": 303}
    if path in WRITING + CONFIGURING:
        expected["reader"] = 403
    if path in CONFIGURING:
        expected["staff"] = 403
    assert {name: people[name].open(path).status_code for name in expected} == expected
    assert people["nobody"].open(path).headers["Location"] == "/anmelden"


@pytest.mark.parametrize("path", SENDING + SENDING_SETTINGS)
def test_forms_are_taken_from_those_who_may(people, path):
    assert people["nobody"].submit(path).headers["Location"] == "/anmelden"
    assert people["reader"].submit(path).status_code == 403
    if path in SENDING_SETTINGS:
        assert people["staff"].submit(path).status_code == 403


@pytest.mark.parametrize("path", SENDING + SENDING_SETTINGS + ["/abmelden"])
def test_every_form_needs_the_token_of_its_session(people, path):
    admin = people["admin"]
    assert admin.send(path).status_code == 403
    assert admin.send(path, _csrf=people["staff"].token).status_code == 403
    assert admin.open("/").status_code == 200


@pytest.mark.parametrize("path", RECORDS)
def test_nothing_of_another_practice_is_found(people, path):
    assert people["other"].open(path).status_code == 404
    assert people["other"].submit(path).status_code == 404
    if path.startswith("/einstellungen"):
        assert people["other"].submit(path + "/loeschen").status_code == 404


def test_a_foreign_patient_cannot_be_booked(people):
    other = people["other"]
    page = other.submit("/termine/neu", patientId="1", locationId="1", start="2099-03-04", startTime="10:00", end="30")
    assert page.status_code == 422 and "Apfel" not in page.text
    assert "Apfel" not in other.open("/termine/neu?patient=1").text
    assert "Apfel" not in other.submit("/termine/erinnerung", patientId="1").text


def test_what_people_type_is_never_markup(people):
    admin = people["admin"]
    patient = admin.submit("/patienten/neu", firstName=HOSTILE, lastName=HOSTILE, reminderKind="none")
    one = patient.headers["Location"].split("?")[0]
    place = admin.submit("/einstellungen/standorte/neu", name=HOSTILE, address=HOSTILE, closingText="<b>'&\"")
    assert place.status_code == 303
    booked = admin.submit(
        "/termine/neu", patientId=one.split("/")[-1], locationId="1", start="2099-03-04", startTime="10:00", end="30",
        reminderKind="none", preselected="none",
    )
    assert booked.status_code == 303
    pages = [admin.open(path) for path in (
        one, one + "/loeschen", "/patienten", "/patienten?suche=%22%3E%3Cscript%3E", "/termine/patienten?suche=script",
        booked.headers["Location"], "/termine/neu", "/einstellungen", place.headers["Location"], "/",
        "/nachrichten?status=%22%3E%3Cscript%3E", f"/termine/neu?patient={one.split('/')[-1]}",
    )]
    pages.append(admin.submit("/einstellungen/standorte/vorschau", closingText=HOSTILE, senderId=HOSTILE))
    pages.append(admin.submit("/patienten/neu", firstName=HOSTILE, mobile=HOSTILE, email=HOSTILE))
    pages.append(people["nobody"].send("/anmelden", email=HOSTILE, password="x"))
    for page in pages:
        if page.status_code == 303:
            page = admin.open(page.headers["Location"])
        assert "<script>alert" not in page.text and '"><script' not in page.text and "<b>'" not in page.text, page.url


def test_signing_in_gives_a_session_of_its_own(practice):
    """A session that someone else put into the browser is worth nothing after signing in."""
    person = Forms(practice.url, practice.email, practice.password)
    before = person.session.cookies["vortag_session"]
    person.send("/anmelden", email=practice.email, password=practice.password)
    assert person.session.cookies["vortag_session"] != before
    stale = Forms(practice.url)
    stale.session.cookies.set("vortag_session", before)
    assert stale.open("/").headers["Location"] == "/anmelden"


def test_signing_out_ends_the_session_on_the_server_too(practice):
    person = Forms(practice.url, practice.email, practice.password)
    token = person.session.cookies["vortag_session"]
    assert person.submit("/abmelden").status_code == 303
    person.session.cookies.set("vortag_session", token)
    assert person.open("/").headers["Location"] == "/anmelden"


@pytest.mark.parametrize("path", ["/anmelden?next=https://example.org", "/?weiter=//example.org", "//example.org/"])
def test_nobody_is_led_to_a_foreign_address(people, path):
    answer = people["nobody"].open(path)
    assert answer.headers.get("Location", "/anmelden") in ("/anmelden", "/")


def test_a_form_from_a_foreign_site_signs_nobody_in(practice):
    person = Forms(practice.url)
    person.session.headers["Sec-Fetch-Site"] = "cross-site"
    assert person.send("/anmelden", email=practice.email, password=practice.password).status_code == 403
