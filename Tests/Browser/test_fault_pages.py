"""What cannot be shown says so on a page: in the reader's language, with the menu, and with the headers of every page."""

import pytest

from desk import Desk
from forms import Forms

HEADERS = ("Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cache-Control")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    found = Desk(tmp_path_factory.mktemp("faults"), role="web")
    yield found
    found.close()


@pytest.mark.parametrize("path, status, heading", [
    ("/gibtsnicht", 404, "Das gibt es hier nicht."), ("/einstellungen/xyz", 404, "Das gibt es hier nicht."),
    ("/patienten/999999", 404, "Das gibt es hier nicht."),
    ("/patienten?cursor=zz", 422, "Damit lässt sich nichts anfangen."),
    ("/antworten?cursor=zz", 422, "Damit lässt sich nichts anfangen."),
    ("/einstellungen/protokoll?cursor=zz", 422, "Damit lässt sich nichts anfangen."),
])
def test_what_cannot_be_shown_says_so_and_leads_on(desk, path, status, heading):
    answer = desk.person("admin").open(path)
    assert answer.status_code == status and f"<h1>{heading}</h1>" in answer.text
    assert 'href="/kalender"' in answer.text, "the menu is where it always is"
    assert all(answer.headers.get(name) for name in HEADERS)


def test_who_is_not_signed_in_gets_a_page_too(desk):
    answer = Forms(desk.server.url).open("/gibtsnicht")
    assert answer.status_code == 404 and "Das gibt es hier nicht." in answer.text and 'href="/kalender"' not in answer.text
    assert all(answer.headers.get(name) for name in HEADERS)
    patient = Forms(desk.server.url).open("/t/abc/def")
    assert patient.status_code == 404 and "<html" in patient.text


def test_who_is_not_signed_in_reads_it_in_the_language_of_the_browser(desk):
    guest = Forms(desk.server.url)
    guest.session.headers["Accept-Language"] = "en-GB,en;q=0.9"
    answer = guest.open("/gibtsnicht")
    assert answer.status_code == 404 and 'lang="en"' in answer.text


def test_who_guesses_words_of_new_passwords_is_told_when_to_come_back(desk):
    guest = Forms(desk.server.url)
    guest.session.headers["X-Forwarded-For"] = "203.0.113.77"
    answers = [guest.open(f"/anmelden/neu/{number}") for number in range(30)]
    held = [answer for answer in answers if answer.status_code == 429]
    assert held and all(int(answer.headers["Retry-After"]) >= 1 for answer in held)


def test_a_form_that_is_too_large_says_so(desk):
    answer = desk.person("staff").submit("/patienten/neu", lastName="x" * 3_000_000)
    assert answer.status_code == 413 and "Das ist zu viel auf einmal." in answer.text
    assert all(answer.headers.get(name) for name in HEADERS)


def test_a_program_is_answered_as_before(desk):
    answer = Forms(desk.server.url).open("/api/v1/gibtsnicht")
    assert answer.status_code in (401, 404) and answer.headers["Content-Type"].startswith("application/problem+json")


def test_browsers_stay_with_https_where_the_address_says_so(desk):
    assert "Strict-Transport-Security" not in desk.person("staff").open("/").headers
    server = desk.program.serve("--role", "web", VORTAG_PUBLIC_URL="https://vortag.example.org")
    assert Forms(server.url).open("/anmelden").headers["Strict-Transport-Security"] == "max-age=31536000"
