"""The calendar by keys alone: where the focus is, while the calendar is drawn anew and after each change."""

import pytest

from calendar_desk import CalendarDesk, Grid
from harness.waiting import eventually


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture
def booked(desk):
    desk.empty()
    return [desk.book(f"2027-03-10T{8 + hour:02d}:00", name=f"Nummer{hour}") for hour in range(6)]


class Keys(Grid):
    """Nothing but the keyboard."""

    def focused(self, what: str = "dataset.id") -> str:
        return self.page.evaluate(f"String(document.activeElement.{what})")

    def tab_to(self, condition: str, key: str = "Tab", most: int = 80):
        for _ in range(most):
            self.page.keyboard.press(key)
            if self.page.evaluate(f"(active => {condition})(document.activeElement)"):
                return
        raise AssertionError(f"Nothing to be reached where {condition}")

    def tab_to_entry(self, appointment: dict):
        self.tab_to(f"active.dataset.id === '{appointment['id']}'")

    def minute(self):
        """Lets a minute pass, and the calendar look what is new."""
        with self.page.expect_response("**/kalender/termine?**") as answer:
            self.page.clock.fast_forward(61_000)
        answer.value.finished()
        self.page.wait_for_timeout(200)


def keys(window, view: str) -> Keys:
    person = window("staff")
    person.page.clock.install()
    return Keys(person, view, "2027-03-10")


@pytest.mark.parametrize("view", ["tag", "woche", "monat", "liste"])
def test_a_minute_that_passes_leaves_the_focus_where_it_is(desk, booked, window, view):
    grid = keys(window, view)
    grid.tab_to_entry(booked[3])
    grid.page.evaluate("document.activeElement.marked = true")
    grid.minute()
    assert grid.focused() == str(booked[3]["id"])
    assert grid.focused("marked") == "true", "what is the same is not drawn anew"
    desk.send(booked[0])
    desk.sql("UPDATE messages SET status = 'undeliverable'")
    grid.minute()
    grid.page.locator("#calendar .failed, #calendar-list .failed").first.wait_for()
    assert grid.focused() == str(booked[3]["id"])
    desk.practice.api.delete(f"/appointments/{booked[3]['id']}")
    grid.minute()
    assert grid.focused("tagName") != "BODY"


def test_the_heading_of_a_day_keeps_the_focus(desk, booked, window):
    grid = keys(window, "woche")
    grid.tab_to("active.closest('[data-date=\"2027-03-11\"]')")
    desk.book("2027-03-12T09:00")
    grid.minute()
    assert grid.page.evaluate("document.activeElement.closest('[data-date]').dataset.date") == "2027-03-11"


@pytest.mark.parametrize("view", ["tag", "liste"])
def test_a_move_is_made_and_taken_back_by_keys(desk, booked, window, view):
    grid = keys(window, view)
    page = grid.page
    grid.tab_to_entry(booked[2])
    if view == "tag":
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("link", name="Termin öffnen").wait_for()
    grid.tab_to("active.textContent.startsWith('Verschieben')")
    page.keyboard.press("Enter")
    page.locator("#calendar-dialog #startTime").wait_for()
    grid.tab_to("active.id === 'startTime'")
    # An hour's field takes digits.
    page.keyboard.type("1645")
    page.keyboard.press("Enter")
    page.get_by_text("Termin auf Mi 10.03., 16:45 verschoben.").wait_for()
    eventually(lambda: grid.focused("tagName") == "A" and page.locator("dialog[open]").count() == 0)
    page.wait_for_timeout(300)
    # It stays longer than for who has a mouse in the hand.
    page.clock.fast_forward(20_000)
    page.keyboard.press("Tab")
    assert grid.focused("textContent") == "Rückgängig"
    page.keyboard.press("Shift+Tab")
    assert grid.focused("textContent") != "Rückgängig" and grid.focused("tagName") == "A"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Zurückgenommen.").wait_for()
    eventually(lambda: grid.focused() == str(booked[2]["id"]))
    assert desk.row(booked[2])[0] == "2027-03-10T10:00"


@pytest.mark.parametrize("view", ["tag", "liste"])
def test_after_a_cancellation_the_way_back_is_the_next_key(desk, booked, window, view):
    grid = keys(window, view)
    page = grid.page
    grid.tab_to_entry(booked[2])
    if view == "tag":
        page.keyboard.press("Enter")
        page.get_by_role("dialog").get_by_role("link", name="Termin öffnen").wait_for()
    grid.tab_to("active.textContent.startsWith('Absagen')")
    page.keyboard.press("Enter")
    page.locator("#calendar-dialog form .main").wait_for()
    grid.tab_to("active.matches('#calendar-dialog form .main')")
    page.keyboard.press("Enter")
    page.get_by_text("Termin am Mi 10.03., 10:00 abgesagt.").wait_for()
    eventually(lambda: grid.focused("tagName") != "BODY" and page.locator("dialog[open]").count() == 0)
    page.wait_for_timeout(300)
    page.keyboard.press("Tab")
    assert grid.focused("textContent") == "Rückgängig"
    page.keyboard.press("Enter")
    page.get_by_text("Zurückgenommen.").wait_for()
    eventually(lambda: grid.focused() == str(booked[2]["id"]))
    assert desk.row(booked[2])[2] == "booked"


def test_who_has_a_mouse_in_the_hand_is_rid_of_the_offer_after_ten_seconds(desk, booked, window):
    grid = keys(window, "tag")
    grid.move(booked[5], "2027-03-10", "15:00")
    toast = grid.page.locator(".toast")
    toast.wait_for()
    grid.page.mouse.move(5, 5)
    grid.page.wait_for_timeout(300)
    grid.page.clock.fast_forward(10_500)
    toast.wait_for(state="detached")
