"""The form of an appointment: whom it is for, what is missing, what is repeated; by hand, by keyboard, without a script."""

import datetime

import pytest

from bookings import MOBILE, appointments, german, in_days, patient, settle
from desk import Desk
from forms import Forms


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("booking"))
    desk.practice.api.patch("/practice", {"emailEnabled": True})
    yield desk
    desk.close()


def choose(page, text: str, name: str):
    page.fill("#suche", text)
    page.get_by_role("option", name=name).first.click()
    page.locator("#patients :checked").wait_for(state="attached")


def test_booking_by_keyboard_alone_from_typing_to_saved(desk, window):
    who = patient(desk, "Tastatur", mobile="0664 1111100", reminderKind="sms")
    person = window("staff")
    person.open("/")
    person.page.keyboard.press("n")
    person.page.wait_for_url("**/termine/neu")
    assert person.page.evaluate("document.activeElement.id") == "suche", "whom it is for comes first"
    person.page.keyboard.type("+43664 11111")
    option = person.page.get_by_role("option", name="Tastatur, Eva")
    option.wait_for()
    field = person.page.locator("#suche")
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") == f"option-{who['id']}"
    assert person.violations() == []
    person.page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == f"option-{who['id']}", "the first arrow takes who is offered"
    person.page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == "option-new"
    person.page.keyboard.press("ArrowUp")
    person.page.keyboard.press("Escape")
    assert field.get_attribute("aria-expanded") == "false" and person.page.url.endswith("/termine/neu")
    person.page.keyboard.press("ArrowDown")
    person.page.keyboard.press("Enter")
    person.page.locator("#patients :checked").wait_for(state="attached")
    assert field.input_value() == "Tastatur, Eva"
    assert "bevorzugt: SMS" in person.page.locator("#patients").inner_text()
    start = datetime.date.today() + datetime.timedelta(days=9)
    for key in ("Tab", "Tab"):
        person.page.keyboard.press(key)
        if person.page.evaluate("document.activeElement.id") == "start":
            break
    assert person.page.evaluate("document.activeElement.id") == "start"
    person.page.fill("#start", start.isoformat())
    person.page.fill("#startTime", "10:30")
    person.page.locator("#startTime").focus()
    person.page.keyboard.press("Tab")
    settle(person.page)
    assert person.page.locator("#kind-sms").is_checked()
    assert "1 SMS" in person.page.locator("#phone .meter").inner_text()
    person.page.keyboard.press("Enter")
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    (made,) = appointments(desk, who)
    assert made["reminderKind"] == "sms" and made["seriesId"] is None


def test_other_words_take_the_choice_back(desk, window):
    patient(desk, "Zuerst", mobile=MOBILE)
    person = window("staff")
    person.open("/termine/neu")
    choose(person.page, "Zuerst", "Zuerst, Eva")
    assert person.page.locator("#patients :checked").count() == 1
    person.page.locator("#suche").press_sequentially("x")
    assert person.page.locator("#patients :checked").count() == 0
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.locator("#summary").wait_for()
    assert "Wähle eine Patient:in aus." in person.page.locator("#patientId-note").inner_text()
    assert person.page.locator("#suche").input_value() == "Zuerst, Evax"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_new_patient_is_saved_with_the_appointment(desk, window, scripts):
    person = window("staff", scripts=scripts)
    name = "Frisch" + ("" if scripts else "mann")
    person.open("/termine/neu")
    person.page.fill("#suche", f"Ada {name}")
    if scripts:
        person.page.get_by_role("option", name="Neue Patient:in anlegen").click()
        person.page.locator("#firstName").wait_for()
    else:
        person.page.click("button[value=search]")
        person.page.get_by_label("Neue Patient:in").check()
    assert person.page.locator("#firstName").is_visible()
    assert person.page.locator("#lastName").input_value() == name
    person.page.fill("#mobile", "01 5550100")
    person.page.fill("#start", in_days(9))
    person.page.fill("#startTime", "10:30")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.locator("#summary").wait_for()
    assert "Festnetz" in person.page.locator("#mobile-note").inner_text()
    assert desk.practice.api.items("/patients", q=name) == [], "nothing is half-saved"
    assert not scripts or person.violations() == []
    person.page.fill("#mobile", "0664 2222200" if scripts else "0664 2222201")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    (who,) = desk.practice.api.items("/patients", q=name)
    assert (who["firstName"], who["reminderKind"]) == ("Ada", "sms")
    assert appointments(desk, who)[0]["reminderKind"] == "sms"
    deeds = desk.sql("SELECT deed, subject FROM audit WHERE subject = 'patient' AND subject_id = ?", int(who["id"]))
    assert deeds == [("created", "patient")]


@pytest.mark.parametrize("scripts", [True, False])
def test_who_may_be_on_record_already_is_shown_before_someone_new_is_added(desk, window, scripts):
    name = "Doppelt" + ("" if scripts else "er")
    who = patient(desk, name)
    person = window("staff", scripts=scripts)
    person.open("/termine/neu")
    person.page.fill("#suche", f"Eva {name}")
    person.page.fill("#start", in_days(9))
    person.page.fill("#startTime", "11:30")
    if scripts:
        person.page.locator("#suche").press_sequentially(" ")
        person.page.get_by_role("option", name="Neue Patient:in anlegen").click()
    else:
        person.page.click("button[value=search]")
        person.page.get_by_label("Neue Patient:in").check()
        person.page.get_by_role("button", name="Termin speichern").click()
    person.page.locator("#alike .choice").wait_for()
    assert desk.practice.api.items("/patients", q=name) == [desk.practice.api.get(f"/patients/{who['id']}")]
    assert not scripts or person.violations() == []
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert len(desk.practice.api.items("/patients", q=name)) == 2


def test_someone_on_record_is_taken_instead(desk, window):
    who = patient(desk, "Bekannt", mobile="0664 3333300")
    person = window("staff")
    person.open("/termine/neu")
    person.page.fill("#suche", "Wer anderer")
    person.page.get_by_role("option", name="Neue Patient:in anlegen").click()
    person.page.locator("#mobile").fill("0664 3333300")
    person.page.locator("#mobile").blur()
    person.page.locator("#alike").get_by_label("Bekannt, Eva").check()
    assert not person.page.locator("#firstName").is_visible()
    person.page.fill("#start", in_days(9))
    person.page.fill("#startTime", "12:30")
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert len(appointments(desk, who)) == 1


@pytest.mark.parametrize("scripts", [True, False])
def test_a_missing_number_is_entered_where_it_is_missed(desk, window, scripts):
    who = patient(desk, "Ohne" + ("" if scripts else "alles"), reminderKind="sms")
    person = window("staff", scripts=scripts)
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=13:30&end=14:15")
    assert person.page.locator("#end").input_value() == "45"
    assert person.page.locator("#ends").inner_text() == "bis 14:15 Uhr"
    assert person.page.locator("#kind-sms").is_disabled()
    assert "keine Mobilnummer hinterlegt" in person.page.locator("#kind-sms-note").inner_text()

    def enter(number: str):
        person.page.fill("#patientMobile", number)
        if scripts:
            person.page.locator("#patientMobile").blur()
            settle(person.page)
        else:
            person.page.click("button[value=check]")

    enter("01 5550100")
    assert "Festnetz" in person.page.locator("#patientMobile-note").inner_text()
    assert person.page.locator("#kind-sms").is_disabled()
    enter("0664 4444400")
    person.page.locator("#kind-sms:checked").wait_for()
    assert "Wird mit dem Termin bei Eva Ohne" in person.page.locator("#patientMobile-note").inner_text()
    assert desk.practice.api.get(f"/patients/{who['id']}")["mobile"] is None, "not before the appointment is saved"
    assert not scripts or person.violations() == []
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert desk.practice.api.get(f"/patients/{who['id']}")["mobile"] == "+436644444400"
    assert appointments(desk, who)[0]["reminderKind"] == "sms"


def test_what_is_not_possible_says_why_and_from_when_on(desk, window):
    who = patient(desk, "Bald", mobile=MOBILE, email="bald@example.org", reminderKind="both")
    admin = window("admin")
    admin.open(f"/termine/neu?patientId={who['id']}&start={in_days(1)}&startTime=08:00")
    note = admin.page.locator("#kinds-late").inner_text()
    assert "erst für Termine ab " in note and "48 Stunden im Voraus" in note
    assert admin.page.locator("#kinds").inner_text().count("48 Stunden") == 1, "said once"
    assert "kinds-late" in admin.page.locator("#kind-both").get_attribute("aria-describedby")
    assert admin.page.locator("#kind-none").is_checked()
    desk.practice.api.patch("/practice", {"emailEnabled": False})
    try:
        admin.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=08:00")
        assert admin.page.locator("#kind-email-note a").get_attribute("href") == "/einstellungen"
        assert admin.page.locator("#kind-sms").is_checked(), "the possible part of both"
    finally:
        desk.practice.api.patch("/practice", {"emailEnabled": True})


def test_the_email_is_shown_as_it_will_leave(desk, window):
    who = patient(desk, "Brief", email="brief@example.org", reminderKind="email")
    person = window("staff")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=08:00")
    letter = person.page.locator("#letter")
    assert "brief@example.org" in letter.inner_text() and "Terminerinnerung: " in letter.inner_text()
    assert "Guten Tag Eva Brief," in letter.inner_text() and german(9) in letter.inner_text()
    assert person.page.locator("#phone").count() == 0
    assert person.violations() == []


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_every_state_of_the_form_is_accessible_and_fits(desk, window, width, scheme):
    who = patient(desk, "Breit", reminderKind="both")
    person = window("staff", width=width, scheme=scheme)

    def check(state: str):
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert (person.violations(), wide) == ([], False), state

    person.open("/termine/neu")
    check("empty")
    person.page.fill("#suche", "Bre")
    person.page.get_by_role("option", name="Breit, Eva").first.wait_for()
    check("list")
    person.page.get_by_role("option", name="Neue Patient:in anlegen").click()
    person.page.locator("#firstName").wait_for()
    check("new")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=10:30&weeksApart=2&times=52")
    assert person.page.locator("#dates li").count() == 52
    check("series")
    for target in person.page.locator(".button:visible, input:visible:not([type=radio]), select:visible").all():
        assert target.bounding_box()["height"] >= 44, target.inner_html()


def test_without_a_script_nobody_is_booked_for_whom_one_was_searching_past(desk, window):
    first, second = patient(desk, "Ersteintrag"), patient(desk, "Zweiteintrag")
    person = window("staff", scripts=False)
    person.open(f"/termine/neu?patientId={first['id']}&start={in_days(9)}&startTime=14:30")
    person.page.fill("#suche", "Zweiteintrag")
    person.page.get_by_role("button", name="Termin speichern").click()
    assert "Wähle eine Patient:in aus." in person.page.locator("#patientId-note").inner_text()
    assert appointments(desk, first) == []
    person.page.get_by_label("Zweiteintrag, Eva").check()
    person.page.get_by_role("button", name="Termin speichern").click()
    person.page.wait_for_url("**/termine/*gespeichert=1*")
    assert appointments(desk, first) == [] and len(appointments(desk, second)) == 1


def test_a_withdrawn_consent_is_told_in_the_form(desk, window):
    who = patient(desk, "Widerruf", mobile="0664 6666600", reminderKind="sms", smsConsent="withdrawn")
    person = window("staff")
    person.open(f"/termine/neu?patientId={who['id']}&start={in_days(9)}&startTime=09:30")
    note = person.page.locator("#kind-sms-note")
    assert "Einwilligung für SMS wurde widerrufen" in note.inner_text() and "hinaus ·" not in note.inner_text()
    assert "geht am" not in note.inner_text()
    assert note.locator("a").get_attribute("href") == f"/patienten/{who['id']}#smsConsent"
    assert person.page.locator("#phone .bubble").count() == 0
    assert "Einwilligung für SMS wurde widerrufen" in person.page.locator("#phone").inner_text()
    assert person.violations() == []
    desk.practice.api.post("/appointments", {"patientId": who["id"], "locationId": desk.practice.location["id"],
                                             "start": f"{in_days(9)}T09:30:00+01:00"})
    (made,) = appointments(desk, who)
    staff = desk.person("staff")
    staff.submit(f"/termine/{made['id']}/absagen", version=str(made.get("version", 1)))
    page = staff.open(f"/termine/{made['id']}").text
    assert "abgesagt" in page and 'name="reminderKind"' not in page and 'id="phone"' not in page


def test_a_search_without_a_match_says_so(desk, window):
    person = window("staff")
    person.open("/termine/neu")
    person.page.fill("#suche", "Niemandsland")
    person.page.get_by_role("option", name="Neue Patient:in anlegen").wait_for()
    assert person.page.locator("#patient-said").inner_text() == "0 gefunden"


def test_nothing_of_another_practice_is_found_or_changed(desk):
    who = patient(desk, "Geheim", mobile="0664 5555500")
    other = desk.person("other")
    for path in ("/termine/patienten?suche=Geheim", f"/termine/patient?patientId={who['id']}"):
        assert "Geheim, " not in other.open(path).text, path
    typed = {"firstName": "Eva", "lastName": "Geheim", "mobile": "06645555500"}
    assert "Geheim, " not in other.submit("/termine/vorhanden", **typed).text
    staff = desk.person("staff")
    assert "Geheim, " in staff.submit("/termine/vorhanden", **typed).text
    assert staff.open("/termine/vorhanden?lastName=Geheim").status_code in (404, 405), "no name stands in an address"
    assert isinstance(other, Forms)
