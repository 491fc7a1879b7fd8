"""What a patient does on the page behind a link: on any phone, without scripts, by keyboard."""

import pytest

from patient_pages import SECRETS, ask, booked, desk, phone, said  # noqa: F401 (fixtures)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 390, 1280])
def test_a_person_confirms_and_asks_to_cancel_after_all(desk, booked, phone, width, scheme, scripts):
    appointment, word = booked
    person = phone(f"/t/{word}", width, scheme, scripts)
    page = person.page

    def is_fine():
        assert not scripts or person.violations() == []
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        for target in page.locator("main .button, main input:visible").all():
            assert target.bounding_box()["height"] >= 44

    is_fine()
    page.get_by_role("button", name="Ich komme").click()
    page.get_by_text("Danke, Sie haben zugesagt.").wait_for()
    assert page.url == f"{desk.server.url}/t/{word}", "loading it again says nothing a second time"
    is_fine()
    assert page.get_by_role("button", name="Ich komme").count() == 0
    page.get_by_role("link", name="Ich möchte absagen").click()
    assert said(desk) == [("confirmed", 1)], "it is asked first"
    assert "Bis sie die Absage bestätigt, gilt der Termin." in page.locator("main").inner_text()
    is_fine()
    page.get_by_role("button", name="Ja, um Absage bitten").click()
    page.get_by_text("Ihre Bitte um Absage ist bei der Praxis.").wait_for()
    is_fine()
    assert said(desk) == [("confirmed", 1), ("cancel_asked", 0)]
    assert desk.practice.api.get(f"/appointments/{appointment['id']}")["status"] == "booked"
    assert page.get_by_role("button").count() == 0


def test_everything_is_done_by_keyboard(desk, booked, phone):
    page = phone(f"/t/{booked[1]}").page

    def press(name: str):
        for _ in range(8):
            page.keyboard.press("Tab")
            if name in page.evaluate("document.activeElement.textContent"):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid"
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                return
        raise AssertionError(f"{name} is not reached")

    press("Ich möchte absagen")
    press("Nein, zurück")
    press("Ich komme")
    page.get_by_text("Danke, Sie haben zugesagt.").wait_for()
    assert said(desk) == [("confirmed", 1)]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_who_is_not_the_patient_is_thanked_and_sees_nothing_any_more(desk, booked, phone, scheme):
    _, word = booked
    person = phone(f"/t/{word}", scheme=scheme)
    page = person.page
    page.get_by_role("link", name="Das bin ich nicht").click()
    asked = page.locator("main").inner_text()
    assert not [secret for secret in ("Maria", "10:30", "Hauptplatz") if secret in asked] and said(desk) == []
    assert person.violations() == []
    page.get_by_role("button", name="Ja, das bin ich nicht").click()
    page.get_by_role("heading", name="Danke, dass Sie Bescheid gegeben haben").wait_for()
    assert person.violations() == []
    assert said(desk) == [("wrong_number", 0)]
    assert not [secret for secret in SECRETS if secret in page.locator("main").inner_text()]
    assert ask(desk, f"/t/{word}/termin.ics").status_code == 404
    assert ask(desk, f"/t/{word}/kommen", "POST").status_code == 303 and len(said(desk)) == 1


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_code_can_be_typed(desk, booked, phone, width, scripts):
    _, word = booked
    person = phone("/t/" + word[:7], width, "dark" if scripts else "light", scripts)
    page = person.page
    assert not scripts or person.violations() == []
    page.get_by_label("Code aus der Nachricht").fill(word[:9])
    page.get_by_role("button", name="Weiter").click()
    assert "Der Code hat 15 Buchstaben und Ziffern." in page.locator("#code-note").inner_text()
    assert not scripts or person.violations() == []
    page.get_by_label("Code aus der Nachricht").fill(f" {word[:7].upper()}-{word[7:].upper()} ")
    page.get_by_role("button", name="Weiter").click()
    page.get_by_text("10:30 Uhr").wait_for()
    assert page.url == f"{desk.server.url}/t/{word}"


@pytest.mark.parametrize("scripts", [True, False])
def test_nobody_confirms_what_they_never_saw(desk, booked, phone, scripts):
    appointment, word = booked
    page = phone(f"/t/{word}", 390, "light", scripts).page
    moved = {"start": appointment["start"].replace("T10:30", "T16:00"), "end": appointment["end"].replace("T11:15", "T16:45")}
    desk.practice.api.patch(f"/appointments/{appointment['id']}", moved)
    page.get_by_role("button", name="Ich komme").click()
    page.get_by_text("Der Termin hat sich inzwischen geändert.").wait_for()
    assert said(desk) == [] and "16:00" in page.locator("main").inner_text()
    page.get_by_role("button", name="Ich komme").click()
    page.get_by_text("Danke, Sie haben zugesagt.").wait_for()
    assert said(desk) == [("confirmed", 1)]
