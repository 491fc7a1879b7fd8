"""The log of messages: its tabs, filters and histories, what comes in live, and its export."""

import contextlib
import csv
import datetime
import io

import pytest
from playwright.sync_api import Error as PlaywrightError

from desk import Desk
from harness.waiting import eventually
from lines import HOSTILE, read, written


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("log"), "web")
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def log(desk):
    return written(desk)


def day(offset: int = 0) -> str:
    return (datetime.datetime.now() + datetime.timedelta(days=offset)).date().isoformat()


def shown(person) -> list[int]:
    """The ids of the lines on the page, from the top."""
    return [int(line.get_attribute("id").split("-")[1]) for line in person.page.locator("li.message").all()]


PAGES = ["/nachrichten", "/nachrichten?tasks=1", "/nachrichten?channel=email", "/nachrichten?status=failed&from=2026-01-01",
         "/nachrichten?patient={anna}", "/nachrichten?name=niemand&from=kein-tag", "/nachrichten?name=er",
         "/nachrichten?to=2001-01-01", "/nachrichten/{failed}", "/nachrichten/{unclear}", "/nachrichten/{delivered}"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_and_state_of_the_log_is_accessible(window, log, width, scheme):
    person = window(width=width, scheme=scheme)
    names = log | {"anna": log["anna"]["id"]}
    faults = {}
    for path in PAGES:
        person.open(path.format(**names))
        for summary in person.page.locator("li.message summary").all()[:2]:
            summary.click()
            summary.locator("xpath=..").locator(".events").wait_for()
        wide = person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        heads = person.page.locator("h1").count()
        found = person.violations() + (["wider than the window"] if wide else []) + (["no heading"] if heads != 1 else [])
        if found:
            faults[path] = found
    assert faults == {}


def test_a_status_changes_live_while_the_focus_stays(window, desk, log):
    person = window("reader")
    message = desk.lines.message("submitted", desk.lines.appointment(log["anna"], 7), -1)
    person.open("/nachrichten")
    person.page.get_by_text("Live", exact=True).wait_for()
    line = person.page.locator(f"#message-{message}")
    line.locator("summary").focus()
    person.page.keyboard.press("Enter")
    line.get_by_text("sagt erst der Zustellbericht").wait_for()
    person.page.evaluate("window.sameWindow = true")
    desk.lines.becomes(message, "delivered")
    line.get_by_text("Nachricht erfolgreich zugestellt", exact=True).wait_for(timeout=10_000)
    line.get_by_text("Der Zustellbericht sagt").wait_for()
    assert person.page.evaluate("window.sameWindow") is True
    assert line.locator("summary").evaluate("element => element === document.activeElement")
    assert line.locator("details").evaluate("element => element.open")
    assert "zugestellt" in person.page.locator("#log-lead").inner_text()
    eventually(lambda: person.page.locator("#log-news").text_content() == person.page.locator("#log-lead").text_content())


def test_new_lines_come_in_at_the_top_and_never_under_somebodys_hands(window, desk, log):
    person = window("reader")
    person.open("/nachrichten?channel=sms")
    person.page.get_by_text("Live", exact=True).wait_for()
    first = desk.lines.message("submitted", seconds=0)
    person.page.locator(f"#message-{first}").wait_for(timeout=10_000)
    assert shown(person)[0] == first
    person.page.locator("li.message summary").first.focus()
    top = person.page.locator(f"#message-{first}").bounding_box()
    others = [desk.lines.message("submitted", seconds=1), desk.lines.message("submitted", seconds=2)]
    button = person.page.get_by_role("button", name="2 neue Nachrichten anzeigen")
    button.wait_for(timeout=10_000)
    assert shown(person)[0] == first
    assert person.page.locator(f"#message-{first} summary").evaluate("element => element === document.activeElement")
    assert abs(person.page.locator(f"#message-{first}").bounding_box()["y"] - top["y"]) < 80
    button.click()
    assert shown(person)[:3] == [others[1], others[0], first]
    assert not button.is_visible()
    person.page.locator(f"#message-{others[1]} summary").click()
    person.page.locator(f"#message-{others[1]} .events").wait_for()
    assert person.violations() == []


def test_the_filters_find_what_they_name(desk, log):
    person = desk.person("reader")
    for query, expected in [
        (f"from={day()}&to={day()}&status=failed", [log["ticked"], log["failed"]]),
        (f"from={day(-4)}&to={day(-2)}", [log["hostile"]]),
        ("status=open", [log["unclear"]]),
        ("status=expired", [log["hostile"]]),
        (f"patient={log['eva']['id']}", [log["unclear"], log["failed"]]),
        (f"patient={log['eva']['id']}&status=undeliverable", [log["failed"]]),
        (f"status=expired&location={desk.practice.location['id']}", [log["hostile"]]),
        ("status=failed&channel=email", []),
    ]:
        answer = person.open("/nachrichten?" + query)
        assert answer.status_code == 200 and read(answer.text) == expected, query
    assert person.open(f"/nachrichten?patient={log['eva']['id']}").text.count("Moser, Eva") > 2
    found = person.open("/nachrichten?name=gruber")
    assert found.status_code == 303 and found.headers["location"] == f"/nachrichten?patient={log['anna']['id']}"
    assert "So heißt niemand" in person.open("/nachrichten?name=xyz").text
    several = person.open("/nachrichten?name=mo").text
    assert "Wer ist gemeint?" in several and f"patient={log['eva']['id']}" in several
    assert "Schreibe den Tag so" in person.open("/nachrichten?from=31.12.").text


def test_the_first_sentence_answers(desk, log):
    person = desk.person("reader")
    lead = person.open(f"/nachrichten?from={day()}&to={day()}&patient={log['eva']['id']}").text.split("<h1")[1]
    assert "Heute: 1 nicht zugestellt, 1 unklar" in lead.split("</h1>")[0]
    lead = person.open(f"/nachrichten?from={day(-3)}&to={day(-3)}").text.split("<h1")[1]
    assert "1 nicht zugestellt" in lead.split("</h1>")[0] and "Heute" not in lead.split("</h1>")[0]


def test_everything_works_without_scripts(window, desk, log):
    person = window("staff", scripts=False)
    person.open("/nachrichten")
    assert not person.page.locator("#log-live").is_visible()
    person.page.get_by_label("Status").select_option("failed")
    person.page.get_by_role("button", name="Filtern").click()
    assert shown(person) == [log["ticked"], log["failed"], log["hostile"]]
    person.page.locator(".quick").get_by_role("link", name="Heute").click()
    assert shown(person) == [log["ticked"], log["failed"]]
    person.page.get_by_role("link", name="Filter aufheben: Nicht angekommen, alle Gründe").click()
    assert log["delivered"] in shown(person) and log["hostile"] not in shown(person)
    person.page.get_by_label("Patient:in").fill("moser")
    person.page.get_by_role("button", name="Filtern").click()
    assert shown(person) == [log["unclear"], log["failed"]]
    person.page.locator("li.message summary").first.click()
    person.page.get_by_role("link", name="Alle Schritte").first.click()
    assert f"/nachrichten/{log['unclear']}" in person.page.url
    person.open("/nachrichten")
    newest = shown(person)
    person.page.get_by_role("link", name="Ältere anzeigen").click()
    older = shown(person)
    assert len(newest) == 50 and older and not set(newest) & set(older)
    person.page.get_by_role("link", name="Zu erledigen").click()
    assert shown(person)[0] == log["unclear"]


def test_with_scripts_nothing_reloads_and_the_address_follows(window, log):
    person = window("staff")
    person.open("/nachrichten")
    person.page.evaluate("window.sameWindow = true")
    person.page.get_by_label("Status").focus()
    person.page.get_by_label("Status").select_option("failed")
    person.page.wait_for_url("**/nachrichten?status=failed")
    person.page.locator(f"#message-{log['delivered']}").wait_for(state="detached")
    assert shown(person) == [log["ticked"], log["failed"], log["hostile"]]
    assert person.page.get_by_label("Status").evaluate("element => element === document.activeElement")
    person.page.get_by_role("link", name="Zu erledigen").click()
    person.page.wait_for_url("**/nachrichten?tasks=1")
    person.page.get_by_role("heading", name="Der Termin kommt noch").wait_for()
    person.page.go_back()
    person.page.wait_for_url("**/nachrichten?status=failed")
    person.page.get_by_label("Status").wait_for()
    assert person.page.get_by_label("Status").input_value() == "failed"
    person.page.get_by_role("link", name="Alle", exact=True).click()
    person.page.get_by_role("link", name="Filter aufheben: Nicht angekommen, alle Gründe").click()
    person.page.locator(f"#message-{log['delivered']}").wait_for()
    person.page.get_by_role("link", name="Ältere anzeigen").click()
    person.page.locator("li.message").nth(60).wait_for()
    ids = shown(person)
    assert len(ids) == len(set(ids))
    assert person.page.evaluate("document.activeElement.closest('li.message') !== null")
    assert person.page.evaluate("window.sameWindow") is True


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_what_was_asked_for_last_is_shown_whatever_answer_comes_first(window, log, order):
    person = window("staff")
    person.open("/nachrichten")
    held = []
    person.page.route("**/nachrichten?*", lambda route: held.append(route))
    with person.page.expect_request("**/nachrichten?tasks=1"):
        person.page.get_by_role("link", name="Zu erledigen").click()
    with person.page.expect_request("**/nachrichten?status=failed*"):
        person.page.get_by_label("Status").select_option("failed")
    person.page.wait_for_timeout(100)
    assert ["tasks=1" in route.request.url for route in held] == [True, False]
    for which in order:
        with contextlib.suppress(PlaywrightError):
            held[which].continue_()
        person.page.wait_for_timeout(300)
    assert shown(person) == [log["ticked"], log["failed"], log["hostile"]]
    assert person.page.url.endswith("/nachrichten?status=failed")


def test_the_export_is_a_file_for_spreadsheets(desk, log):
    answer = desk.person("staff").open("/nachrichten/export.csv?status=failed")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].endswith('.csv"') and answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    head, lines = rows[0], [dict(zip(rows[0], row)) for row in rows[1:]]
    assert head[:3] == ["Nr.", "Kanal", "Anlass"] and all(len(row) == len(head) for row in rows)
    assert [int(line["Nr."]) for line in lines] == [log["ticked"], log["failed"], log["hostile"]]
    assert lines[2]["Patient:in"] == "'" + HOSTILE + ', Karl; "Kalle"'
    assert lines[2]["Text"] == "Zeile eins\nZeile zwei" and lines[2]["Status"] == "Frist für Zustellung ist abgelaufen"
    assert lines[1]["Empfänger"] == "0664 1234500" and lines[1]["Begonnen"].startswith(day())
    assert not any(cell[:1] in "=+-@\t" for row in rows for cell in row if cell)
    whole = desk.person("staff").open("/nachrichten/export.csv").content.decode("utf-8-sig")
    assert whole.count("\r\n") == desk.sql("SELECT COUNT(*) FROM messages")[0][0] + 1
    assert desk.sql("SELECT COUNT(*) FROM audit WHERE deed = 'exported' AND subject = 'message'")[0][0] == 2
    assert desk.person("reader").open("/nachrichten/export.csv").status_code == 403
    assert 'href="/nachrichten/export.csv"' not in desk.person("reader").open("/nachrichten").text
    assert len(desk.person("other").open("/nachrichten/export.csv").content.splitlines()) == 1


@pytest.mark.parametrize("ago, purpose, says, word", [
    (200, "correction", "", "Absage"), (201, "correction", "2026-01-01T10:30", "Änderung"),
    (202, "confirmation", "", "Bestätigung der Abmeldung"),
])
def test_the_export_tells_a_cancellation_from_a_change(desk, log, ago, purpose, says, word):
    message = desk.lines.message("delivered", desk.lines.appointment(log["anna"], 7), -ago * 86_400)
    desk.sql("UPDATE messages SET says_start = ? WHERE id = ?", says, message)
    desk.sql("UPDATE reminders SET purpose = ? WHERE id = (SELECT reminder_id FROM messages WHERE id = ?)", purpose, message)
    answer = desk.person("staff").open(f"/nachrichten/export.csv?from={day(-ago)}&to={day(-ago)}")
    head, line = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";")
    assert dict(zip(head, line))["Anlass"] == word


def test_who_looked_at_a_message_is_on_record(desk, log):
    def looks():
        return desk.sql("SELECT COUNT(*) FROM audit WHERE deed = 'looked' AND subject = 'message' AND subject_id = ?",
                        log["delivered"])[0][0]

    before = looks()
    person = desk.person("reader")
    page = person.open(f"/nachrichten/{log['delivered']}").text
    assert "Versand geplant" in page and "1. Versuch über simulator: übergeben" in page
    assert "Der Zustellbericht sagt" in page
    person.open(f"/nachrichten/{log['delivered']}/verlauf")
    assert looks() == before + 2
    assert desk.person("other").open(f"/nachrichten/{log['delivered']}/verlauf").status_code == 404
    assert looks() == before + 2


def test_the_two_steps_say_that_handed_over_is_not_delivered(desk, log):
    page = desk.person("reader").open(f"/nachrichten/{log['stray']}").text
    assert 'class="way done-start done-first open-second"' in page
    assert "Ob sie am Telefon angekommen ist, sagt erst der Zustellbericht." in page
