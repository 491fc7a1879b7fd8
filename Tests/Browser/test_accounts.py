"""People and their roles, one's own account and its sessions, and keys for other programs."""

import re

import pytest
import requests

from desk import PASSWORD, Desk
from forms import Forms, beside
from people import FRESH, add, sound


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("accounts"), role="web", VORTAG_PUBLIC_URL="")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def admin(desk):
    return desk.person("admin")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_are_accessible(window, width, scheme):
    person = window("admin", width, scheme)
    for path in ("/konto", "/konto/zweiter-faktor", "/einstellungen/konten", "/einstellungen/konten/neu",
                 "/einstellungen/konten/1", "/einstellungen/konten/2", "/einstellungen/schluessel"):
        assert person.open(path).status == 200, path
        sound(person, path)


def test_only_admins_reach_people_and_keys(desk):
    for role in ("staff", "reader"):
        person = desk.person(role)
        assert person.open("/konto").status_code == 200
        for path in ("/einstellungen/konten", "/einstellungen/konten/neu", "/einstellungen/konten/1",
                     "/einstellungen/schluessel"):
            assert person.open(path).status_code == 403
        for path in ("/einstellungen/konten/neu", "/einstellungen/konten/1", "/einstellungen/konten/1/passwort",
                     "/einstellungen/konten/1/link", "/einstellungen/konten/1/zweiter-faktor",
                     "/einstellungen/konten/1/sitzungen", "/einstellungen/konten/1/loeschen",
                     "/einstellungen/schluessel", "/einstellungen/schluessel/1/beenden"):
            assert person.submit(path).status_code == 403, path
            assert desk.person("admin").send(path).status_code == 403, path


def test_nobody_of_another_practice_is_found(desk):
    other = desk.person("other")
    assert other.open("/einstellungen/konten/1").status_code == 404
    for path in ("", "/passwort", "/link", "/zweiter-faktor", "/sitzungen", "/loeschen"):
        assert other.submit("/einstellungen/konten/1" + path, password=FRESH).status_code == 404, path
    token = desk.sql("SELECT id FROM tokens WHERE practice_id = ?", desk.practice.id)[0][0]
    assert other.submit(f"/einstellungen/schluessel/{token}/beenden").status_code == 404
    assert "admin@example.org" not in other.open("/einstellungen/konten").text
    assert desk.person("admin").open("/").status_code == 200


@pytest.mark.parametrize("width,scripts", [(1280, True), (390, False)])
def test_an_admin_adds_somebody_who_signs_in_at_once(desk, window, browse, width, scripts):
    person = window("admin", width, scripts=scripts)
    page = person.page
    person.open("/einstellungen")
    page.get_by_role("link", name=re.compile("^Konten")).click()
    page.get_by_role("link", name="Person hinzufügen").click()
    email = f"neu{width}@example.org"
    page.get_by_label("Name").fill("Nora Neu")
    page.get_by_label("E-Mail-Adresse").fill("das ist keine")
    page.get_by_label("Rolle").select_option("reader")
    page.get_by_label("Passwort für diese Person").fill("passwort2027")
    page.get_by_role("button", name="Person hinzufügen").click()
    page.get_by_text("probieren Fremde als Erstes").first.wait_for()
    assert page.get_by_label("Name").input_value() == "Nora Neu"
    assert page.get_by_label("Rolle").input_value() == "reader"
    if scripts:
        sound(person)
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort für diese Person").fill(FRESH)
    page.get_by_role("button", name="Person hinzufügen").click()
    page.get_by_text("Gib der Person ihr Passwort persönlich").wait_for()
    assert "noch nie angemeldet" in page.locator("li", has_text=email).inner_text()
    new = Forms(desk.server.url, email, FRESH)
    assert new.open("/patienten/neu").status_code == 403
    person.open("/einstellungen/konten")
    assert "zuletzt da" in page.locator("li", has_text=email).inner_text()


def test_another_role_ends_the_sessions_and_holds_at_once(desk, admin):
    email, user = add(desk, "promoted", "reader")
    before = Forms(desk.server.url, email, PASSWORD)
    answer = admin.submit(f"/einstellungen/konten/{user}", name="", email=email, role="staff", language="en")
    assert answer.headers["Location"] == f"/einstellungen/konten/{user}?gespeichert=1"
    assert before.open("/").headers["Location"] == "/anmelden"
    after = Forms(desk.server.url, email, PASSWORD)
    page = after.open("/patienten/neu")
    assert page.status_code == 200 and '<html lang="en">' in page.text


def test_an_admin_sets_a_password_and_ends_sessions(desk, admin):
    email, user = add(desk, "helped")
    person = Forms(desk.server.url, email, PASSWORD)
    refused = admin.submit(f"/einstellungen/konten/{user}/passwort", password="kurz", ownPasswordToSet=PASSWORD)
    assert refused.status_code == 422 and "mindestens 10 Zeichen" in beside(refused.text, "password")
    assert person.open("/").status_code == 200
    assert admin.submit(f"/einstellungen/konten/{user}/sitzungen").status_code == 303
    assert person.open("/").headers["Location"] == "/anmelden"
    person = Forms(desk.server.url, email, PASSWORD)
    assert admin.submit(f"/einstellungen/konten/{user}/passwort", password=FRESH).status_code == 422
    assert admin.submit(f"/einstellungen/konten/{user}/passwort", password=FRESH,
                        ownPasswordToSet="nicht mein passwort").status_code == 422
    assert person.open("/").status_code == 200
    assert admin.submit(f"/einstellungen/konten/{user}/passwort", password=FRESH,
                        ownPasswordToSet=PASSWORD).status_code == 303
    assert person.open("/").headers["Location"] == "/anmelden"
    assert Forms(desk.server.url, email, FRESH).open("/").status_code == 200


def test_another_address_and_the_rights_of_an_admin_need_ones_own_password(desk, admin):
    email, user = add(desk, "rising")
    own = desk.sql("SELECT id FROM users WHERE email = 'admin@example.org'")[0][0]
    fields = {"name": "", "language": "de"}
    tries = [(f"/einstellungen/konten/{own}", {"email": "fremd@example.org", "role": "admin"}),
             (f"/einstellungen/konten/{user}", {"email": email, "role": " admin"}),
             (f"/einstellungen/konten/{user}", {"email": "fremd@example.org", "role": "staff"}),
             ("/einstellungen/konten/neu", {"email": "fremd@example.org", "role": "admin", "password": FRESH})]
    for path, change in tries:
        refused = admin.submit(path, **fields, **change)
        assert refused.status_code == 422 and "dein eigenes Passwort" in beside(refused.text, "ownPassword"), path
    assert desk.sql("SELECT COUNT(*) FROM users WHERE email = 'fremd@example.org'") == [(0,)]
    for path, change in tries[1:]:
        assert admin.submit(path, **fields, **change, ownPassword=PASSWORD).status_code in (303, 422), path
    assert desk.sql("SELECT role FROM users WHERE id = ?", user) == [("staff",)]
    details = desk.sql("SELECT detail FROM audit WHERE subject = 'user' AND subject_id = ? AND deed = 'changed'"
                       " ORDER BY id", user)
    assert details == [("role",), ("email",), ("role",)]
    page = admin.open("/einstellungen/protokoll").text
    assert "geändert: E-Mail-Adresse" in page and "geändert: Rolle" in page


def test_the_last_admin_stays_and_nobody_removes_themselves(desk, window):
    person = window("admin")
    page = person.page
    own = desk.sql("SELECT id FROM users WHERE email = 'admin@example.org'")[0][0]
    person.open(f"/einstellungen/konten/{own}")
    page.get_by_label("Rolle").select_option("staff")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("letzte Person, die eure Praxis verwaltet").first.wait_for()
    sound(person)
    assert page.get_by_text("Dich selbst kannst du nicht entfernen").count() == 1
    admin = desk.person("admin")
    for path in ("/loeschen", "/passwort", "/zweiter-faktor", "/link"):
        answer = admin.submit(f"/einstellungen/konten/{own}{path}", password=FRESH)
        assert answer.status_code == (404 if path == "/link" else 422), path
    assert desk.person("admin").open("/einstellungen/konten").status_code == 200


def test_who_is_removed_is_out_and_what_was_done_stays(desk, window):
    email, user = add(desk, "leaving")
    leaving = Forms(desk.server.url, email, PASSWORD)
    person = window("admin")
    page = person.page
    person.open(f"/einstellungen/konten/{user}")
    page.get_by_text("Person entfernen").click()
    sound(person)
    page.get_by_role("button", name="Entfernen").click()
    page.get_by_text("überall abgemeldet").wait_for()
    assert page.locator("li", has_text=email).count() == 0
    assert leaving.open("/").headers["Location"] == "/anmelden"
    deeds = desk.sql("SELECT deed FROM audit WHERE subject = 'user' AND subject_id = ? ORDER BY id", user)
    assert deeds == [("created",), ("deleted",)]
    assert desk.sql("SELECT COUNT(*) FROM audit WHERE actor = ? AND deed = 'signed_in'", email) == [(1,)]


@pytest.mark.parametrize("width,scripts", [(1280, True), (390, False)])
def test_everybody_changes_name_language_and_password(desk, browse, width, scripts):
    email, _ = add(desk, f"self{width}", "reader")
    elsewhere = Forms(desk.server.url, email, PASSWORD)
    person = browse(width, "dark", scripts)
    page = person.page
    person.sign_in(email, PASSWORD)
    page.locator(".account a[href='/konto']").locator("visible=true").click()
    page.get_by_label("Name").fill("Rita")
    page.get_by_label("Sprache").select_option("en")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_text("You are signed in as Rita.").wait_for()
    assert page.locator("html").get_attribute("lang") == "en"
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill("1234567890")
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("Strangers try this password first").first.wait_for()
    if scripts:
        sound(person)
    assert elsewhere.open("/").status_code == 200
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill(FRESH)
    before = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "vortag_session"]
    page.get_by_role("button", name="Change the password").click()
    page.get_by_text("The new password is set").wait_for()
    after = [cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "vortag_session"]
    assert len(after) == 1 and after != before
    assert elsewhere.open("/").headers["Location"] == "/anmelden"
    assert Forms(desk.server.url, email, FRESH).open("/").status_code == 200


def test_sessions_are_listed_and_ended(desk, browse):
    email, _ = add(desk, "sessions")
    others = [Forms(desk.server.url, email, PASSWORD) for _ in range(3)]
    person = browse()
    page = person.page
    person.sign_in(email, PASSWORD)
    person.open("/konto")
    rows = page.locator(".sessions li")
    assert rows.count() == 4 and rows.filter(has_text="diese hier").count() == 1
    own = rows.filter(has_text="diese hier").inner_text()
    assert "Chrome · Linux" in own and "seit" in own and "zuletzt" in own
    assert rows.filter(has_text="diese hier").get_by_role("button").count() == 0
    sound(person)
    rows.filter(has_text="Unbekannter Browser").first.get_by_role("button").click()
    page.get_by_text("Abgemeldet.", exact=True).wait_for()
    assert rows.count() == 3
    assert sorted(other.open("/").status_code for other in others) == [200, 200, 303]
    page.get_by_role("button", name="Alle anderen abmelden").click()
    page.wait_for_load_state()
    assert rows.count() == 1
    assert [other.open("/").status_code for other in others] == [303, 303, 303]


def test_a_key_is_shown_once_works_and_ends(desk, window):
    person = window("admin")
    page = person.page
    person.open("/einstellungen/schluessel")
    page.get_by_label("Name").fill("Kalender")
    page.get_by_label("Was das Programm darf").select_option("read")
    page.get_by_role("button", name="Schlüssel erzeugen").click()
    page.get_by_text("Gib dein eigenes Passwort ein").first.wait_for()
    assert page.get_by_label("Name").input_value() == "Kalender"
    page.get_by_label("Dein Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Schlüssel erzeugen").click()
    secret = page.locator("#secret").input_value()
    assert re.fullmatch("[0-9a-f]{64}", secret)
    sound(person)
    row = page.locator(".sessions li", has_text="Kalender")
    assert "noch nie verwendet" in row.inner_text()

    def ask():
        return requests.get(desk.server.url + "/api/v1/practice", headers={"Authorization": "Bearer " + secret},
                            timeout=15).status_code

    assert ask() == 200
    person.open("/einstellungen/schluessel")
    assert secret not in page.content() and "zuletzt verwendet" in row.inner_text()
    row.get_by_label("Schlüssel Kalender beenden").click()
    sound(person)
    row.get_by_role("button", name="Schlüssel beenden", exact=True).click()
    page.get_by_text("Der Schlüssel gilt nicht mehr").wait_for()
    assert row.count() == 0 and ask() == 401
    page.get_by_label("Dein Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Schlüssel erzeugen").click()
    page.get_by_text("Der Name fehlt").first.wait_for()
    sound(person)
