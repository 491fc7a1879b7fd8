"""The page by which a patient ends e-mails: by a link, by a button, and by a mail program's one click (RFC 8058)."""

import pytest
import requests

from desk import Desk
from mails import Mails
from visitor import Visitor

WORD = "k3Fz9" * 6


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("unsubscribe"), "web", VORTAG_LOG_LEVEL="info")
    mails = Mails(desk)
    patient = desk.practice.patient(kind="email", email="maria@example.org")
    mails.message(mails.appointment(patient), "submitted", word=WORD)
    mails.appointment(patient, days=5)
    desk.patient = patient["id"]
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def subscribed(desk):
    desk.sql("UPDATE patients SET email_consent = 'unknown'")


def ask(desk, method: str = "GET", word: str = WORD, **options) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, f"{desk.server.url}/abmelden/{word}", allow_redirects=False, timeout=15, **options)


def consent(desk) -> str:
    return desk.practice.api.get(f"/patients/{desk.patient}")["emailConsent"]


def test_opening_the_link_changes_nothing(desk):
    for method in ("GET", "HEAD", "GET"):
        assert ask(desk, method).status_code == 200
    assert consent(desk) == "unknown"
    page = ask(desk).text
    assert "Keine E-Mails mehr von Praxis am Park?" in page
    assert "m…@example.org" in page and "maria" not in page and "Huber" not in page


@pytest.mark.parametrize("options", [
    {"data": {"List-Unsubscribe": "One-Click"}},
    {"files": {"List-Unsubscribe": (None, "One-Click")}},
    {},
])
def test_one_click_of_a_mail_program_ends_e_mails_without_cookie_and_redirection(desk, options):
    answer = ask(desk, "POST", **options)
    assert answer.status_code == 200 and "Sie erhalten keine E-Mails mehr." in answer.text
    assert "Set-Cookie" not in answer.headers
    assert consent(desk) == "withdrawn"
    assert ask(desk, "POST", **options).status_code == 200
    assert "Sie erhalten keine E-Mails mehr." in ask(desk).text


def test_nothing_leads_from_the_page_to_elsewhere(desk):
    for word, status in ((WORD, 200), ("x" * 32, 404)):
        answer = ask(desk, word=word)
        assert answer.status_code == status
        assert "noindex" in answer.headers["X-Robots-Tag"]
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("word", ["x" * 32, "x", "%00" * 20, "..%2f..%2fetc", "x" * 5000, "{vorname}", "%F0%9F%91%8B" * 8])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_word_that_names_nothing_says_so_and_nothing_more(desk, method, word):
    answer = ask(desk, method, word)
    assert answer.status_code == 404
    assert "Dieser Link gilt nicht." in answer.text and "Praxis am Park" not in answer.text
    assert consent(desk) == "unknown"


def test_a_cookie_of_somebody_signed_in_plays_no_part(desk):
    answer = desk.person("admin").open(f"/abmelden/{WORD}")
    assert answer.status_code == 200 and "<nav" not in answer.text


def test_the_language_is_the_readers(desk):
    assert "No more e-mails from" in ask(desk, headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert "<html lang=\"en\">" in ask(desk, headers={"Accept-Language": "en"}).text
    assert "<html lang=\"de\">" in ask(desk, headers={"Accept-Language": "fr"}).text


def test_the_word_is_in_no_log(desk):
    ask(desk)
    ask(desk, "POST")
    assert not any(WORD in line for line in desk.server.log.lines)
    assert any("/abmelden/" in line for line in desk.server.log.lines)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_person_ends_them_by_one_button(desk, chromium, scheme, scripts):
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale="de-AT",
    )
    person = Visitor(context.new_page(), desk.server.url)
    person.open(f"/abmelden/{WORD}")
    if scripts:
        assert person.violations() == []
    assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    button = person.page.get_by_role("button", name="E-Mails abbestellen")
    assert button.bounding_box()["height"] >= 44
    button.click()
    person.page.get_by_role("heading", name="Sie erhalten keine E-Mails mehr.").wait_for()
    assert consent(desk) == "withdrawn"
    if scripts:
        assert person.violations() == []
    assert person.wrong == []
    context.close()


def test_who_asked_for_no_e_mails_gets_none(desk):
    ask(desk, "POST")
    page = desk.person("reader").open(f"/patienten/{desk.patient}").text
    assert '<option value="withdrawn" selected>' in page[page.index('id="emailConsent"'):]
    assert f'href="/patienten/{desk.patient}#emailConsent"' in desk.person("reader").open("/").text


def test_who_guesses_is_held_off_behind_a_proxy_too_and_nobody_else(desk):
    def guess(address: str) -> int:
        return ask(desk, word="w" * 30, headers={"X-Forwarded-For": "192.0.2.1, " + address}).status_code

    assert [guess("203.0.113.7") for _ in range(21)] == [404] * 20 + [429]
    assert guess("203.0.113.8") == 404
