"""Forged and hostile forms, and sessions. Who may open which page is tried by test_routes."""

import re
import socket
import urllib.parse

import pytest

from forms import Forms

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


def slowly(person: Forms, path: str, between, **fields: str) -> str:
    """Sends a form whose body ends only once something else was done. Returns the first line of the answer."""
    host = urllib.parse.urlsplit(person.url)
    cookies = "; ".join(f"{name}={value}" for name, value in person.session.cookies.items())
    body = urllib.parse.urlencode(fields | {"_csrf": person.token}).encode()
    head = (f"POST {path} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookies}\r\nConnection: close\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n")
    with socket.create_connection((host.hostname, host.port), timeout=10) as connection:
        connection.sendall(head.encode() + body[:3])
        assert person.open("/patienten").status_code == 200, "the server is past the headers of what came before"
        between()
        connection.sendall(body[3:])
        return connection.recv(4096).split(b"\r\n")[0].decode()


@pytest.mark.parametrize("deed, fields", [("/sitzungen", {}), ("", {"role": "reader"})])
def test_a_form_that_comes_slowly_is_judged_when_it_is_there(practice, people, deed, fields):
    email = f"langsam-{len(deed)}@example.org"
    admin = people["admin"]
    practice.program("user", "add", "--practice", "1", "--email", email, "--role", "staff", stdin="ein-gutes-wort\n")
    account = re.search(rf'href="(/einstellungen/konten/\d+)"[^>]*>(?:(?!</li>).)*{email}',
                        admin.open("/einstellungen/konten").text, re.DOTALL)[1]

    def take_away():
        given = {"email": email, "name": "", "language": "de"} | fields if fields else {}
        assert admin.submit(account + deed, **given).status_code == 303

    person = Forms(practice.url, email, "ein-gutes-wort")
    answer = slowly(person, "/patienten/neu", take_away, lastName="Zuspaet", reminderKind="none")
    assert answer.split()[1] in ("303", "403"), answer
    assert 'class="hit"' not in admin.open("/patienten?suche=Zuspaet").text, "nothing was saved"
    other = Forms(practice.url, email, "ein-gutes-wort")
    assert slowly(other, "/patienten/neu", lambda: None, lastName="Rechtzeitig", reminderKind="none").split()[1] == (
        "403" if fields else "303")


@pytest.mark.parametrize("path", ["/anmelden?next=https://example.org", "/?weiter=//example.org", "//example.org/"])
def test_nobody_is_led_to_a_foreign_address(people, path):
    answer = people["nobody"].open(path)
    assert answer.headers.get("Location", "/anmelden") in ("/anmelden", "/")


def test_a_form_from_a_foreign_site_signs_nobody_in(practice):
    person = Forms(practice.url)
    person.session.headers["Sec-Fetch-Site"] = "cross-site"
    assert person.send("/anmelden", email=practice.email, password=practice.password).status_code == 403
