"""The stream of the log's news: what goes through it, to whom, and when it ends."""

import time

import pytest
import requests

from desk import Desk
from lines import Lines


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("stream"), "web")
    desk.program("provider", "add", "simulator", "--kind", "simulator", "--url", "simulator:")
    desk.lines = Lines(desk)
    desk.lines.message("submitted")
    yield desk
    desk.close()


def listen(person, query: str = "", **headers: str) -> requests.Response:
    answer = person.session.get(f"{person.url}/nachrichten/strom{query}", stream=True, timeout=20, headers=headers)
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["cache-control"] == "no-store"
    return answer


def events(answer: requests.Response):
    """Each event as its fields; a comment is none."""
    fields: dict[str, str] = {}
    for line in answer.iter_lines(decode_unicode=True, chunk_size=1):
        if line:
            name, _, value = line.partition(": ")
            if name:
                fields[name] = fields[name] + "\n" + value if name in fields else value
        elif fields:
            yield fields
            fields = {}


def following(stream, name: str) -> dict[str, str]:
    return next(event for event in stream if event.get("event") == name)


def test_a_browser_that_comes_back_gets_what_it_missed_and_nothing_twice(desk):
    person = desk.person("reader")
    first = events(listen(person))
    assert next(first)["retry"]
    known = following(first, "lines")
    message = desk.lines.message("submitted", seconds=1)
    news = following(first, "lines")
    assert news["data"].count("<li ") == 1 and f'id="message-{message}"' in news["data"]
    assert following(first, "lead")["data"].startswith("Heute: ")
    again = events(listen(person, **{"Last-Event-ID": news["id"]}))
    desk.lines.becomes(message, "delivered")
    told = following(again, "lines")
    assert told["data"].count("<li ") == 1 and "Nachricht erfolgreich zugestellt" in told["data"]
    missed = following(events(listen(person, **{"Last-Event-ID": known["id"]})), "lines")
    assert f'id="message-{message}"' in missed["data"]


def test_a_line_that_leaves_the_filter_is_told_of_once_more(desk):
    message = desk.lines.message("submitted", seconds=2)
    stream = events(listen(desk.person("reader"), "?status=submitted"))
    following(stream, "lines")
    desk.lines.becomes(message, "undeliverable")
    assert "Nachricht konnte nicht zugestellt werden" in following(stream, "lines")["data"]


def test_nothing_of_another_practice_goes_through_it(desk):
    other = listen(desk.person("other"))
    desk.lines.message("submitted", seconds=3)
    end = time.monotonic() + 5
    seen = b""
    for chunk in other.iter_content(chunk_size=1):
        seen += chunk
        if time.monotonic() > end or seen.endswith(b":\n\n"):
            break
    assert b"message-" not in seen and seen.startswith(b"retry: ")


def test_the_stream_ends_when_its_person_signs_out(desk):
    person = desk.person("reader")
    stream = events(listen(person))
    following(stream, "lines")
    assert person.submit("/abmelden").status_code == 303
    assert following(stream, "end")
    assert list(stream) == []
    refused = person.open("/nachrichten/strom")
    assert refused.status_code == 303 and refused.headers["location"] == "/anmelden"


def test_a_page_says_when_it_is_no_longer_live(window, desk):
    person = window("staff")
    person.open("/nachrichten")
    person.page.get_by_text("Live", exact=True).wait_for()
    desk.sql("DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = 'staff@example.org')")
    person.page.get_by_text("Nicht mehr live: Du bist abgemeldet.").wait_for(timeout=10_000)


def test_listening_keeps_no_session_alive(desk):
    person = desk.person("reader")
    then = int((time.time() - 3600) * 1000)
    desk.sql("UPDATE sessions SET seen_at = ?", then)
    following(events(listen(person)), "lines")
    assert desk.sql("SELECT DISTINCT seen_at FROM sessions") == [(then,)]
    person.open("/nachrichten")
    assert desk.sql("SELECT MAX(seen_at) FROM sessions")[0][0] > then


def test_one_person_has_six_streams_and_no_more(desk):
    person = desk.person("admin")
    held = [listen(person) for _ in range(6)]
    refused = person.session.get(person.url + "/nachrichten/strom", timeout=10)
    assert refused.status_code == 429 and refused.headers["retry-after"]
    another = desk.person("admin")
    assert another.session.get(person.url + "/nachrichten/strom", timeout=10).status_code == 429
    for answer in held:
        answer.close()
    # Who is gone is noticed at the next look.
    time.sleep(5)
    listen(another).close()


def test_the_server_ends_with_a_stream_open(tmp_path):
    desk = Desk(tmp_path, "web", VORTAG_LOG_LEVEL="info")
    try:
        answer = listen(desk.person("reader"))
        stream = answer.iter_lines(chunk_size=1)
        assert next(stream)
        begun = time.monotonic()
        assert desk.server.stop(seconds=10) == 0
        assert time.monotonic() - begun < 8
        assert any("/nachrichten/strom" in line and "200" in line for line in desk.server.log.lines)
    finally:
        desk.close()
