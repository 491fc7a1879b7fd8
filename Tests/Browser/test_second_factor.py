"""The second factor: enrolling with a code that the test computes by itself, signing in with it, and losing it."""

import re

import pytest

from authenticator import code, read_qr, wrong_code
from desk import PASSWORD, Desk
from forms import Forms
from people import add, sound


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("second-factor"), role="web", VORTAG_PUBLIC_URL="")
    yield desk
    desk.close()


def enrol(desk, email: str) -> tuple[str, list[str]]:
    """Enrols by forms. Returns the secret and the recovery codes; the next code may be any of now."""
    person = Forms(desk.server.url, email, PASSWORD)
    assert person.submit("/konto/zweiter-faktor", currentPassword=PASSWORD).status_code == 303
    secret = re.search(r"secret=([A-Z2-7]+)&amp;", person.open("/konto/zweiter-faktor").text)[1]
    page = person.submit("/konto/zweiter-faktor/bestaetigen", code=code(secret))
    assert page.status_code == 200
    forget(desk, email)
    return secret, re.findall(r"<code>([a-z2-7-]+)</code>", page.text)


def forget(desk, email: str):
    """Forgets that a code was taken, so that no test has to wait for the next one."""
    desk.sql("UPDATE users SET totp_step = NULL WHERE email = ?", email)


@pytest.mark.parametrize("width,scheme,scripts", [(1280, "light", True), (390, "dark", True), (390, "light", False)])
def test_somebody_enrols_and_signs_in_with_a_code(desk, browse, width, scheme, scripts):
    email, _ = add(desk, f"enrol{width}{scheme}{scripts}".lower())
    person = browse(width, scheme, scripts)
    page = person.page
    check = (lambda: sound(person)) if scripts else (lambda: None)
    person.sign_in(email, PASSWORD)
    person.open("/konto")
    check()
    page.get_by_role("link", name="Einrichten").click()
    check()
    page.get_by_label("Jetziges Passwort").fill("nicht mein passwort")
    page.get_by_role("button", name="Einrichten").click()
    page.get_by_text("Das ist nicht dein jetziges Passwort").first.wait_for()
    check()
    page.get_by_label("Jetziges Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Einrichten").click()
    check()
    typed = page.locator(".key code").inner_text().replace(" ", "")
    link = page.get_by_role("link", name="In der App auf diesem Gerät").get_attribute("href")
    if scripts:
        assert read_qr(page, page.locator("svg.qr")) == link
    assert f"secret={typed}&" in link and link.startswith("otpauth://totp/Vortag:")
    page.get_by_label("Code aus der App").fill(wrong_code(typed))
    page.get_by_role("button", name="Einschalten").click()
    page.get_by_text("Der Code stimmt nicht").first.wait_for()
    assert page.locator(".key code").inner_text().replace(" ", "") == typed
    check()
    used = code(typed)
    page.get_by_label("Code aus der App").fill(used)
    page.get_by_role("button", name="Einschalten").click()
    assert page.locator(".recovery li").count() == 10
    check()
    page.get_by_role("link", name="Ich habe sie aufgeschrieben").click()
    assert page.get_by_text("10 Ersatzcodes sind noch übrig").count() == 1

    page.get_by_role("button", name="Abmelden", exact=True).first.click()
    page.wait_for_url("**/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.wait_for_url("**/anmelden/code")
    check()
    field = page.get_by_label("Code aus der App")
    assert field.get_attribute("autocomplete") == "one-time-code"
    # The code that switched it on was used.
    field.fill(used)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_text("Du hast noch 4 Versuche").wait_for()
    check()
    page.get_by_label("Code aus der App").fill(code(typed, 1))
    page.get_by_role("button", name="Weiter").click()
    page.wait_for_url(desk.server.url + "/")
    taken = desk.sql("SELECT deed, COUNT(*) FROM audit WHERE actor = ? AND deed IN ('refused', 'signed_in', 'signed_out')"
                     " GROUP BY deed ORDER BY deed", email)
    assert taken == [("refused", 2), ("signed_in", 2), ("signed_out", 1)]


def test_who_finds_an_open_browser_sees_nothing_of_a_secret_that_waits(desk):
    email, _ = add(desk, "waiting")
    own, found = (Forms(desk.server.url, email, PASSWORD) for _ in range(2))
    assert own.submit("/konto/zweiter-faktor", currentPassword=PASSWORD).status_code == 303
    secret = re.search(r"secret=([A-Z2-7]+)&amp;", own.open("/konto/zweiter-faktor").text)[1]
    page = found.open("/konto/zweiter-faktor").text
    assert secret not in page and 'name="currentPassword"' in page
    refused = found.submit("/konto/zweiter-faktor/bestaetigen", code=code(secret))
    assert refused.status_code == 422 and "noch einmal mit deinem Passwort" in refused.text
    assert own.submit("/konto/zweiter-faktor/bestaetigen", code=code(secret)).status_code == 200
    assert found.open("/").headers["Location"] == "/anmelden"


def test_the_password_alone_opens_nothing(desk):
    email, _ = add(desk, "halfway")
    enrol(desk, email)
    person = Forms(desk.server.url)
    answer = person.send("/anmelden", email=email, password=PASSWORD)
    assert answer.headers["Location"] == "/anmelden/code"
    assert "vortag_session" not in person.session.cookies
    assert person.open("/").headers["Location"] == "/anmelden"
    stranger = Forms(desk.server.url)
    assert stranger.open("/anmelden/code").headers["Location"] == "/anmelden"
    assert stranger.send("/anmelden/code", code="123456").status_code == 422


def test_a_code_is_good_once(desk):
    email, _ = add(desk, "once")
    secret, _ = enrol(desk, email)
    used = code(secret)
    for expected in (303, 422):
        person = Forms(desk.server.url)
        person.send("/anmelden", email=email, password=PASSWORD)
        assert person.send("/anmelden/code", code=used).status_code == expected


def test_a_recovery_code_is_good_once(desk, browse):
    email, _ = add(desk, "recovery")
    _, codes = enrol(desk, email)
    assert len(codes) == 10
    person = browse(390)
    page = person.page

    def try_code():
        person.open("/anmelden")
        page.get_by_label("E-Mail-Adresse").fill(email)
        page.get_by_label("Passwort").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/anmelden/code")
        page.get_by_role("link", name="Ersatzcode eingeben").click()
        page.get_by_label("Ersatzcode").fill(codes[0].upper())
        page.keyboard.press("Enter")

    try_code()
    page.wait_for_url(desk.server.url + "/")
    person.open("/konto")
    assert page.get_by_text("9 Ersatzcodes sind noch übrig").count() == 1
    page.context.clear_cookies()
    try_code()
    page.get_by_text("Der Code stimmt nicht").wait_for()
    assert page.get_by_label("Ersatzcode").count() == 1
    sound(person)


def test_after_five_wrong_codes_the_password_is_asked_for_again(desk):
    email, _ = add(desk, "five")
    secret, _ = enrol(desk, email)
    person = Forms(desk.server.url)
    person.send("/anmelden", email=email, password=PASSWORD)
    for left in ("4 Versuche", "3 Versuche", "2 Versuche", "einen Versuch", "noch einmal mit deinem Passwort"):
        answer = person.send("/anmelden/code", code=wrong_code(secret))
        assert answer.status_code == 422 and left in answer.text
    # The right code comes too late now, and in another sign-in each wrong one must wait longer before it is looked at.
    assert person.send("/anmelden/code", code=code(secret)).status_code == 422
    person.send("/anmelden", email=email, password=PASSWORD)
    answers = [person.send("/anmelden/code", code=wrong_code(secret)) for _ in range(4)]
    held = [answer for answer in answers if answer.status_code == 429]
    assert held and all(int(answer.headers["Retry-After"]) >= 1 for answer in held)


def test_where_it_was_switched_off_by_command_a_begun_sign_in_ends(desk):
    email, _ = add(desk, "off")
    enrol(desk, email)
    person = Forms(desk.server.url)
    person.send("/anmelden", email=email, password=PASSWORD)
    desk.program("user", "second-factor", "--email", email, "--off")
    again = Forms(desk.server.url, email, PASSWORD)
    assert "Ausgeschaltet" in again.open("/konto").text
    assert person.send("/anmelden/code", code="123456").status_code == 422


def test_new_recovery_codes_and_switching_off_need_the_password(desk):
    email, _ = add(desk, "manage")
    secret, codes = enrol(desk, email)
    person = Forms(desk.server.url)
    person.send("/anmelden", email=email, password=PASSWORD)
    assert person.send("/anmelden/code", code=code(secret)).status_code == 303
    person.token = re.search(r'name="_csrf" value="([^"]+)"', person.open("/").text)[1]
    for path in ("/konto/zweiter-faktor/codes", "/konto/zweiter-faktor/aus"):
        assert person.submit(path, currentPassword="etwas anderes").status_code == 422
    page = person.submit("/konto/zweiter-faktor/codes", currentPassword=PASSWORD)
    new = re.findall(r"<code>([a-z2-7-]+)</code>", page.text)
    assert len(new) == 10 and not set(new) & set(codes)
    assert person.submit("/konto/zweiter-faktor/aus", currentPassword=PASSWORD).headers["Location"] == "/konto?faktor=1"
    assert Forms(desk.server.url, email, PASSWORD).open("/").status_code == 200


def test_enrolling_ends_the_other_sessions(desk):
    email, _ = add(desk, "others")
    other = Forms(desk.server.url, email, PASSWORD)
    enrol(desk, email)
    assert other.open("/").headers["Location"] == "/anmelden"


def test_commands_show_and_switch_off(desk):
    email, _ = add(desk, "command", "reader")
    enrol(desk, email)
    listed = desk.program("user", "list", "--practice", desk.practice.id).out
    assert re.search(rf"reader +password\+code +{re.escape(email)}", listed)
    assert desk.program("user", "second-factor", "--email", email, check=False).code == 64
    desk.program("user", "second-factor", "--email", email, "--off")
    listed = desk.program("user", "list", "--practice", desk.practice.id).out
    assert re.search(rf"reader +password +{re.escape(email)}", listed)
    desk.program("user", "role", "--email", email, "--role", "staff")
    assert re.search(rf"staff +password +{re.escape(email)}", desk.program("user", "list", "--practice", desk.practice.id).out)
    refused = desk.program("user", "remove", "--email", "admin@example.org", check=False)
    assert refused.code == 65 and "last person who administers" in refused.err
    desk.program("user", "remove", "--email", email)
    assert email not in desk.program("user", "list", "--practice", desk.practice.id).out
