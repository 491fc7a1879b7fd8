"""Patients: a search that forgives, whom messages reach, consents with their history, and who may be there already."""

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("patients"))
    desk.practice.api.patch("/practice", {"keepsBirthDates": True, "emailEnabled": True})
    for first, last, mobile in (("Eva", "Müller", "0664 1234501"), ("Otto", "Moser", "0676 7654321"),
                                ("Müllerin", "Zauner", "0664 1234502")):
        desk.practice.patient(mobile, firstName=first, lastName=last, birthDate="1980-03-12")
    yield desk
    desk.close()


def at(days: int, hour: int = 10) -> str:
    day = datetime.date.today() + datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(hour), ZoneInfo("Europe/Vienna")).isoformat()


def names(person) -> list[str]:
    return person.page.locator("#found a.hit").all_inner_texts()


@pytest.fixture(scope="module")
def regular(desk):
    """A patient with a long past: no-shows, cancellations, and something coming. Written as time would have."""
    patient = desk.practice.patient("0664 1234503", firstName="Ida", lastName="Stamm")
    desk.practice.appointment(patient, at(5), at(5, 11))
    for number in range(23):
        start = int((datetime.datetime.now() - datetime.timedelta(days=7 * (number + 1))).timestamp() * 1000)
        wall = datetime.datetime.fromtimestamp(start / 1000).strftime("%Y-%m-%dT%H:%M")
        status = {0: "no_show", 4: "no_show", 2: "cancelled"}.get(number, "arrived")
        desk.sql(
            "INSERT INTO appointments (practice_id, patient_id, location_id, start_at, end_at, start_wall, time_zone,"
            " utc_offset, status, reminder_kind, shortfall, generation, version, created_at, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?, 'Europe/Vienna', 3600, ?, 'sms', '', 1, 1, 1, 1)",
            desk.practice.id, patient["id"], desk.practice.location["id"], start, start + 3_600_000, wall, status,
        )
    return patient


@pytest.mark.parametrize("typed", ["müller", "mueller", "MULLER", "eva mull", "0664 1234501", "+43 664 1234501", "4501"])
def test_search_forgives_while_one_types(window, typed):
    person = window()
    person.open("/patienten")
    person.page.locator("#suche").press_sequentially(typed)
    expect(person.page.locator("#lead")).to_contain_text(f"„{typed}“")
    assert names(person)[0] == "Müller, Eva"
    assert person.page.locator("#suche").input_value() == typed
    assert person.page.evaluate("document.activeElement.id") == "suche", "the field keeps the cursor"


def test_last_names_come_first_and_dates_of_birth_find_too(window):
    person = window(scripts=False)
    person.open("/patienten")
    person.page.fill("#suche", "mull")
    person.page.keyboard.press("Enter")
    expect(person.page.locator("#lead")).to_contain_text("„mull“")
    assert names(person) == ["Müller, Eva", "Zauner, Müllerin"]
    person.open("/patienten?suche=12.3.80+moser")
    assert names(person) == ["Moser, Otto"]
    assert "geb. 12.03.1980" in person.page.locator("#found").inner_text()
    person.open("/patienten?suche=niemand")
    assert names(person) == [] and "Niemand passt" in person.page.locator("h1").inner_text()
    assert "Lege jemanden neu an" in person.page.locator("#found").inner_text()


def test_the_list_is_walked_by_the_keyboard(window):
    person = window()
    person.open("/patienten?suche=mull")
    person.page.keyboard.press("/")
    for key, focused in (("ArrowDown", "Müller, Eva"), ("ArrowDown", "Zauner, Müllerin"), ("ArrowDown", "Zauner, Müllerin"),
                         ("ArrowUp", "Müller, Eva")):
        person.page.keyboard.press(key)
        assert person.page.evaluate("document.activeElement.innerText") == focused
    person.page.keyboard.press("ArrowUp")
    assert person.page.evaluate("document.activeElement.id") == "suche"
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    person.page.wait_for_url(re.compile(r"/patienten/\d+$"))
    assert "Eva Müller bekommt Erinnerungen per SMS an 0664 1234501." in person.page.locator("h1").inner_text()
    person.page.go_back()
    assert person.page.locator("#suche").input_value() == "mull"


def fill(person, first: str, last: str, mobile: str = ""):
    person.open("/patienten/neu")
    person.page.fill("#firstName", first)
    person.page.fill("#lastName", last)
    person.page.fill("#mobile", mobile)


def test_somebody_of_the_same_name_is_told_while_one_types_and_never_refused(window):
    person = window("staff")
    fill(person, "eva", "Mueller")
    hint = person.page.locator(".alike")
    hint.wait_for()
    assert "Müller, Eva" in hint.inner_text() and "Ist das dieselbe Person?" in hint.inner_text()
    assert "geb. 12.03.1980, 0664 1234501" in hint.inner_text(), "enough to tell people of one name apart"
    assert person.violations() == []
    person.page.fill("#lastName", "Müllner")
    hint.wait_for(state="detached")
    person.page.fill("#mobile", "+43 676 7654321")
    hint.wait_for()
    assert "Moser, Otto" in hint.inner_text() and "Dieselbe Nummer" in hint.inner_text()
    person.page.click("main form button.main")
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    assert "Moser, Otto" in person.page.locator(".sharers").inner_text()
    assert person.violations() == []


@pytest.mark.parametrize("scripts", [False, True])
def test_somebody_of_the_same_name_is_asked_about_before_saving(window, scripts):
    person = window("staff", scripts=scripts)
    fill(person, "Otto", "Möser" if scripts else "Moeser", "0664 1234599")
    if scripts:
        # The hint did not come in time.
        person.page.route("**/patienten/gleiche*", lambda route: route.abort())
    person.page.click("main form button.main")
    asked = person.page.locator(".alike[role=alert]")
    asked.wait_for()
    assert "Moser, Otto" in asked.inner_text()
    assert asked.get_by_role("link", name="Moser, Otto").get_attribute("href").startswith("/patienten/")
    assert person.page.locator("#mobile").input_value() == "0664 1234599", "nothing typed is lost"
    assert person.violations() == [] if scripts else True
    asked.get_by_role("button", name="Trotzdem anlegen").click()
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    person.wrong.clear()


def test_messages_go_to_the_contact(window, desk):
    person = window("staff")
    fill(person, "Lena", "Kind", "0664 1234510")
    person.page.select_option("#reminderKind", "sms")
    person.page.get_by_text("Kontaktperson", exact=True).first.click()
    person.page.fill("#contactMobile", "01 5131234")
    person.page.select_option("#reachesContact", "contact")
    person.page.click("main form button.main")
    assert "Festnetz" in person.page.locator("#contactMobile-note").inner_text()
    assert "Kontaktperson heißt" in person.page.locator("#contactName-note").inner_text()
    assert person.violations() == []
    person.page.fill("#contactName", "Sandra Kind")
    person.page.fill("#contactRelation", "Mutter")
    person.page.fill("#contactMobile", "0664 1234511")
    person.page.click("main form button.main")
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    lead = person.page.locator("h1").inner_text()
    assert lead == "Erinnerungen für Lena Kind gehen an Sandra Kind, Mutter: per SMS an 0664 1234511."
    person.open("/patienten?suche=sandra")
    assert names(person) == ["Kind, Lena"]
    assert "über Sandra Kind, Mutter" in person.page.locator("#found").inner_text()
    shown = desk.practice.api.items("/patients", q="lena kind")[0]
    assert (shown["contactName"], shown["reachesContact"]) == ("Sandra Kind", True)
    assert shown["contactMobile"] == "+436641234511" and shown["mobile"] == "+436641234510"


def test_a_consent_says_how_it_came_to_be_known(window, desk):
    patient = desk.practice.patient("0664 1234521", lastName="Wieso")
    person = window("staff")
    person.open(f"/patienten/{patient['id']}")
    person.page.select_option("#smsConsent", "withdrawn")
    person.page.click("main form button.main")
    person.page.locator("#summary").wait_for()
    assert "Wähle, wie du davon weißt." in person.page.locator("#smsConsentMeans-note").inner_text()
    assert desk.practice.api.get(f"/patients/{patient['id']}")["smsConsent"] == "unknown"
    person.page.select_option("#smsConsentMeans", "phone")
    person.page.click("main form button.main")
    person.page.wait_for_url("**/patienten/*gespeichert=1")


def test_deleting_tells_what_is_cancelled(window, desk):
    patient = desk.practice.patient("0664 1234522", lastName="Abschied")
    for day in (9, 16):
        desk.practice.api.post("/appointments", {
            "patientId": patient["id"], "locationId": desk.practice.location["id"],
            "start": (datetime.date.today() + datetime.timedelta(days=day)).isoformat() + "T09:00:00+01:00"})
    person = window("staff")
    person.open(f"/patienten/{patient['id']}/loeschen")
    assert "2 Termine werden abgesagt: " in person.page.locator("main").inner_text()
    assert person.page.locator(".banner").count() == 0
    assert person.violations() == []


@pytest.mark.parametrize("scripts", [True, False])
def test_a_consent_keeps_its_history(window, desk, scripts):
    patient = desk.practice.patient("0664 1234520", lastName="Zustimmung" + ("A" if scripts else "B"))
    person = window("staff", scripts=scripts)
    person.open(f"/patienten/{patient['id']}")
    if scripts:
        assert person.page.locator("#smsConsentMeans").is_hidden()
    person.page.select_option("#smsConsent", "given")
    person.page.select_option("#smsConsentMeans", "form")
    person.page.click("main form button.main")
    person.page.wait_for_url("**/patienten/*gespeichert=1")
    past = person.page.locator(".consent", has=person.page.locator("#smsConsent")).locator(".past li")
    assert re.fullmatch(r"zugestimmt am \w\w \d\d\.\d\d\.\d{4}, Formular, erfasst von staff@example\.org",
                        past.all_inner_texts()[0])
    desk.practice.api.patch(f"/patients/{patient['id']}", {"smsConsent": "withdrawn"})
    person.open(f"/patienten/{patient['id']}")
    assert [line.split(" ")[0] for line in past.all_inner_texts()] == ["widerrufen", "zugestimmt"]
    assert "über die Schnittstelle, erfasst von tests" in past.first.inner_text()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_past_is_shown_in_pages_and_who_did_not_come_is_marked(window, desk, regular, scripts):
    person = window("reader", scripts=scripts)
    person.open(f"/patienten/{regular['id']}")
    assert "2 Mal nicht gekommen, zuletzt am" in person.page.locator(".lead").inner_text()
    assert person.page.locator("#coming > li").count() == 1
    past = person.page.locator("#past > li")
    assert past.count() == 10
    missed = person.page.locator("#past .missed")
    assert missed.all_inner_texts() == ["nicht gekommen"] * 2 and missed.first.locator("svg").count() == 1
    assert past.nth(2).locator(".off").count() == 1 and "abgesagt" in past.nth(2).inner_text()
    seen = past.locator("a").all_inner_texts()
    for _ in range(2):
        person.page.locator("#past-on").click()
        if scripts:
            expect(past).not_to_have_count(len(seen))
            seen = past.locator("a b").all_inner_texts()
        else:
            seen += past.locator("a").all_inner_texts()
    assert len(seen) == 23 == len(set(seen))
    assert person.page.locator("#past-on").count() == 0
    looked = desk.sql("SELECT COUNT(*) FROM audit WHERE subject = 'patient' AND deed = 'looked' AND subject_id = ?",
                      regular["id"])[0][0]
    assert looked > 0


def test_what_was_done_is_on_record(window, desk):
    person = window("staff", scripts=False)
    fill(person, "Spur", "Sucher", "0664 1234530")
    person.page.click("main form button.main")
    number = re.search(r"/patienten/(\d+)", person.page.url)[1]
    person.page.fill("#firstName", "Spuren")
    person.page.click("main form button.main")
    person.page.get_by_role("link", name="Löschen").click()
    person.page.get_by_role("button", name="Endgültig löschen").click()
    deeds = desk.sql("SELECT deed, actor FROM audit WHERE subject = 'patient' AND subject_id = ? ORDER BY id", number)
    assert [deed for deed, _ in deeds] == ["created", "looked", "changed", "looked", "deleted"]
    assert {actor for _, actor in deeds} == {"staff@example.org"}


def test_a_date_of_birth_is_asked_for_where_it_is_kept(window, desk):
    admin = desk.person("admin")
    assert 'name="birthDate"' in admin.open("/patienten/neu").text
    answer = admin.submit("/patienten/neu", lastName="Datum", birthDate="31.02.1980", reminderKind="none")
    assert answer.status_code == 422 and "kein Geburtsdatum" in answer.text and "31.02.1980" in answer.text
    person = window()
    person.open("/einstellungen/praxis")
    assert person.page.locator("#keepsBirthDates").is_checked()
    desk.practice.api.patch("/practice", {"keepsBirthDates": False})
    try:
        assert 'name="birthDate"' not in admin.open("/patienten/neu").text
        refused = desk.practice.api.codes("POST", "/patients", {"lastName": "Datum", "birthDate": "1980-03-12"})
        assert refused == {"birth_date.not_kept"}
        assert desk.practice.api.items("/patients", q="moser otto")[0]["birthDate"] is None
    finally:
        desk.practice.api.patch("/practice", {"keepsBirthDates": True})
    assert desk.practice.api.items("/patients", q="moser otto")[0]["birthDate"] == "1980-03-12"


def test_nobody_of_another_practice_is_shown_or_told(desk, regular):
    other = desk.person("other")
    assert other.open(f"/patienten/{regular['id']}").status_code == 404
    assert "Stamm" not in other.open("/patienten?suche=stamm").text.split('id="found"')[1]
    assert "Stamm" not in other.submit("/patienten/gleiche?art=name", firstName="Ida", lastName="Stamm").text
    assert "Stamm" in desk.person("staff").submit("/patienten/gleiche?art=name", firstName="Ida", lastName="Stamm").text
    assert desk.person("reader").submit("/patienten/gleiche", lastName="Stamm").status_code == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_state_is_accessible(window, desk, regular, width, scheme):
    person = window("staff", width, scheme)
    faults = {}
    paths = ["/patienten", "/patienten?suche=mull", "/patienten?suche=niemand", "/patienten/neu",
             f"/patienten/{regular['id']}", f"/patienten/{regular['id']}?gespeichert=1"]
    for path in paths:
        person.open(path)
        for summary in person.page.locator("details.contact > summary").all():
            summary.click()
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        if found := person.violations() + (["wider than the window"] if wide else []):
            faults[path] = found
        for target in person.page.locator("main .button:visible, main input:visible, .alike a:visible").all():
            assert target.bounding_box()["height"] >= 44, (path, target.evaluate("e => e.outerHTML"))
    assert faults == {}
