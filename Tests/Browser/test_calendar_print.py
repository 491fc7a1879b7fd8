"""A day on paper, and on the screen before it is printed."""

import pytest

from calendar_desk import CalendarDesk


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = CalendarDesk(tmp_path_factory.mktemp("calendar"))
    yield desk
    desk.close()


@pytest.fixture
def week(desk):
    return desk.week()


def test_a_day_on_paper(week, window):
    person = window("staff")
    person.open("/kalender/druck?tag=2027-03-10")
    rows = person.page.locator(".on-paper tbody tr")
    assert rows.count() == 3
    assert rows.nth(0).inner_text().split()[:2] == ["09:00–10:00", "Planer,"]
    assert "geplant" in rows.nth(0).inner_text()
    person.page.emulate_media(media="print")
    assert not person.page.locator("nav.side").is_visible()
    assert not person.page.get_by_role("button", name="Drucken").is_visible()
    assert rows.nth(2).is_visible()


@pytest.mark.parametrize("width, media", [(360, "screen"), (390, "screen"), (1280, "screen"), (718, "print")])
def test_no_word_of_a_day_on_paper_is_broken(desk, week, window, width, media):
    """718 pixels are A4 within its margins."""
    desk.book("2027-03-10T12:00", name="Leibnitz")
    desk.tell(desk.book("2027-03-10T14:00", name="Trautmannsdorff"), "cancel_asked")
    person = window("staff", width)
    person.open("/kalender/druck?tag=2027-03-10")
    person.page.emulate_media(media=media)
    broken = person.page.evaluate("""() => [...document.querySelectorAll(".on-paper :is(thead th, b, td)")].flatMap((cell) => {
        const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
        const words = [];
        for (let text; (text = texts.nextNode());) {
            for (const { 0: word, index } of text.data.matchAll(/[^\\s-]+/g)) {
                const range = document.createRange();
                range.setStart(text, index);
                range.setEnd(text, index + word.length);
                if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) words.push(word);
            }
        }
        return words;
    })""")
    assert broken == []
    assert "möchte absagen" in person.page.locator(".on-paper tr", has_text="Trautmannsdorff").inner_text()
    assert person.page.evaluate("document.querySelector('.on-paper').scrollWidth <= document.querySelector('.on-paper').clientWidth")
