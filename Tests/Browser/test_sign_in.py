"""At the door: forgotten passwords, invitations, guessing, and the cookie that opens."""

import hashlib
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from desk import PASSWORD, Desk
from forms import Forms
from people import FRESH, add, sound


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """No process sends letters here: what would leave is looked up in its table."""
    desk = Desk(tmp_path_factory.mktemp("sign-in"), role="web", VORTAG_PUBLIC_URL="http://localhost:1")
    yield desk
    desk.close()


def letters(desk, email: str) -> int:
    return desk.sql("SELECT COUNT(*) FROM letters WHERE recipient = ? AND kind = 'password_reset'", email)[0][0]


def link(desk, user: int, word: str, minutes: int = 60) -> str:
    """A link as the engine makes it when its letter leaves."""
    now = int(time.time() * 1000)
    desk.sql("INSERT INTO password_resets (word_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
             hashlib.sha256(word.encode()).digest(), user, now, now + minutes * 60_000)
    return f"/anmelden/neu/{word}"


def add_mailbox(desk, name: str) -> int:
    return int(desk.program(
        "mailbox", "add", "--practice", desk.practice.id, "--address", f"{name}@example.org",
        "--smtp", "smtp://127.0.0.1:2525",
    ).last_word)


def test_without_a_mailbox_the_page_says_whom_to_ask(desk, browse):
    person = browse(390)
    person.open("/anmelden")
    person.page.get_by_role("link", name="Passwort vergessen?").click()
    person.page.get_by_text("Bitte jemanden aus eurer Verwaltung").wait_for()
    assert person.page.locator("form").count() == 0
    sound(person)
    assert "Bitte jemanden" in Forms(desk.server.url).send("/anmelden/vergessen", email="admin@example.org").text


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_sets_a_new_password(desk, browse, scripts):
    name = f"forgetful{scripts}".lower()
    email, user = add(desk, name)
    mailbox = add_mailbox(desk, name)
    try:
        session = Forms(desk.server.url, email, PASSWORD)
        person = browse(390 if scripts else 1280, "dark", scripts)
        page = person.page
        answers = []
        for address in (email, "niemand@example.org"):
            person.open("/anmelden/vergessen")
            page.get_by_label("E-Mail-Adresse").fill(address)
            page.get_by_role("button", name="Link schicken").click()
            page.get_by_text("Sieh in dein Postfach").wait_for()
            if scripts:
                sound(person)
            answers.append(page.locator("main").inner_text())
        assert answers[0] == answers[1]
        assert (letters(desk, email), letters(desk, "niemand@example.org")) == (1, 0)
    finally:
        desk.program("mailbox", "disable", mailbox)

    path = link(desk, user, name * 3)
    for _ in range(2):
        # Looking uses nothing up: what scans mails follows links.
        person.open(path)
        page.get_by_label("Neues Passwort").wait_for()
    if scripts:
        sound(person)
    assert session.open("/").status_code == 200
    page.get_by_label("Neues Passwort").fill(email)
    page.get_by_role("button", name="Passwort setzen").click()
    page.get_by_text("Nimm etwas, das niemand").first.wait_for()
    page.get_by_label("Neues Passwort").fill(FRESH)
    page.get_by_role("button", name="Passwort setzen").click()
    page.get_by_text("Dein neues Passwort gilt").wait_for()
    assert session.open("/").headers["Location"] == "/anmelden"
    person.sign_in(email, FRESH)
    assert person.open(path).status == 404
    assert page.get_by_role("heading", name="Dieser Link gilt nicht mehr").count() == 1
    if scripts:
        sound(person)
    assert Forms(desk.server.url).send("/anmelden", email=email, password=PASSWORD).status_code == 422


def test_a_link_that_is_too_old_sets_nothing(desk):
    email, user = add(desk, "late")
    path = link(desk, user, "w" * 43, minutes=-1)
    person = Forms(desk.server.url)
    assert person.open(path).status_code == 404
    assert person.send(path, password=FRESH).status_code == 404
    assert Forms(desk.server.url, email, PASSWORD).open("/").status_code == 200


def test_somebody_is_invited_by_a_link(desk, window):
    mailbox = add_mailbox(desk, "einladungen")
    try:
        person = window("admin", 390)
        page = person.page
        person.open("/einstellungen/konten/neu")
        assert page.get_by_label("Link per E-Mail schicken").is_checked()
        assert not page.get_by_label("Passwort für diese Person").is_visible()
        sound(person)
        page.get_by_label("E-Mail-Adresse").fill("eingeladen@example.org")
        page.get_by_role("button", name="Person hinzufügen").click()
        page.get_by_text("Die Einladung geht in den nächsten Minuten hinaus").wait_for()
        assert letters(desk, "eingeladen@example.org") == 1
        user = desk.sql("SELECT id FROM users WHERE email = 'eingeladen@example.org'")[0][0]
        path = link(desk, user, "einladung" * 4)
        assert Forms(desk.server.url).send(path, password=FRESH).status_code == 303
        assert Forms(desk.server.url, "eingeladen@example.org", FRESH).open("/").status_code == 200
        person.open("/einstellungen/konten/neu")
        page.get_by_label("Erstes Passwort selbst setzen").check()
        assert page.get_by_label("Passwort für diese Person").is_visible()
    finally:
        desk.program("mailbox", "disable", mailbox)


def test_guessing_is_slowed_down_whether_the_address_is_known_or_not(desk, browse):
    email, _ = add(desk, "guessed")
    for address in (email, "unbekannt@example.org"):
        spent = []
        for _ in range(5):
            start = time.monotonic()
            answer = Forms(desk.server.url).send("/anmelden", email=address, password="falsches passwort")
            spent.append(time.monotonic() - start)
            assert answer.status_code == 422 and "passen nicht zusammen" in answer.text
        assert min(spent) >= 0.99
        held = Forms(desk.server.url).send("/anmelden", email=address, password=PASSWORD)
        assert held.status_code == 429 and 1 <= int(held.headers["Retry-After"]) <= 8
    person = browse(390)
    person.open("/anmelden")
    person.page.get_by_label("E-Mail-Adresse").fill("nochniemand@example.org")
    person.page.get_by_label("Passwort").fill("falsches passwort")
    person.page.keyboard.press("Enter")
    person.page.get_by_role("alert").wait_for()
    assert person.page.get_by_label("E-Mail-Adresse").input_value() == "nochniemand@example.org"
    sound(person)


def test_one_address_may_not_try_one_word_on_everybody(desk):
    """Behind a proxy on this machine everybody is who the proxy says."""

    def sign_in(number: int, address: str):
        return requests.post(
            desk.server.url + "/anmelden", data={"email": f"n{number}@example.org", "password": "falsches passwort"},
            headers={"X-Forwarded-For": "198.51.100.1, " + address}, allow_redirects=False, timeout=60,
        ).status_code

    with ThreadPoolExecutor(24) as crowd:
        codes = list(crowd.map(lambda number: sign_in(number, "203.0.113.9"), range(24)))
    assert codes.count(422) == 20 and codes.count(429) == 4
    assert sign_in(1, "203.0.113.10") == 422


def test_behind_https_the_cookie_is_this_hosts_alone(tmp_path):
    desk = Desk(tmp_path, role="web", VORTAG_PUBLIC_URL="https://vortag.example.org")
    try:
        answer = Forms(desk.server.url).send("/anmelden", email="admin@example.org", password=PASSWORD)
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-vortag_session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(re.split("; *", cookie))
        assert "Domain" not in cookie
    finally:
        desk.close()
