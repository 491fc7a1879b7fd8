"""When appointments are: what lies beside them, series and their later ones, who came; and where saving leads back to."""

import re

import pytest

from bookings import MOBILE, appointments, german, in_days, patient, settle
from desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("series"))
    desk.practice.api.patch("/practice", {"emailEnabled": True})
    yield desk
    desk.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_series_shows_its_dates_and_changes_this_one_or_all_later(desk, window, scripts):
    who = patient(desk, "Serie" + ("" if scripts else "nweise"), mobile=MOBILE, reminderKind="sms")
    person = window("staff", scripts=scripts)
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(1)}&startTime=10:30")
    person.page.select_option("#weeksApart", "1")
    person.page.fill("#times", "4")
    if scripts:
        person.page.locator("#times").blur()
        settle(person.page)
    else:
        person.page.click("button[value=check]")
    dates = person.page.locator("#dates li")
    assert dates.count() == 4
    assert german(1) in dates.nth(0).inner_text() and "ohne Erinnerung" in dates.nth(0).inner_text()
    assert german(22) in dates.nth(3).inner_text() and "ohne Erinnerung" not in dates.nth(3).inner_text()
    assert person.page.locator("#kind-sms").is_checked()
    assert not scripts or person.violations() == []
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=serie&rueckgaengig=*")
    text = person.page.locator("main").inner_text()
    assert "Bei 1 Termin entfällt die Erinnerung" in text and "Termin 1 von 4 einer Serie" in text
    made = appointments(desk, who)
    assert [item["reminderKind"] for item in made] == ["none", "sms", "sms", "sms"]
    assert len({item["seriesId"] for item in made}) == 1
    person.page.locator("details.series summary").click()
    person.page.locator("details.series a").first.click()
    person.page.get_by_role("heading", level=1).wait_for()
    assert "Termin 2 von 4 einer Serie" in person.page.locator("main").inner_text()
    assert not scripts or person.violations() == []
    person.page.fill("#startTime", "11:00")
    person.page.get_by_label("Diesen und alle späteren").check()
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=serie&rueckgaengig=*")
    assert [item["start"][11:16] for item in appointments(desk, who)] == ["10:30", "11:00", "11:00", "11:00"]
    assert "3 Termine verschoben." in person.page.locator(".toast").inner_text()
    person.page.get_by_role("button", name="Rückgängig").click()
    person.page.wait_for_url(lambda address: "rueckgaengig" not in address)
    assert [item["start"][11:16] for item in appointments(desk, who)] == ["10:30"] * 4
    person.page.fill("#startTime", "11:00")
    person.page.get_by_label("Diesen und alle späteren").check()
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=serie&rueckgaengig=*")
    person.page.fill("#startTime", "12:00")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert [item["start"][11:16] for item in appointments(desk, who)] == ["10:30", "12:00", "11:00", "11:00"]
    person.page.get_by_role("link", name="Termin absagen").click()
    assert not scripts or person.violations() == []
    person.page.get_by_label("Diesen und alle späteren").check()
    person.page.get_by_role("button", name="Termin absagen", exact=True).click()
    person.page.get_by_text("abgesagt").first.wait_for()
    assert [item["status"] for item in appointments(desk, who)] == ["booked", "cancelled", "cancelled", "cancelled"]


@pytest.mark.parametrize("scripts", [True, False])
def test_of_a_series_only_the_one_that_comes_too_near_loses_its_reminder(desk, window, scripts):
    who = patient(desk, "Nahe" + ("" if scripts else "zu"), mobile=MOBILE, reminderKind="sms")
    staff = desk.person("staff")
    staff.submit("/termine/neu", patientId=who["id"], locationId=desk.practice.location["id"], start=in_days(5),
                 startTime="10:30", end="60", weeksApart="1", times="3")
    first = appointments(desk, who)[0]
    person = window("staff", scripts=scripts)
    person.open(f"/termine/{first['id']}")
    person.page.fill("#start", in_days(1))
    if scripts:
        settle(person.page)
        assert person.page.locator("#kind-none").is_checked() and person.page.locator("#kind-sms").is_disabled()
    person.page.get_by_label("Diesen und alle späteren").check()
    person.page.get_by_role("button", name="Termin speichern").click()
    assert "Bei 1 Termin entfällt die Erinnerung" in person.page.locator(".banner").inner_text()
    assert not scripts or person.violations() == []
    person.page.get_by_role("button", name="Trotzdem ändern").click()
    person.page.wait_for_url("**/termine/*gespeichert=serie&rueckgaengig=*")
    assert [item["reminderKind"] for item in appointments(desk, who)] == ["none", "sms", "sms"]
    assert "Bei 1 Termin entfällt die Erinnerung" in person.page.locator("main").inner_text()


def test_what_the_form_shows_is_saved_when_an_appointment_moves_near_and_far_again(desk, window):
    who = patient(desk, "Wieder", mobile=MOBILE, reminderKind="sms")
    made = desk.practice.api.post("/appointments", {
        "patientId": who["id"], "locationId": desk.practice.location["id"], "start": f"{in_days(1)}T10:30:00+02:00"})
    assert made["reminderKind"] == "none"
    person = window("staff")

    def move(days: int, kind: str):
        person.open(f"/termine/{made['id']}")
        person.page.fill("#start", in_days(days))
        settle(person.page)
        assert person.page.locator(f"#kind-{kind}").is_checked()

    def saved() -> str:
        person.page.get_by_role("button", name="Termin speichern").click()
        person.page.wait_for_url("**/termine/*gespeichert=1*")
        return appointments(desk, who)[0]["reminderKind"]

    move(9, "sms")
    assert saved() == "sms"
    move(1, "none")
    person.page.get_by_role("button", name="Termin speichern").click()
    assert "weniger als 48 Stunden" in person.page.locator(".banner").inner_text()
    person.page.get_by_role("button", name="Verschieben, ohne Erinnerung").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert appointments(desk, who)[0]["reminderKind"] == "none"
    move(9, "sms")
    person.page.locator("#kind-none").check()
    assert saved() == "none", "what somebody chose holds"


def test_another_patient_without_a_number_loses_the_reminder_only_after_a_question(desk):
    first, second = patient(desk, "Vorher", mobile=MOBILE, reminderKind="sms"), patient(desk, "Nachher")
    made = desk.practice.api.post("/appointments", {
        "patientId": first["id"], "locationId": desk.practice.location["id"], "start": f"{in_days(9)}T09:30:00+01:00"})
    staff = desk.person("staff")
    fields = {"patientId": second["id"], "locationId": made["locationId"], "start": in_days(9),
              "startTime": made["start"][11:16], "end": "60", "preselected": "sms", "reminderKind": "sms"}
    asked = staff.submit(f"/termine/{made['id']}", **fields)
    assert asked.status_code == 409 and "Mobilnummer fehlt" in asked.text and "Ändern, ohne Erinnerung" in asked.text
    done = staff.submit(f"/termine/{made['id']}", answer="dropped", zurueck="/patienten", **fields)
    assert done.status_code == 303 and done.headers["Location"].startswith(f"/termine/{made['id']}?"), "where it is told"
    assert "keine Mobilnummer hinterlegt" in staff.open(done.headers["Location"]).text


def test_a_series_of_too_many_is_refused_beside_its_field(desk):
    staff = desk.person("staff")
    who = patient(desk, "Viele")
    answer = staff.submit(
        "/termine/neu", patientId=who["id"], locationId=desk.practice.location["id"], start=in_days(9), startTime="10:00",
        end="30", weeksApart="1", times="53")
    assert answer.status_code == 422 and "Eine Serie hat 2 bis 52 Termine." in answer.text
    assert appointments(desk, who) == []


def test_who_came_is_noted_by_one_click(desk, window):
    who = patient(desk, "Gekommen")
    person = window("staff")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(0)}&startTime=23:30&end=20")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert person.violations() == []
    person.page.get_by_role("button", name="Nicht gekommen").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert appointments(desk, who)[0]["status"] == "no_show"
    person.page.get_by_role("button", name="Zurück auf gebucht").click()
    person.page.get_by_role("button", name="Gekommen", exact=True).click()
    person.page.get_by_role("button", name="Nicht gekommen").wait_for()
    assert appointments(desk, who)[0]["status"] == "arrived"
    number = int(appointments(desk, who)[0]["id"])
    deeds = [row[0] for row in desk.sql(
        "SELECT deed FROM audit WHERE subject = 'appointment' AND subject_id = ? ORDER BY id", number)]
    assert deeds[0] == "created" and deeds.count("changed") == 3 and "looked" in deeds


def test_cancelling_is_not_a_status_of_one_click(desk):
    staff = desk.person("staff")
    who = patient(desk, "Frech")
    made = staff.submit("/termine/neu", patientId=who["id"], locationId=desk.practice.location["id"], start=in_days(9),
                        startTime="10:00", end="30").headers["Location"]
    number = re.search(r"/termine/(\d+)", made)[1]
    assert staff.submit(f"/termine/{number}/status", status="cancelled").status_code == 404
    assert desk.person("reader").submit(f"/termine/{number}/status", status="arrived").status_code == 403
    assert desk.person("other").submit(f"/termine/{number}/status", status="arrived").status_code == 404
    assert appointments(desk, who)[0]["status"] == "booked"


def test_what_lies_at_the_same_time_is_told_and_not_refused(desk, window):
    doctor = desk.practice.api.post("/practitioners", {"name": "Ada"})
    first, second = patient(desk, "Eins"), patient(desk, "Zwei")
    start = f"{in_days(12)}T09:00:00+00:00"
    taken = desk.practice.api.post(
        "/appointments", {"patientId": first["id"], "practitionerId": doctor["id"], "start": start,
                          "locationId": desk.practice.location["id"]})
    clock = taken["start"][11:16]
    person = window("staff")
    person.open(f"/termine/neu?patientId={second['id']}&start={in_days(12)}&startTime={clock}")
    person.page.select_option("#practitionerId", doctor["id"])
    # The day may be a holiday as well, which is told before.
    person.page.locator("#cautions .caution", has_text="Zur selben Zeit: ").wait_for()
    assert "Eva Eins" in person.page.locator("#cautions").inner_text()
    assert person.violations() == []
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    person.open(f"/termine/neu?patientId={second['id']}&start={in_days(12)}&startTime=23:00")
    assert "Noch ein Termin am selben Tag" in person.page.locator("#cautions").inner_text()


def test_saving_leads_back_to_where_one_was(desk):
    staff = desk.person("staff")
    who = patient(desk, "Zurueck")
    fields = {"patientId": who["id"], "locationId": desk.practice.location["id"], "start": in_days(9),
              "startTime": "15:00", "end": "30", "preselected": "none", "reminderKind": "none"}
    page = staff.open("/termine/neu?zurueck=/kalender%3Ftag%3D1").text
    assert 'name="zurueck" value="/kalender?tag&#61;1"' in page or 'name="zurueck" value="/kalender?tag=1"' in page
    back = staff.submit("/termine/neu", zurueck="/kalender?tag=1", **fields).headers["Location"]
    made = appointments(desk, who)[0]
    offer = f"rueckgaengig={made['id']}"
    assert back == f"/kalender?tag=1&gespeichert={made['id']}&{offer}"
    foreign = staff.submit("/termine/neu", zurueck="//example.org", **fields | {"startTime": "16:00"})
    assert foreign.headers["Location"].startswith("/termine/")
    changed = staff.submit(f"/termine/{made['id']}", zurueck="/patienten", **fields | {"end": "45"})
    assert changed.headers["Location"] == f"/patienten?gespeichert={made['id']}&{offer}"
    cancel = staff.open(f"/termine/{made['id']}/absagen?zurueck=/patienten").text
    assert 'name="zurueck" value="/patienten"' in cancel
    gone = staff.submit(f"/termine/{made['id']}/absagen", zurueck="/patienten")
    assert gone.headers["Location"] == f"/patienten?{offer}"
