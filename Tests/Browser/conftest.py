"""Fixtures of the browser tests: a demonstration practice, and a browser that tolerates no error and no foreign host."""

import re

import pytest
from playwright.sync_api import sync_playwright

from desk import PASSWORD
from harness.program import Program
from visitor import Visitor


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    """A server with the demonstration practice, its address and its sign-in; the tests of one file share it."""
    program = Program(tmp_path_factory.mktemp("practice"))
    program("migrate")
    printed = program("demo").out
    server = program.serve()
    server.email = re.search(r"E-Mail:\s+(\S+)", printed)[1]
    server.password = re.search(r"Passwort:\s+(\S+)", printed)[1]
    server.program = program
    yield server
    program.close()


@pytest.fixture
def visitor(chromium, practice):
    """Opens windows: visitor(width=390, scheme="dark", scripts=False)."""
    opened = []

    def open_window(width: int = 1280, scheme: str = "light", scripts: bool = True, signed_in: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            java_script_enabled=scripts,
            locale="de-AT",
        )
        person = Visitor(context.new_page(), practice.url)
        opened.append((context, person))
        if signed_in:
            person.sign_in(practice.email, practice.password)
        return person

    yield open_window
    for context, person in opened:
        context.close()
    assert [text for _, person in opened for text in person.wrong] == []


@pytest.fixture
def window(chromium, desk):
    """window(role, width, scheme, scripts): someone of the file's own `desk` who is signed in."""
    opened = []

    def open_window(role: str = "admin", width: int = 1280, scheme: str = "light", scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale="de-AT",
        )
        person = Visitor(context.new_page(), desk.server.url)
        opened.append((context, person))
        person.sign_in(f"{role}@example.org", PASSWORD)
        return person

    yield open_window
    for context, _ in opened:
        context.close()
    assert [text for _, person in opened for text in person.wrong] == []


@pytest.fixture
def browse(chromium, desk):
    """browse(width, scheme, scripts): a window at the file's own `desk` in which nobody is signed in."""
    opened = []

    def open_window(width: int = 1280, scheme: str = "light", scripts: bool = True) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts, locale="de-AT",
        )
        person = Visitor(context.new_page(), desk.server.url)
        opened.append((context, person))
        return person

    yield open_window
    for context, _ in opened:
        context.close()
    assert [text for _, person in opened for text in person.wrong] == []
