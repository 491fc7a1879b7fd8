"""The log's tasks, what its filters refuse, and its page on a phone."""

import pytest

from desk import Desk
from lines import read, written


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("log-tasks"), "web")
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def log(desk):
    return written(desk)


def test_what_is_to_be_done_stands_first_and_what_was_ticked_last(desk, log):
    page = desk.person("reader").open("/nachrichten?tasks=1").text
    assert read(page) == [log["unclear"], log["hostile"]], "what is nearer stands in the call list"
    assert "Eine Person solltest du anrufen." in page and "Moser, Eva" in page.split('id="anrufe"')[1]
    assert "Erledigt (1)" in page and "angerufen von a," in page
    assert page.split('id="open-start"')[1][:3] == page.split('id="open-tasks"')[1][:3] == ">1<"
    other = desk.person("other").open("/nachrichten?tasks=1").text
    assert read(other) == [] and "Du musst niemanden anrufen." in other


def test_whoever_is_to_be_called_is_called_from_the_log(window, desk, log):
    person = window("staff")
    person.open("/nachrichten?tasks=1")
    page = person.page
    assert page.locator("#anrufe > .calls a.number").get_attribute("href") == "tel:+436641234500"
    page.get_by_role("button", name="Erreicht").click()
    page.locator("#anrufe .ticked").wait_for()
    assert page.locator("#log-lead").inner_text() == "Du musst niemanden anrufen."
    assert not page.locator("#open-tasks").is_visible() and not page.locator("#open-start").is_visible()
    assert person.violations() == []
    page.locator("#anrufe .ticked").get_by_role("button", name="Wieder öffnen").click()
    page.locator("#anrufe > .calls > li").wait_for()
    assert page.url.endswith("/nachrichten?tasks=1#anrufe")


def test_a_line_of_the_log_tells_who_called(desk, log):
    page = desk.person("reader").open(f"/nachrichten?patient={log['anna']['id']}&status=failed").text
    assert read(page) == [log["ticked"]] and "angerufen von a," in page


FAULTS = [("status=foo", "Diesen Status gibt es nicht."), ("location=abc", "Diesen Standort gibt es nicht."),
          ("location=99", "Diesen Standort gibt es nicht."), ("patient=x", "Diese Person gibt es nicht mehr."),
          ("channel=fax", "Diesen Kanal gibt es nicht."), ("from=2027-02-30", "Schreibe den Tag so"),
          ("name=Nix", "So heißt niemand."), ("name=mo", "So heißen mehrere."),
          ("from=2027-03-02&to=2027-03-01", "Der letzte Tag liegt vor dem ersten.")]


@pytest.mark.parametrize("query, sentence", FAULTS)
def test_what_cannot_be_looked_for_shows_nothing_and_exports_nothing(desk, log, query, sentence):
    person = desk.person("staff")
    page = person.open("/nachrichten?" + query)
    assert page.status_code == 200 and read(page.text) == [] and sentence in page.text
    assert "export.csv" not in page.text and "data-stream" not in page.text
    export = person.open("/nachrichten/export.csv?" + query)
    assert export.status_code == 422 and sentence in export.text
    if query.startswith(("location", "patient", "channel")):
        assert 'aria-label="Filter aufheben:' in page.text and 'href="/nachrichten" hx-get="/nachrichten"' in page.text


def test_on_a_phone_the_first_line_stands_on_the_screen(window, log):
    person = window(width=390)
    person.open("/nachrichten")
    page = person.page
    assert page.locator("li.message").first.bounding_box()["y"] < 500
    assert not page.get_by_label("Status").is_visible()
    page.locator(".filtering > summary").click()
    assert page.get_by_label("Status").is_visible() and person.violations() == []
    assert page.get_by_role("link", name="Als CSV herunterladen").count() == 1
    person.open("/nachrichten?status=failed")
    assert page.get_by_label("Status").is_visible()
    wide = window()
    wide.open("/nachrichten")
    assert wide.page.get_by_label("Status").is_visible() and not wide.page.locator(".filtering > summary").is_visible()


def test_the_first_sentence_counts_the_last_day_that_has_any(desk, log):
    lead = desk.person("reader").open("/nachrichten?status=expired").text.split('id="log-lead">')[1].split("</h1>")[0]
    assert lead.startswith("Heute passt noch keine Nachricht zum Filter. Zuletzt, ")
    assert lead.endswith(": 1 nicht zugestellt.")
