"""What a patient sees of an e-mail, on a phone and on a desk, light and dark. Tests/Channels keeps the pages up to date."""

from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe

PAGES = sorted((Path(__file__).parent / "mail").glob("*.html"))
RULES = {"runOnly": ["wcag2a", "wcag2aa"]}


@pytest.fixture
def shown(chromium):
    """shown(html, width, scheme): the page, and the addresses that it asked for."""
    opened = []

    def show(html: str, width: int = 390, scheme: str = "light"):
        context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
        opened.append(context)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(html, wait_until="networkidle")
        return page, asked

    yield show
    for context in opened:
        context.close()


def violations(page) -> list[str]:
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in Axe().run(page, options=RULES)["violations"]]


def test_there_are_pages():
    assert [page.stem for page in PAGES] == ["cancelled", "hostile", "linked", "reminder"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_it_is_readable_everywhere_and_fetches_nothing(shown, file, width, scheme):
    page, asked = shown(file.read_text(), width, scheme)
    assert asked == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("window.hit") is None
    assert page.locator("img, script, link, iframe, object, form, svg").count() == 0
    assert violations(page) == []
    # Dark where dark is wanted: the ground is darker than the text on it, and the reverse.
    sum_of = "(element) => getComputedStyle(element)[%r].match(/\\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)"
    sheet = page.locator(".sheet")
    ground, text = sheet.evaluate(sum_of % "backgroundColor"), sheet.evaluate(sum_of % "color")
    assert (ground < text) == (scheme == "dark")


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_it_is_readable_where_a_program_drops_the_style_sheet(shown, file):
    html = file.read_text()
    start, end = html.index("<style>"), html.index("</style>")
    page, _ = shown(html[:start] + html[end:], 390, "light")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_reminder_names_day_time_and_place_first(shown):
    page, _ = shown((Path(__file__).parent / "mail/reminder.html").read_text())
    first = page.locator(".block").inner_text().split("\n")
    assert [line for line in first if line.strip()] == [
        "Wann", "Dienstag, 02.03.2027", "10:30 Uhr", "Wo", "Praxis am Ring, Ring 1, 1010 Wien",
    ]
    assert page.locator("html").get_attribute("lang") == "de"
    assert page.title() == "Terminerinnerung: Dienstag, 02.03.2027, 10:30 Uhr"
    assert page.locator("a").count() == 1


def test_faint_text_and_a_wide_page_would_be_found(shown):
    html = (Path(__file__).parent / "mail/reminder.html").read_text()
    page, _ = shown(html.replace("#1d2b28", "#b0b0b0"))
    assert violations(page)
    page, asked = shown(html.replace("<p ", '<img src="https://remote.invalid/x.png"><div style="width:900px">x</div><p ', 1))
    assert asked and page.evaluate("document.documentElement.scrollWidth") > 390
