"""The call list: whom to call, who was called, and what came of it."""

import re

import pytest

import mornings
from mornings import reminded


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = mornings.practice(tmp_path_factory.mktemp("calls"))
    yield desk
    desk.close()


@pytest.fixture
def fresh(desk):
    return mornings.emptied(desk)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("path", ["/", "/anrufe"])
def test_a_call_is_ticked_off_and_opened_again(fresh, window, scripts, path):
    reminded(fresh, "Leitner", "undeliverable", mobile="+436641234591")
    reminded(fresh, "Moser", "skipped", hour=12)
    person = window("staff", scripts=scripts)
    person.open(path)
    page = person.page
    count = page.locator("nav.side .count")
    assert count.inner_text().split()[0] == "2"
    rows = page.locator("#anrufe > .calls > li")
    assert [row.locator("b").first.inner_text() for row in rows.all()] == ["Leitner, Marie", "Moser, Marie"]
    assert "Nachricht konnte nicht zugestellt werden" in rows.first.inner_text()
    assert "morgen um 10:30" in page.locator("#anrufe header").inner_text()
    assert rows.first.locator("a.number").get_attribute("href") == "tel:+436641234591"
    rows.first.get_by_role("button", name="Erreicht").click()
    page.locator("#anrufe .ticked", has_text="Leitner, Marie ist erledigt.").wait_for()
    assert rows.count() == 1 and count.inner_text().split()[0] == "1"
    told = "Eine Person solltest du anrufen." if path == "/anrufe" else "eine Person solltest du anrufen"
    assert told in page.locator(".lead").inner_text()
    if scripts:
        assert page.evaluate("document.activeElement.innerText") == "Wieder öffnen"
        assert person.violations() == []
    assert fresh.sql("SELECT note, actor FROM calls") == [("erreicht", "staff@example.org")]
    page.locator("#anrufe .ticked").get_by_role("button", name="Wieder öffnen").click()
    page.locator("#anrufe > .calls > li").nth(1).wait_for()
    assert fresh.sql("SELECT COUNT(*) FROM calls") == [(0,)]
    deeds = fresh.sql("SELECT deed FROM audit WHERE subject = 'call' ORDER BY id DESC LIMIT 2")
    assert deeds == [("deleted",), ("created",)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_of_ones_own_stands_with_who_and_when(fresh, window, scripts):
    reminded(fresh, "Leitner", "undeliverable")
    person = window("staff", scripts=scripts)
    person.open("/anrufe")
    page = person.page
    page.locator("#anrufe summary", has_text="Andere Notiz").click()
    page.get_by_label("Notiz", exact=True).fill("kommt eine Stunde später")
    page.keyboard.press("Enter")
    page.locator("#anrufe .ticked").wait_for()
    assert "Alle sind angerufen." in page.locator("#anrufe").inner_text()
    page.locator("summary", has_text="Erledigt (1)").click()
    done = page.locator(".done-calls li").inner_text()
    assert "kommt eine Stunde später" in done and "angerufen von staff@example.org, Mo 01.03., 10:" in done
    person.open("/anrufe")
    page.locator("summary", has_text="Erledigt (1)").click()
    page.get_by_role("button", name="Wieder öffnen: Leitner, Marie").click()
    page.locator("#anrufe > .calls > li").wait_for()


def test_a_note_that_is_too_long_is_not_lost(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    answer = fresh.person("staff").submit(f"/anrufe/{call['reminder']}", note="a" * 201, place="list")
    assert answer.status_code == 422 and "a" * 201 in answer.text and 'class="problem"' in answer.text


def test_who_may_do_what_with_the_list(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    path = f"/anrufe/{call['reminder']}"
    assert fresh.person("reader").submit(path, said="reached").status_code == 403
    assert "Erreicht" not in fresh.person("reader").open("/anrufe").text
    assert fresh.person("other").submit(path, said="reached").status_code == 404
    assert "Leitner" not in fresh.person("other").open("/anrufe").text
    assert fresh.person("staff").send(path, said="reached").status_code == 403, "without the form's token"
    assert fresh.person("staff").submit("/anrufe/999999", said="reached").status_code == 404
    assert fresh.sql("SELECT COUNT(*) FROM calls") == [(0,)]


def test_the_list_is_printed_without_what_paper_cannot_use(fresh, window):
    reminded(fresh, "Leitner", "undeliverable", mobile="+436641234591")
    person = window("staff")
    person.open("/anrufe")
    person.page.get_by_role("link", name="Liste drucken").click()
    page = person.page
    assert "0664 1234591" in page.locator(".sheet").inner_text()
    page.evaluate("window.print = () => { window.printed = true; }")
    page.get_by_role("button", name="Drucken").click()
    assert page.evaluate("window.printed")
    page.emulate_media(media="print")
    assert page.locator(".sheet").is_visible() and not page.locator("nav.side").is_visible()
    assert not page.get_by_role("button", name="Drucken").is_visible()
    assert page.locator(".sheet .when span").evaluate("e => e.getClientRects().length") == 1, "the moment is one line"
    page.emulate_media(media="screen")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.querySelector('.sheet').scrollWidth <= document.querySelector('.sheet').clientWidth")
    plain = window("staff", scripts=False)
    plain.open("/anrufe/drucken")
    assert "Strg und P" in plain.page.locator("main").inner_text()
    assert not plain.page.get_by_role("button", name="Drucken").is_visible()
    assert fresh.sql("SELECT deed FROM audit WHERE subject = 'call' ORDER BY id DESC LIMIT 1") == [("exported",)]


def test_the_list_is_worked_off_by_keyboard(fresh, window):
    reminded(fresh, "Leitner", "undeliverable")
    person = window("staff")
    person.open("/anrufe")
    person.page.locator("#anrufe a.number").focus()
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.innerText").startswith("Erreicht")
    person.page.keyboard.press("Enter")
    person.page.locator("#anrufe .ticked button:focus").wait_for()
    person.page.keyboard.press("Enter")
    person.page.locator("#anrufe > .calls > li").wait_for()


def test_a_message_tells_that_somebody_called(fresh):
    call = reminded(fresh, "Leitner", "undeliverable")
    staff = fresh.person("staff")
    assert staff.submit(f"/anrufe/{call['reminder']}", note="kommt später").status_code == 303
    message = fresh.sql("SELECT id FROM messages")[0][0]
    page = staff.open(f"/nachrichten/{message}").text
    assert "staff@example.org hat angerufen." in page and "kommt später" in page


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("path", ["/", "/anrufe"])
def test_what_the_second_one_wrote_is_not_lost(fresh, window, scripts, path):
    call = reminded(fresh, "Leitner", "undeliverable")
    person = window("staff", scripts=scripts)
    person.open(path)
    page = person.page
    assert fresh.person("admin").submit(f"/anrufe/{call['reminder']}", said="voicemail").status_code == 303
    page.locator("#anrufe summary", has_text="Andere Notiz").click()
    page.get_by_label("Notiz", exact=True).fill("kommt eine Stunde später")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"Leitner, Marie: admin@example.org hat um 10:\d\d schon angerufen: Mailbox")).wait_for()
    assert fresh.sql("SELECT note, actor FROM calls") == [("Mailbox", "admin@example.org")]
    assert page.get_by_label("Notiz", exact=True).input_value() == "kommt eine Stunde später"
    if scripts:
        assert page.evaluate("document.activeElement.name") == "note" and person.violations() == []
    page.get_by_role("button", name="Notiz dazuschreiben").click()
    page.locator("#anrufe .ticked").wait_for()
    assert fresh.sql("SELECT note FROM calls") == [("Mailbox · staff@example.org: kommt eine Stunde später",)]


def test_nobody_takes_back_a_tick_that_they_did_not_see(fresh, window):
    call = reminded(fresh, "Leitner", "undeliverable")
    path = f"/anrufe/{call['reminder']}"
    person = window("staff", scripts=False)
    person.open("/anrufe")
    person.page.get_by_role("button", name="Erreicht").click()
    person.page.locator("#anrufe .ticked").wait_for()
    fresh.sql("UPDATE calls SET actor = 'eva@example.org', at = at + 60000, note = 'ruft zurück'")
    person.page.locator("#anrufe .ticked").get_by_role("button", name="Wieder öffnen").click()
    told = re.compile(r"Leitner, Marie: eva@example.org hat um 10:\d\d schon angerufen: ruft zurück")
    person.page.get_by_text(told).wait_for()
    assert fresh.sql("SELECT COUNT(*) FROM calls") == [(1,)]
    assert fresh.person("staff").submit(path, undo="on", seen="").status_code == 409
