"""Fixtures of the browser tests: a demonstration practice, and a browser that tolerates no error and no foreign host."""

import re

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from harness.program import Program


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


class Visitor:
    """A browser window, with everything that went wrong in it."""

    def __init__(self, page, url: str):
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.note(message.text))
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("request", lambda request: self.check_host(request.url))

    def note(self, text: str):
        # Chromium writes every answer of 400 and more to the console, also those that a test asks for.
        if "the server responded with a status of" not in text:
            self.wrong.append(text)

    def check_host(self, address: str):
        if not address.startswith((self.url + "/", "data:")):
            self.wrong.append(f"request to a foreign address: {address}")

    def open(self, path: str):
        return self.page.goto(self.url + path)

    def sign_in(self, email: str, password: str):
        self.open("/anmelden")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url(self.url + "/")

    def violations(self) -> list[str]:
        found = Axe().run(self.page)["violations"]
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


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
