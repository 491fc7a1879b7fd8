"""What the tests of patients' pages share: a practice with links, an appointment with its code, somebody with a phone."""

import re

import pytest
import requests

from desk import Desk
from links import code
from mails import Mails
from visitor import Visitor

ADDRESS = "http://127.0.0.1:8080"
SECRETS = ("Maria", "Huber", "Praxis am Park", "Hauptplatz", "Ring 1", "10:30", "Termin am")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    desk = Desk(tmp_path_factory.mktemp("link"), "web", VORTAG_LOG_LEVEL="info", VORTAG_PUBLIC_URL=ADDRESS)
    api = desk.practice.api
    api.patch(f"/locations/{desk.practice.location['id']}", {"address": "Ring 1, 8010 Graz"})
    assert api.patch("/practice", {"linksEnabled": True})["linksEnabled"] is True
    desk.mails = Mails(desk)
    yield desk
    desk.close()


@pytest.fixture
def booked(desk):
    """An appointment in three days, and the code of its patient's page."""
    desk.sql("DELETE FROM link_answers")
    appointment = desk.mails.appointment(desk.practice.patient(), kind="sms")
    return appointment, code(desk.program, appointment)


@pytest.fixture
def phone(desk, chromium):
    """phone(path, width, scheme, scripts): somebody who is not signed in opens a page."""
    opened = []

    def open_page(path: str, width: int = 390, scheme: str = "light", scripts: bool = True, locale: str = "de-AT"):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale=locale,
        )
        person = Visitor(context.new_page(), desk.server.url)
        opened.append((context, person))
        person.open(path)
        return person

    yield open_page
    for context, person in opened:
        context.close()
    assert [text for _, person in opened for text in person.wrong] == []


def ask(desk, path: str, method: str = "GET", **options) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, desk.server.url + path, allow_redirects=False, timeout=15, **options)


def said(desk) -> list[tuple]:
    rows = desk.sql("SELECT kind, done_at IS NOT NULL FROM link_answers ORDER BY id")
    return [] if rows == [(0,)] or rows == [(None,)] else [row for row in rows if len(row) == 2]


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index("<main"):]))
