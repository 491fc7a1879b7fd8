"""Starts the demonstration practice on a Monday morning, waits until its reminders went out, and takes pictures."""

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/EndToEnd"))

from harness.program import Program  # noqa: E402
from harness.waiting import eventually  # noqa: E402

FOLDER = ROOT / "docs/screenshots"
# A few seconds before the reminders of the day go out.
CLOCK = "2027-03-01T06:59:57+01:00"

# Name, path, width, height, scheme.
PICTURES = [
    ("heute", "/", 1280, 900, "light"),
    ("heute-dunkel", "/", 1280, 900, "dark"),
    ("heute-telefon", "/", 390, 844, "light"),
    ("kalender", "/kalender", 1280, 900, "light"),
    ("kalender-telefon", "/kalender", 390, 844, "light"),
    ("termin", "/termine/neu?patientId=1", 1280, 1000, "light"),
    ("patient", "/patienten/1", 1280, 1000, "light"),
    ("nachrichten", "/nachrichten", 1280, 900, "light"),
    ("standort", "/einstellungen/standorte/1", 1280, 1000, "light"),
    ("hilfe", "/hilfe", 1280, 900, "light"),
]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        program = Program(Path(folder))
        try:
            program("migrate", clock=CLOCK)
            printed = program("demo", clock=CLOCK).out
            server = program.serve(clock=CLOCK)
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            pages = Pages(browser, server.url, *(re.search(rf"{word}:\s+(\S+)", printed)[1] for word in ("E-Mail", "Passwort")))
            eventually(lambda: "angekommen" in pages.lead("/"), 60, pause=1, what="the reminders of the day")
            for picture in PICTURES:
                pages.take(*picture)
                print(f"docs/screenshots/{picture[0]}.png")
        finally:
            program.close()
    return 0


class Pages:
    """A person who is signed in, window by window."""

    def __init__(self, browser, url: str, email: str, password: str):
        self.browser, self.url = browser, url
        self.credentials = (email, password)
        self.state = None

    def lead(self, path: str) -> str:
        """The sentence that a page opens with."""
        with self._window(1280, 900, "light") as page:
            page.goto(self.url + path)
            return page.locator("h1").inner_text()

    def take(self, name: str, path: str, width: int, height: int, scheme: str):
        with self._window(width, height, scheme) as page:
            page.goto(self.url + path)
            page.wait_for_load_state("load")
            page.wait_for_timeout(500)
            page.screenshot(path=str(FOLDER / f"{name}.png"))

    def _window(self, width: int, height: int, scheme: str):
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, locale="de-AT", storage_state=self.state,
        )
        page = context.new_page()
        if self.state is None:
            page.goto(self.url + "/anmelden")
            page.locator("input[type=email]").fill(self.credentials[0])
            page.locator("input[type=password]").fill(self.credentials[1])
            page.locator("main button[type=submit]").click()
            page.wait_for_url(self.url + "/")
            self.state = context.storage_state()
        return page


if __name__ == "__main__":
    sys.exit(main())
