"""What is asked on every page after a long outage, and what the answers do, with and without JavaScript."""

import re

import pytest

from forms import Forms
from harness.practice import Practice
from harness.program import Program
from harness.waiting import eventually
from visitor import Visitor

SAVED = "2027-02-26T12:00:00+01:00"
AFTER_OUTAGE = "2027-03-01T10:00:00+01:00"
EVENING = "2027-03-01T20:10:00+01:00"
START, END = "2027-03-02T10:30:00+01:00", "2027-03-02T11:15:00+01:00"
PASSWORD = "ein-gutes-wort"
COUNT = 4


@pytest.fixture
def house(tmp_path):
    """An installation with a practice whose four reminders were not sent in the morning, and two users of it."""
    program = Program(tmp_path)
    program("migrate")
    program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    practice = Practice(program, clock=SAVED)
    server = program.serve("--role", "web", clock=SAVED)
    practice.open(server)
    practice.furnish()
    patient = practice.patient()
    for _ in range(COUNT):
        practice.appointment(patient, START, END)
    server.stop()
    for role in ("admin", "staff", "reader"):
        program("user", "add", "--practice", practice.id, "--email", f"{role}@example.org", "--role", role,
                stdin=PASSWORD + "\n")
    held = program("deliver", "--once", "--wait", "0", clock=AFTER_OUTAGE, check=False, VORTAG_OVERDUE_LIMIT="3")
    assert held.code == 69, held
    practice.program = program
    yield practice
    program.close()


@pytest.fixture
def window(chromium, house):
    """window(role, width, scheme, scripts): someone who is signed in, and the page that shows."""
    contexts = []

    def open_window(server, role="staff", width=1280, scheme="light", scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale="de-AT",
        )
        person = Visitor(context.new_page(), server.url)
        contexts.append((context, person))
        person.sign_in(f"{role}@example.org", PASSWORD)
        return person

    yield open_window
    for context, person in contexts:
        context.close()
    assert [text for _, person in contexts for text in person.wrong] == []


@pytest.mark.parametrize("scripts", [True, False])
def test_one_click_lets_the_reminders_leave(house, window, scripts):
    server = house.program.serve(clock=AFTER_OUTAGE)
    person = window(server, scripts=scripts)
    for path in ("/", "/patienten", "/termine/1", "/einstellungen", "/hilfe"):
        person.open(path)
        text = person.page.locator(".hold").inner_text()
        assert f"{COUNT} Erinnerungen sind seit Mo 01.03.2027, 07:00 Uhr" in text, path
        assert "Bitte anrufen" in text
    assert house.open(server).items("/messages") == []
    person.page.get_by_role("button", name="Jetzt senden").click()
    person.page.wait_for_url(server.url + "/")
    assert person.page.locator(".hold").count() == 0
    eventually(lambda: len(house.open(server).items("/messages")) == COUNT)


def test_what_is_not_to_be_sent_stands_on_the_call_list(house, window):
    server = house.program.serve(clock=AFTER_OUTAGE)
    person = window(server, role="admin")
    person.page.get_by_role("button", name="Nicht mehr senden").click()
    person.page.locator(".calls").wait_for()
    assert person.page.locator(".calls li").count() == COUNT
    assert "Für den Versand war es zu spät." in person.page.locator(".calls").inner_text()
    assert person.page.locator(".hold").count() == 0
    assert house.open(server).items("/messages") == []


def test_what_nobody_answered_stands_on_the_call_list_in_the_evening(house, window):
    server = house.program.serve("--role", "web", clock=EVENING)
    person = window(server, role="reader")
    assert person.page.locator(".calls li").count() == COUNT
    assert person.page.locator(".hold").count() == 0, "those who only look are not asked"
    assert "Der Versand ist angehalten" in person.page.locator("main").inner_text()


def test_an_answer_needs_its_token_its_right_and_its_own_question(house):
    server = house.program.serve("--role", "web", clock=AFTER_OUTAGE)
    people = {role: Forms(server.url, f"{role}@example.org", PASSWORD) for role in ("staff", "reader")}
    asked = re.search(r'name="asked" value="([^"]+)"', people["staff"].open("/").text)[1]
    assert people["staff"].send("/versand", answer="send", asked=asked).status_code == 403
    assert people["reader"].submit("/versand", answer="send", asked=asked).status_code == 403
    assert Forms(server.url).submit("/versand", answer="send").headers["Location"] == "/anmelden"
    for answer, question in (("send", "overdue-1"), ("send", "clock" + asked.removeprefix("overdue")), ("no", asked)):
        assert people["staff"].submit("/versand", answer=answer, asked=question).status_code == 303
        assert 'name="asked"' in people["staff"].open("/").text, "nothing is answered"
    people["staff"].submit("/versand", answer="send", asked=asked)
    assert 'name="asked"' not in people["staff"].open("/").text


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_question_is_accessible_and_large_enough_for_a_thumb(house, window, width, scheme):
    person = window(house.program.serve("--role", "web", clock=AFTER_OUTAGE), width=width, scheme=scheme)
    assert person.violations() == []
    assert not person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    for button in person.page.locator(".hold .button").all():
        assert button.bounding_box()["height"] >= 44
