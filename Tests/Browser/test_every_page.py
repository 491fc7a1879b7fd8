"""Every page at every width and in both schemes: nothing that axe finds, what WCAG 2.2 adds, nothing that shifts."""

import pytest

from every_page import FILES, EveryPage

# Not pages to look at: files to save, streams, parts that a script asks for.
PARTS = ("/strom", ".csv", ".ics", ".json")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """The fixture `window` signs people in at the server of a `desk`."""
    world = EveryPage(tmp_path_factory.mktemp("pages"))
    world.server = world.desk.server
    yield world
    world.close()


def pages(world: EveryPage) -> list[str]:
    """The address of each page that is a whole document."""
    admin = world.desk.person("admin")
    found = []
    for path, _ in world.guarded("GET"):
        if path in FILES or path.endswith(PARTS):
            continue
        address = world.address(path)
        answer = admin.open(address)
        if answer.status_code == 303:
            continue
        assert answer.status_code == 200, (address, answer.status_code)
        if "<html" in answer.text:
            found.append(address)
    assert len(found) > 25
    return found


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")])
def test_axe_finds_nothing(window, desk, width, scheme):
    person = window("admin", width, scheme)
    faults = {}
    for address in pages(desk):
        person.open(address)
        person.page.wait_for_load_state("networkidle")
        found = person.violations()
        if person.page.locator("h1").count() != 1:
            found.append(f"{person.page.locator('h1').count()} headings of the first level")
        if found:
            faults[address] = found
    assert faults == {}


@pytest.mark.parametrize("width", [360, 760, 2560])
def test_nothing_is_wider_than_the_window(window, desk, width):
    person = window("admin", width)
    wide = []
    for address in pages(desk):
        person.open(address)
        if person.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(address)
    assert wide == []


# WCAG 2.2, 2.5.8: at least 24 by 24 CSS pixels, or a circle of that diameter round its middle meets no other target.
# Exempt are links within a sentence, and what is as the browser makes it.
SMALL_TARGETS = """() => {
  const shown = (e) => { const s = getComputedStyle(e); return s.visibility !== 'hidden' && e.getClientRects().length };
  const targets = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(shown).filter((e) => !e.closest('.hidden, .skip')).map((e) => ({e, r: e.getBoundingClientRect()}))
    .filter(({r}) => r.width > 1 && r.height > 1);
  const inSentence = (e) => e.matches('a') && e.parentElement.textContent.trim().length > e.textContent.trim().length
    && getComputedStyle(e).display === 'inline';
  const near = (a, b) => {
    const x = a.x + a.width / 2, y = a.y + a.height / 2;
    const dx = Math.max(b.left - x, 0, x - b.right), dy = Math.max(b.top - y, 0, y - b.bottom);
    return Math.hypot(dx, dy) < 12;
  };
  return targets.filter(({e, r}) => (r.width < 24 || r.height < 24) && !inSentence(e)
      && !(e.matches('[type=radio], [type=checkbox]') && e.labels.length)
      && targets.some((other) => other.e !== e && !other.e.contains(e) && !e.contains(other.e) && near(r, other.r)))
    .map(({e, r}) => `${e.outerHTML.slice(0, 90)} ${Math.round(r.width)}x${Math.round(r.height)}`);
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_targets_are_large_enough_or_far_enough_apart(window, desk, width):
    person = window("admin", width)
    faults = {}
    for address in pages(desk):
        person.open(address)
        if found := person.page.evaluate(SMALL_TARGETS):
            faults[address] = found
    assert faults == {}


# WCAG 2.2, 2.4.11: what has the focus is not entirely hidden by what the page itself lays over it.
HIDDEN_FOCUS = """() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const r = e.getBoundingClientRect();
  if (r.width === 0 || r.height === 0) return null;
  const points = [[.5, .5], [.1, .1], [.9, .1], [.1, .9], [.9, .9]]
    .map(([x, y]) => [r.left + r.width * x, r.top + r.height * y]);
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (top === e || e.contains(top) || top.contains(e) || (e.labels && [...e.labels].some((l) => l.contains(top))));
  });
  return seen ? null : e.outerHTML.slice(0, 90);
}"""


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_never_hidden(window, desk, width):
    person = window("admin", width)
    faults = {}
    for address in pages(desk):
        person.open(address)
        hidden = []
        for _ in range(60):
            person.page.keyboard.press("Tab")
            if found := person.page.evaluate(HIDDEN_FOCUS):
                hidden.append(found)
            if person.page.evaluate("document.activeElement === document.body"):
                break
        if hidden:
            faults[address] = hidden
    assert faults == {}


SHIFTS = """() => new Promise((resolve) => {
  let sum = 0;
  new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value })
    .observe({type: 'layout-shift', buffered: true});
  setTimeout(() => resolve(sum), 300);
})"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts_while_a_page_loads(window, desk, width):
    person = window("admin", width)
    shifted = {}
    for address in pages(desk):
        person.open(address)
        person.page.wait_for_load_state("networkidle")
        if (sum_of := person.page.evaluate(SHIFTS)) > 0.01:
            shifted[address] = sum_of
    assert shifted == {}


def test_every_page_can_be_read_without_scripts(window, desk):
    person = window("admin", 390, scripts=False)
    for address in pages(desk):
        assert person.open(address).status == 200
        assert person.page.locator("main h1").is_visible(), address
