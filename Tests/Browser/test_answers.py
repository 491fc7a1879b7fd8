"""What patients sent: who reads it, who closes it, and how that is undone."""

import re

import pytest

from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("answers"))
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture
def fresh(desk):
    desk.sql("DELETE FROM inbound")
    return desk


def test_nobody_has_answered_yet(fresh, window):
    person = window("staff")
    person.open("/antworten")
    assert person.page.locator("h1").inner_text() == "Keine Antwort wartet auf dich."
    assert person.page.locator("nav.side .count").count() == 0
    person.open("/antworten?alle=1")
    assert "Noch hat niemand geantwortet." in person.page.locator("main").inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_answer_is_closed_and_opened_again(fresh, window, scripts):
    patient = fresh.practice.patient(lastName="Auer")
    fresh.answer("Ich komme 10 Minuten später", patient)
    fresh.answer("Bitte um Rückruf", sender="+436769876543")
    person = window("staff", scripts=scripts)
    person.open("/antworten")
    page = person.page
    assert page.locator("h1").inner_text() == "2 Antworten warten auf dich."
    assert page.locator("nav.side .count").inner_text().split()[0] == "2"
    assert page.locator(".answer .who b").all_inner_texts() == ["0676 9876543", "Auer, Maria"], "the newest first"
    assert page.locator(".answer").nth(0).get_by_role("link", name="Anrufen").get_attribute("href") == "tel:+436769876543"
    assert page.get_by_role("link", name="Auer, Maria").get_attribute("href") == f"/patienten/{patient['id']}"
    page.locator(".answer", has_text="Auer").get_by_role("button", name="Erledigt").click()
    assert page.locator("h1").inner_text() == "Eine Antwort wartet auf dich."
    assert page.locator(".answer", has_text="Auer").count() == 0
    undo = page.locator(".undo")
    assert "Antwort von Auer, Maria erledigt." in undo.inner_text()
    undo.get_by_role("button", name="Wieder öffnen").click()
    assert page.locator(".answer", has_text="Auer").count() == 1
    page.locator(".answer", has_text="Auer").get_by_role("button", name="Erledigt").click()
    page.get_by_role("link", name="Alle", exact=True).click()
    page.locator(".answer", has_text="Auer").get_by_role("button", name="Wieder öffnen").click()
    assert page.url.endswith("alle=1"), "back to where one was"
    assert page.locator("nav.side .count").inner_text().split()[0] == "2"


def test_who_opted_out_is_told_calmly(fresh, window):
    patient = fresh.practice.patient(lastName="Stopp", smsConsent="withdrawn")
    fresh.answer("STOP", patient, kind="stop", done=True)
    person = window("staff")
    person.open("/antworten?alle=1")
    row = person.page.locator(".answer", has_text="Stopp")
    assert "SMS abgemeldet" in row.inner_text() and row.locator(".failed, .problem").count() == 0
    person.open(f"/patienten/{patient['id']}")
    assert re.search(r"Am .* Uhr per SMS abgemeldet\.", person.page.locator("#smsConsent-note").inner_text())
    assert "STOP" in person.page.locator("#antworten").inner_text()


def test_closing_on_the_patients_page_leads_back_there(fresh, window):
    patient = fresh.practice.patient(lastName="Zurück")
    fresh.answer("Danke", patient)
    person = window("staff")
    person.open(f"/patienten/{patient['id']}")
    person.page.locator("#antworten").get_by_role("button", name="Erledigt").click()
    person.page.locator("#antworten").get_by_role("button", name="Wieder öffnen").wait_for()
    assert person.page.url.endswith(f"/patienten/{patient['id']}#antworten")


def test_those_who_only_look_change_nothing_and_strangers_see_nothing(fresh):
    one = fresh.answer("Nur für uns")
    staff, reader, other = (fresh.person(name) for name in ("staff", "reader", "other"))
    assert "Nur für uns" in reader.open("/antworten").text and "Erledigt</button>" not in reader.open("/antworten").text
    assert reader.submit(f"/antworten/{one}", done="on").status_code == 403
    assert staff.send(f"/antworten/{one}", done="on").status_code == 403, "a form needs its token"
    assert other.submit(f"/antworten/{one}", done="on").status_code == 404
    assert "Nur für uns" not in other.open("/antworten?alle=1").text
    assert "Nur für uns" not in other.open(f"/antworten?erledigt={one}").text
    assert staff.submit(f"/antworten/{one}", done="on").headers["Location"] == f"/antworten?erledigt={one}"


def test_what_people_write_is_never_markup(fresh):
    fresh.answer("<script>alert(1)</script>", sender="<b>x</b>")
    page = fresh.person("staff").open("/antworten").text
    assert "<script>alert" not in page and "<b>x</b>" not in page and "tel:" not in page


def test_many_answers_come_page_by_page(fresh):
    for number in range(51):
        fresh.answer(f"Antwort {number}")
    staff = fresh.person("staff")
    first = staff.open("/antworten").text
    older = re.search(r'href="(/antworten\?cursor=[^"]+)"', first)[1]
    assert first.count('class="answer"') == 50 and staff.open(older).text.count('class="answer"') == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_the_answers_are_accessible(fresh, window, width, scheme):
    patient = fresh.practice.patient()
    fresh.answer("Ich komme später", patient)
    fresh.answer("STOP", patient, kind="stop", done=True)
    person = window("staff", width=width, scheme=scheme)
    for path in ("/antworten", "/antworten?alle=1", f"/patienten/{patient['id']}"):
        person.open(path)
        assert person.violations() == [], path
        assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"), path
        for target in person.page.locator(".deeds .button, .tabs a, nav.side a:visible").all():
            assert target.bounding_box()["height"] >= 44, target.inner_html()
